import { describeSetup as describeWasm, useWasm, type WasmOptions } from '@taggerjs/backend-wasm';
import { describeSetup as describeWebgpu, useWebgpu } from '@taggerjs/backend-webgpu';
import { shapes } from '@taggerjs/datasets';
import { loadTagger } from '@taggerjs/experiment';
import { ladder } from '@taggerjs/ladder';
import { projected } from '@taggerjs/mapping';
import { argmaxGroups, segmentationScores } from '@taggerjs/metrics';
import { groupSoftmax } from '@taggerjs/nn';
import { bitflip } from '@taggerjs/noise';
import { createRandom } from '@taggerjs/random';
import { createTagger, initialAssignmentLogits, saveTagger, type Tagger } from '@taggerjs/tagger';
import { train, type TrainEvent, type TrainingState } from '@taggerjs/train';
import * as tf from '@tensorflow/tfjs-core';

import type {
  BackendName,
  EngineCalls,
  EngineSetup,
  GroupedImage,
  GroupRequest,
  GroupState,
  ModelDescription,
  TrainReport,
  TrainRequest,
} from './calls';
import { colorDataOf, MODEL_KINDS, type ModelName, type NoiseType } from '../models/model-kinds';

/** Number of images to evaluate on during training. */
const EVALUATED = 100;
/** How many of them are returned with their groups. */
const WATCHED = 6;
/** Iterations T in evaluations, as in the paper's tests. */
const TEST_ITERATIONS = 5;

/** The used part of a WebGPU adapter. Older browsers have `isFallbackAdapter` on the adapter itself. */
interface Adapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: { readonly isFallbackAdapter?: boolean };
}

/** Groups images and trains. It runs in a worker and knows nothing about the page. */
export class Engine implements EngineCalls {
  readonly #wasm: WasmOptions;
  #tagger: Tagger | undefined;
  #training: { readonly request: TrainRequest; readonly state: TrainingState } | undefined;
  #abort: AbortController | undefined;

  /** @param wasm options of `useWasm`; in a browser, the URLs of its files */
  constructor(wasm: WasmOptions = {}) {
    this.#wasm = wasm;
  }

  async hasWebgpu(): Promise<boolean> {
    const { gpu } = globalThis.navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } };
    const adapter = await gpu?.requestAdapter().catch(() => null);
    return adapter !== null && adapter !== undefined && !(adapter.info ?? adapter).isFallbackAdapter;
  }

  async setUp(backend: BackendName): Promise<EngineSetup> {
    if (backend === 'webgpu') return { backend, description: describeWebgpu(await useWebgpu()), lacksThreads: false };
    const { threadsLimit, ...setup } = await useWasm(this.#wasm);
    return { backend, description: describeWasm(setup), lacksThreads: threadsLimit !== undefined };
  }

  async load(weights: Uint8Array, kind: ModelName): Promise<ModelDescription> {
    const tagger = await loadTagger(weights);
    const { inputShape, noise } = tagger.config;
    if (tagger.channels > 1 || kind === 'color') {
      if (colorDataOf(inputShape, noise.type) === undefined) {
        tagger.dispose();
        throw new Error(
          `The model expects inputs of shape [${inputShape}] with noise '${noise.type}', which no images of the page fit. Load ` +
            'a model trained on Tetrominoes in color, or with Gaussian noise on Multi-dSprites in color.',
        );
      }
      this.#replace(tagger);
      return describe(tagger, 'color');
    }
    const { title, side = 0, noise: expected } = MODEL_KINDS[kind];
    if (tagger.inputSize !== side * side || noise.type !== expected) {
      tagger.dispose();
      throw new Error(
        `The model expects inputs of shape [${inputShape}] with noise '${noise.type}', but these images are ` +
          `${expected === 'bitflip' ? 'binary' : 'gray'}, ${side} x ${side}. Load a model trained on ${title}.`,
      );
    }
    this.#replace(tagger);
    return describe(tagger, kind);
  }

  async group({ inputs, segments, noise, groups, iterations, seed }: GroupRequest): Promise<GroupedImage> {
    const tagger = this.#model();
    const N = tagger.inputSize;
    if (inputs.length !== N) throw new Error(`The model expects ${N} elements, but received ${inputs.length}.`);
    const random = createRandom(seed);
    const draws = random.fork('playground', 'noise');
    let corrupted: Float32Array;
    if (tagger.config.noise.type === 'gaussian') {
      const added = draws.normal(N, { standardDeviation: noise });
      corrupted = inputs.map((x, n) => x + added[n]!);
    } else {
      const flips = draws.bernoulli(N, { probability: noise });
      corrupted = inputs.map((x, n) => (flips[n] === 1 ? 1 - x : x));
    }

    const start = performance.now();
    const tensors = tf.tidy(() => {
      const clean = tf.tensor2d(inputs, [1, N]);
      const seen = tf.tensor2d(corrupted, [1, N]);
      const keep = ['modelingError', 'assignmentLikelihood'] as const;
      return tagger.run(clean, { random, groups, iterations, corrupted: seen, keep });
    });
    const last = tensors.iterations.at(-1)!;
    await last.assignment.data();
    const millisecondsPerIteration = (performance.now() - start) / iterations;

    // The loop returns neither the initial state nor the signals that follow the last state.
    const ends = tf.tidy(() => {
      const clean = tf.tensor2d(inputs, [1, N]);
      const seen = tf.tensor2d(corrupted, [1, N]);
      const z = tf.fill([groups, 1, N], tagger.config.initialPrediction) as tf.Tensor3D;
      const size = { groups, batch: 1, inputSize: tagger.pixels };
      const { m, logM } = groupSoftmax(initialAssignmentLogits(random.fork('assignment'), size));
      return {
        prediction: z,
        assignment: m,
        cost: tagger.noise.cost(clean, z, m, logM),
        modelingError: tagger.noise.modelingError(seen, last.prediction, last.assignment, last.logAssignment),
        likelihood: tagger.noise.assignmentLikelihood(seen, last.prediction),
      };
    });
    try {
      const states: GroupState[] = [];
      for (let i = 0; i <= iterations; i++) {
        // An iteration's inputs belong to the state before it.
        const made = i === 0 ? ends : tensors.iterations[i - 1]!;
        const next = tensors.iterations[i];
        const assignment = await values(made.assignment);
        const predicted = argmaxGroups(assignment, { groups });
        states.push({
          iteration: i,
          prediction: await values(made.prediction),
          assignment,
          modelingError: await values(next?.modelingError ?? ends.modelingError),
          likelihood: await values(next?.assignmentLikelihood ?? ends.likelihood),
          cost: (await values(made.cost))[0]!,
          ami: segments && segmentationScores(segments, predicted, { size: 1 })[0]!,
        });
      }
      return { groups, corrupted, states, millisecondsPerIteration };
    } finally {
      tf.dispose([tensors, ends]);
    }
  }

  async train(request: TrainRequest, report: (report: TrainReport) => void): Promise<void> {
    const dataset = shapes({ split: 'train' });
    const before = request.from === 'before' ? this.#training : undefined;
    if (request.from === 'before' && before === undefined)
      throw new Error('There is no training to continue. Start one first.');
    if (request.from === 'nothing') this.#replace(await fresh(request, await dataset.statistics()));
    const tagger = this.#model();
    // Batch size and seed cannot change in a resumed training.
    const began = before?.request ?? request;
    this.#training = undefined;
    this.#abort = new AbortController();
    const events = train({
      tagger,
      dataset,
      validation: shapes({ split: 'validation' }),
      evaluation: {
        examples: EVALUATED,
        iterations: TEST_ITERATIONS,
        figureExamples: WATCHED,
        everySeconds: request.everySeconds,
      },
      steps: (before?.state.step ?? 0) + request.steps,
      batchSize: began.batchSize,
      seed: began.seed,
      learningRate: request.learningRate,
      adam: { beta2: 0.99 },
      signal: this.#abort.signal,
      ...(before && { resume: before.state }),
    });
    let state: (() => Promise<TrainingState>) | undefined;
    for await (const event of events) {
      if (event.type === 'start') state = event.state;
      // The state is readable until the end event: take it at an interrupt, or at the evaluation after the last step.
      if (event.type === 'interrupt' || (event.type === 'evaluation' && event.phase === 'after')) {
        this.#training = { request: began, state: await state!() };
      }
      for (const message of reportsOf(event, tagger)) report(message);
      await messagesHandled();
    }
  }

  stop(): void {
    this.#abort?.abort();
  }

  async save(): Promise<Uint8Array> {
    return saveTagger(this.#model());
  }

  #model(): Tagger {
    if (this.#tagger === undefined) throw new Error('Load a model first.');
    return this.#tagger;
  }

  #replace(tagger: Tagger): void {
    this.#tagger?.dispose();
    this.#tagger = tagger;
    this.#training = undefined;
  }
}

