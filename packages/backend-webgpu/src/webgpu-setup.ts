import type { FeatureLevel } from './webgpu-options';

/** What `useWebgpu` set up. */
export interface WebgpuSetup {
  /** The name of the TensorFlow.js backend. */
  readonly backend: 'webgpu';
  /** The adapter. Browsers withhold much of its description. */
  readonly adapter: AdapterDescription;
  /** Whether the adapter is a software rasterizer: correct, but slow. */
  readonly software: boolean;
  /** How much of WebGPU the adapter offers. */
  readonly featureLevel: FeatureLevel;
  /** The device limits that TensorFlow.js uses, and the requested ones. */
  readonly limits: Readonly<Record<string, number>>;
  /** Resolves with the reason when the device is lost, for example by a driver reset; not when the backend is removed. */
  readonly lost: Promise<string>;
}

/** An adapter's description of itself; empty strings for what it withholds. */
export interface AdapterDescription {
  /** The vendor, such as `nvidia`. */
  readonly vendor: string;
  /** The GPU family, such as `hopper`. */
  readonly architecture: string;
  /** The device, by name or number. */
  readonly device: string;
  /** The device or its driver, for people. */
  readonly description: string;
}

/** Describes a setup in one line for people: `WebGPU on nvidia ampere`. */
export function describeSetup({ adapter, software, featureLevel }: WebgpuSetup): string {
  const { vendor, architecture, device, description } = adapter;
  const names = [vendor, architecture, device].filter((name) => name !== '').join(' ');
  const driver = description === '' || names === '' ? description : ` (${description})`;
  return (
    `WebGPU on ${names}${driver}${names === '' && driver === '' ? 'an adapter without a description' : ''}` +
    `${featureLevel === 'compatibility' ? ', compatibility level' : ''}` +
    `${software ? '; a software rasterizer, for tests: other backends are faster here' : ''}`
  );
}
