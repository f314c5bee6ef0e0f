import type { ModelSource } from '@taggerjs/tagger';

import type { ModelName } from '../models/model-kinds';

/** On what to compute. */
export type BackendName = 'wasm' | 'webgpu';

/** What an engine computes on. */
export interface EngineSetup {
  readonly backend: BackendName;
  /** In a line: `WebAssembly SIMD, 2 threads, ...`. */
  readonly description: string;
  /** Whether there would be threads, were the page served with the headers that they need. */
  readonly lacksThreads: boolean;
}

/** A model that was loaded or made. */
export interface ModelDescription {
  readonly parameters: number;
  readonly groups: number;
  readonly iterations: number;
  /** Sizes of the core, largest first: `500-250-125`. */
  readonly sizes: string;
}

/** An image to group. */
export interface GroupRequest {
  /** Clean inputs, [N]. */
  readonly inputs: Float32Array;
  /** True segments, [N]; 255 is not scored. Undefined: no AMI. */
  readonly segments: Uint8Array | undefined;
  /** How much noise before the model sees it: a probability of bit flips, or a standard deviation, as the model's noise is. */
  readonly noise: number;
  readonly groups: number;
  readonly iterations: number;
  readonly seed: number;
}

/** What the groups believe after `iteration` iterations, and what they are told of it. Arrays are [K, N]. */
export interface GroupState {
  /** 0: before the first. */
  readonly iteration: number;
  readonly prediction: Float32Array;
  readonly assignment: Float32Array;
  readonly modelingError: Float32Array;
  readonly likelihood: Float32Array;
  /** Denoising cost against the clean image, in nats per element. */
  readonly cost: number;
  /** Adjusted mutual information with the true segments, where they are known. */
  readonly ami: number | undefined;
}

/** An image grouped. */
export interface GroupedImage {
  readonly groups: number;
  /** What the model saw, [N]. */
  readonly corrupted: Float32Array;
  /** T + 1 states. */
  readonly states: readonly GroupState[];
  /** Milliseconds from the inputs to the numbers of the last state, divided by T. */
  readonly millisecondsPerIteration: number;
}

/** How to train. */
export interface TrainRequest {
  /** Where the weights come from: normal random numbers, the model that is loaded, or the training before. */
  readonly from: 'nothing' | 'loaded' | 'before';
  /** Sizes of a new core: of the hidden layer, then of the Ladder's. */
  readonly sizes: readonly number[];
  /** Steps to make, beside those before. */
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Seconds between evaluations. */
  readonly everySeconds: number;
}

/** An image that is grouped again and again while the model is trained. Arrays are [K, N]. */
export interface WatchedImage {
  readonly input: Float32Array;
  readonly prediction: Float32Array;
  readonly assignment: Float32Array;
  readonly ami: number | undefined;
}

/** What training reports. */
export type TrainReport =
  | { readonly type: 'start'; readonly model: ModelDescription; readonly step: number; readonly steps: number }
  | { readonly type: 'step'; readonly step: number; readonly cost: number; readonly seconds: number }
  | {
      readonly type: 'evaluation';
      readonly step: number;
      readonly seconds: number;
      /** AMI at the last iteration, mean over the images evaluated on. */
      readonly ami: number;
      readonly cost: number;
      readonly examples: number;
      readonly watched: readonly WatchedImage[];
    }
  | { readonly type: 'end'; readonly step: number; readonly reason: 'steps' | 'time' | 'aborted' };

/** What a worker computes, as the page calls it. */
export interface EngineCalls {
  /** Whether the browser has a WebGPU adapter that is no software. */
  hasWebgpu(): Promise<boolean>;
  setUp(backend: BackendName): Promise<EngineSetup>;
  /** Loads a model, and refuses one of another kind. */
  load(source: ModelSource, kind: ModelName): Promise<ModelDescription>;
  group(request: GroupRequest): Promise<GroupedImage>;
  train(request: TrainRequest, report: (report: TrainReport) => void): Promise<void>;
  /** Ends the training at hand after its step. */
  stop(): void;
  /** The model at hand as a safetensors file. */
  save(): Promise<Uint8Array>;
}
