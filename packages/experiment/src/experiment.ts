/** What stands here until the package has something to say: its name. */
export function experiment(): string {
  return 'experiment';
}
