import * as nn from '@taggerjs/nn';

/** The parts of an operation of `@taggerjs/nn` that the suite uses. */
export interface NamedOperation {
  /** The name under which a backend may register a kernel. */
  readonly kernelName: string;
}

/** All operations that `@taggerjs/nn` exports, in the order of their kernel names. */
export function nnOperations(): NamedOperation[] {
  return Object.values(nn)
    .filter((value): value is typeof value & NamedOperation => typeof value === 'function' && 'kernelName' in value)
    .sort((a, b) => (a.kernelName < b.kernelName ? -1 : 1));
}
