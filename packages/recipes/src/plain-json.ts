import type { Json } from './json';
import { issueLine, RecipeError, type RecipeIssue } from './recipe-error';
import { dotted } from './schema-path';

/**
 * Copies a JSON value and drops keys whose value is `undefined`, as JSON.stringify does.
 *
 * @throws RecipeError `INVALID_RECIPE` for values that JSON cannot represent: functions, NaN, dates, cycles
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
    issues.push({ path: dotted(path), expected: 'a JSON value', got });
    return null;
  };
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(String(value));
  if (typeof value !== 'object') return refuse(typeof value === 'function' ? 'a function' : String(value));
  if (within.includes(value)) return refuse('a circular reference');
  const inside = [...within, value];
  if (Array.isArray(value)) return value.map((entry, i) => copyJson(entry, [...path, String(i)], inside, issues));
  // Not by the prototype, which differs for objects of another realm.
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]') return refuse(`a ${tag.slice('[object '.length, -1)}`);
  const copy: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    if (key === '__proto__') refuse('the key __proto__');
    else copy[key] = copyJson(entry, [...path, key], inside, issues);
  }
  return copy;
}

/** Freezes a value deeply and returns it. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
