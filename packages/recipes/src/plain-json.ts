import type { Json } from './json';
import { issueLine, RecipeError, type RecipeIssue } from './recipe-error';
import { dotted } from './schema-path';

/**
 * A copy of a value that is JSON; keys whose value is `undefined` are left out, as JSON.stringify does.
 *
 * @throws RecipeError `INVALID_RECIPE` for what JSON cannot hold: functions, NaN, dates, cycles
 */
export function plainJson(value: unknown): Json {
  const issues: RecipeIssue[] = [];
  const copy = copyJson(value, [], [], issues);
  if (issues.length > 0)
    throw new RecipeError('INVALID_RECIPE', `The recipe is not JSON:\n  ${issues.map(issueLine).join('\n  ')}`, issues);
  return copy;
}

function copyJson(value: unknown, path: readonly string[], within: readonly object[], issues: RecipeIssue[]): Json {
  const refuse = (got: string) => {
    issues.push({ path: dotted(path), expected: 'a value that JSON can hold', got });
    return null;
  };
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(String(value));
  if (typeof value !== 'object') return refuse(typeof value === 'function' ? 'a function' : String(value));
  if (within.includes(value)) return refuse('an object that holds itself');
  const inside = [...within, value];
  if (Array.isArray(value)) return value.map((entry, i) => copyJson(entry, [...path, String(i)], inside, issues));
  // By the tag: objects of another realm are objects too.
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]') return refuse(`an ${tag.slice(1, -1)}`);
  const copy: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    if (key === '__proto__') refuse('a key __proto__');
    else copy[key] = copyJson(entry, [...path, key], inside, issues);
  }
  return copy;
}

/** The same value, that nobody can change any more. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
