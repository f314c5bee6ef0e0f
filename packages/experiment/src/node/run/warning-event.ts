/** Something is not as expected, but training continues. Comes before the `'run'` event. */
export interface WarningEvent {
  /** Identifies the event. */
  readonly type: 'warning';
  /** Human-readable text. */
  readonly message: string;
}
