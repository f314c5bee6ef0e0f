import type * as z from 'zod';

import { closest } from './closest';
import { expectation } from './expectation';
import type { RecipeIssue } from './recipe-error';
import { componentOptions, dotted, keysOf, knownTypes, optionIndex, schemaAt, valueAt, type Path } from './schema-path';

type Issue = z.core.$ZodIssue;

/** Converts zod's issues to issues of a recipe. */
export function recipeIssues(schema: z.core.$ZodType, input: unknown, issues: readonly Issue[]): RecipeIssue[] {
  return issues.flatMap((issue) => describeIssue(schema, input, issue, issue.path));
}

function describeIssue(schema: z.core.$ZodType, input: unknown, issue: Issue, path: Path): RecipeIssue[] {
  const value = valueAt(input, path);
  const at = schemaAt(schema, input, path);

  if (issue.code === 'unrecognized_keys') {
    const keys = (at && keysOf(at, value)) ?? [];
    return issue.keys.map((key) => ({
      path: dotted([...path, key]),
      expected: `one of the keys ${keys.join(', ')}`,
      got: `the key ${JSON.stringify(key)}`,
      ...suggestion(key, keys),
    }));
  }

  if (issue.code === 'invalid_union') {
    const options = at && componentOptions(at);
    if (
      options !== undefined &&
      typeof value === 'object' &&
      value !== null &&
      (typeof valueAt(value, ['type']) === 'string' || !Object.hasOwn(options.at(-1)?.shape ?? {}, 'type'))
    ) {
      const chosen = issue.errors[optionIndex(options, value)] ?? [];
      return chosen.flatMap((inner) => describeIssue(schema, input, inner, [...path, ...inner.path]));
    }
  }

  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    // zod reports this issue at the path of the type.
    const union = schemaAt(schema, input, path.slice(0, -1));
    const types = knownTypes((union && componentOptions(union)) ?? []);
    return [
      {
        path: dotted(path),
        expected: `one of ${types.map((type) => JSON.stringify(type)).join(', ')}`,
        got: shown(value),
        ...(typeof value === 'string' ? suggestion(value, types) : {}),
      },
    ];
  }

  if (issue.code === 'custom') {
    // Defaults are not in the input. For missing values zod passes the enclosing object.
    const found = value === undefined && typeof issue.input !== 'object' ? issue.input : value;
    return [{ path: dotted(path), expected: issue.message, got: shown(found) }];
  }

  return [
    {
      path: dotted(path),
      expected: at === undefined ? issue.message : expectation(at),
      got: shown(value),
      ...(typeof value === 'string' ? suggestion(value, acceptedValues(issue)) : {}),
    },
  ];
}

/** The words that are valid for a value. */
function acceptedValues(issue: Issue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(acceptedValues);
  return issue.code === 'invalid_value' ? issue.values.map(String) : [];
}

function suggestion(word: string, candidates: readonly string[]): { suggestion?: string } {
  const meant = closest(word, candidates);
  return meant === undefined ? {} : { suggestion: meant };
}

/** A value as JSON, cut to fit on a line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
