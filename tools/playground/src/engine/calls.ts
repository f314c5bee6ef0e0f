import type { ModelName, NoiseType } from '../models/model-kinds';

/** A backend. */
export type BackendName = 'wasm' | 'webgpu';

/** The backend of an engine. */
export interface EngineSetup {
  readonly backend: BackendName;
  /** One line: `WebAssembly SIMD, 2 threads, ...`. */
  readonly description: string;
  /** Whether there is only one thread because the page lacks the headers for cross-origin isolation. */
  readonly lacksThreads: boolean;
}

/** The engine's model. */
export interface ModelDescription {
  readonly kind: ModelName;
  /** [rows, columns], or [rows, columns, 3]. */
  readonly inputShape: readonly number[];
  readonly noise: NoiseType;
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
  /** True segments, [P]; 255 is not scored. Undefined: no AMI. */
  readonly segments: Uint8Array | undefined;
  /** Amount of noise to add: the probability of a bit flip, or a standard deviation, depending on the model's noise. */
  readonly noise: number;
  readonly groups: number;
  readonly iterations: number;
  readonly seed: number;
}

/**
 * The groups after `iteration` iterations, and the two signals that they receive next. Predictions and modeling errors are
 * [K, N], assignments and likelihoods [K, P]: N = 3 P in color images, otherwise P.
 */
export interface GroupState {
  /** 0: the initial state. */
  readonly iteration: number;
  readonly prediction: Float32Array;
  readonly assignment: Float32Array;
  readonly modelingError: Float32Array;
  readonly likelihood: Float32Array;
  /** Denoising cost against the clean image, in nats per element. */
  readonly cost: number;
  /** Adjusted mutual information with the true segments, if they are known. */
  readonly ami: number | undefined;
}

/** The groups of an image. */
export interface GroupedImage {
  readonly groups: number;
  /** The noisy input that the model saw, [N]. */
  readonly corrupted: Float32Array;
  /** T + 1 states. */
  readonly states: readonly GroupState[];
  /** Time from the inputs to the values of the last state, divided by T, in milliseconds. */
  readonly millisecondsPerIteration: number;
}

/** How to train. */
export interface TrainRequest {
  /** Initial weights: random, the loaded model, or the previous training, which is resumed. */
  readonly from: 'nothing' | 'loaded' | 'before';
  /** Sizes of a new core: the hidden size, then the Ladder's layers. */
  readonly sizes: readonly number[];
  /** Number of additional steps. */
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Seconds between evaluations. */
  readonly everySeconds: number;
}

/** An image that is grouped at each evaluation during training. Arrays are [K, N]. */
export interface WatchedImage {
  readonly input: Float32Array;
  readonly prediction: Float32Array;
  readonly assignment: Float32Array;
  readonly ami: number | undefined;
}

/** A message from training. */
export type TrainReport =
  | { readonly type: 'start'; readonly model: ModelDescription; readonly step: number; readonly steps: number }
  | { readonly type: 'step'; readonly step: number; readonly cost: number; readonly seconds: number }
  | {
      readonly type: 'evaluation';
      readonly step: number;
      readonly seconds: number;
      /** AMI at the last iteration, mean over the evaluated images. */
      readonly ami: number;
      readonly cost: number;
      readonly examples: number;
      readonly watched: readonly WatchedImage[];
    }
  | { readonly type: 'end'; readonly step: number; readonly reason: 'steps' | 'time' | 'aborted' };

/** The worker's interface for the page. */
export interface EngineCalls {
  /** Whether the browser has a WebGPU adapter that is not a software rasterizer. */
  hasWebgpu(): Promise<boolean>;
  setUp(backend: BackendName): Promise<EngineSetup>;
  /** Loads a model file: one of color images, or one that fits the images of `kind`. Throws if it is neither. */
  load(weights: Uint8Array, kind: ModelName): Promise<ModelDescription>;
  group(request: GroupRequest): Promise<GroupedImage>;
  train(request: TrainRequest, report: (report: TrainReport) => void): Promise<void>;
  /** Stops training after the current step. */
  stop(): void;
  /** The current model as a safetensors file. */
  save(): Promise<Uint8Array>;
}
