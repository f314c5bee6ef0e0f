/** Throws while it is loading. */
export const value = ((): number => {
  throw new Error('broken from the start');
})();
