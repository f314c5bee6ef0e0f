/**
 * Matches an error by its stable code, for `toThrow` and `rejects.toMatchObject`; the wording of the message is free.
 *
 * @param names what the message must name all the same: inputs, options, values
 */
export function withCode(code: string, ...names: string[]): Error {
  const message = { asymmetricMatch: (text: string) => names.every((name) => text.includes(name)) };
  return expect.objectContaining({ code, ...(names.length > 0 && { message }) }) as Error;
}
