/** Computes a training step or an inference, and resolves to its cost when the device is done. */
export type Step = () => Promise<number>;