/** A new Tagger, configured like the recipe `shapes-quick` except for its sizes. */
async function fresh(
  { sizes, seed }: TrainRequest,
  data: { readonly mean: number; readonly standardDeviation: number },
): Promise<Tagger> {
  const [hiddenSize, ...layers] = sizes;
  return createTagger({
    inputShape: [20, 20],
    predictionInput: 'logit',
    noise: bitflip(),
    core: projected({ hiddenSize: hiddenSize!, mapping: ladder({ sizes: layers, gate: 'linear' }) }),
    data,
    seed,
  });
}

function describe(tagger: Tagger, kind: ModelName): ModelDescription {
  const { inputShape, noise, groups, iterations, core } = tagger.config;
  const { hiddenSize, mapping } = core as { hiddenSize?: number; mapping?: { sizes?: readonly number[] } };
  return {
    kind,
    inputShape,
    // Others are refused.
    noise: noise.type as NoiseType,
    parameters: Object.values(tagger.parameters()).reduce((sum, { size }) => sum + size, 0),
    groups,
    iterations,
    sizes: [hiddenSize, ...(mapping?.sizes ?? [])].filter((size) => size !== undefined).join('-'),
  };
}

function reportsOf(event: TrainEvent, tagger: Tagger): TrainReport[] {
  switch (event.type) {
    case 'start':
      return [{ type: 'start', model: describe(tagger, 'shapes'), step: event.step, steps: event.steps }];
    case 'step':
      return [{ type: 'step', step: event.step, cost: event.cost, seconds: event.seconds }];
    case 'evaluation': {
      const { iterations, examples, figure } = event.evaluation;
      const last = iterations.at(-1)!;
      const watched = figure.map(({ input, iterations }) => {
        const { prediction, assignment, ami } = iterations.at(-1)!;
        return { input, prediction, assignment, ami };
      });
      const { step, seconds } = event;
      return [{ type: 'evaluation', step, seconds, ami: last.ami!, cost: last.cost, examples, watched }];
    }
    case 'end':
      return [{ type: 'end', step: event.step, reason: event.reason }];
    default:
      return [];
  }
}

/** A copy of a tensor's values, which can be transferred to the page. */
async function values(tensor: tf.Tensor): Promise<Float32Array> {
  return Float32Array.from((await tensor.data()) as Float32Array);
}

/** Yields to the worker's event loop, so that it handles messages such as `stop`. */
function messagesHandled(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
