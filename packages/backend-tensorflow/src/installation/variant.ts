/** `cpu`: TensorFlow without CUDA. `cuda`: with CUDA. */
export type Variant = 'cpu' | 'cuda';

/** The command that installs TensorFlow, as a user types it. */
export const SETUP_COMMAND = 'npx taggerjs-setup-tensorflow';

/** The command that sets up a variant, as a user types it. */
export const setupCommand = (variant: Variant): string => `${SETUP_COMMAND}${variant === 'cuda' ? ' --cuda' : ''}`;
