/** Fails as it is loaded. */
export const value = ((): number => {
  throw new Error('broken from the start');
})();
