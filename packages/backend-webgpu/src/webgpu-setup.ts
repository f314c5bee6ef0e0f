import type { FeatureLevel } from './webgpu-options';

/** What `useWebgpu` set up. */
export interface WebgpuSetup {
  /** The name of the TensorFlow.js backend. */
  readonly backend: 'webgpu';
  /** The adapter, as far as it says what it is: browsers withhold much of it. */
  readonly adapter: AdapterDescription;
  /** Whether the adapter is a software rasterizer: right, and slow. */
  readonly software: boolean;
  /** How much of WebGPU the adapter offers. */
  readonly featureLevel: FeatureLevel;
  /** The limits of the device that TensorFlow.js makes use of, and those asked for. */
  readonly limits: Readonly<Record<string, number>>;
  /** Resolves with the reason when the device is lost, by a reset of the driver, say; not when the backend is removed. */
  readonly lost: Promise<string>;
}

/** What an adapter says of itself; empty where it says nothing. */
export interface AdapterDescription {
  /** Who made it, such as `nvidia`. */
  readonly vendor: string;
  /** The family of GPUs it belongs to, such as `hopper`. */
  readonly architecture: string;
  /** The device, by name or number. */
  readonly device: string;
  /** The device or its driver, for people. */
  readonly description: string;
}

/** A set-up in one line for people: `WebGPU on nvidia ampere`. */
export function describeSetup({ adapter, software, featureLevel }: WebgpuSetup): string {
  const { vendor, architecture, device, description } = adapter;
  const names = [vendor, architecture, device].filter((name) => name !== '').join(' ');
  const driver = description === '' || names === '' ? description : ` (${description})`;
  return (
    `WebGPU on ${names}${driver}${names === '' && driver === '' ? 'an adapter that says nothing of itself' : ''}` +
    `${featureLevel === 'compatibility' ? ', compatibility level' : ''}` +
    `${software ? '; a software rasterizer, for tests: other backends are faster here' : ''}`
  );
}
