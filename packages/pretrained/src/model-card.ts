import type { Json } from '@taggerjs/recipes';

/** Names of the pretrained models. */
export type PretrainedName = 'shapes' | 'texture-mnist-2';

/** A model card: what a pretrained model is, how it was trained, and what it reaches. */
export interface ModelCard {
  /** The name that `loadPretrained` accepts. */
  readonly name: PretrainedName;
  /** What the model does, in one or two sentences. */
  readonly description: string;
  /** Name of the file with the weights, in the safetensors format. */
  readonly file: string;
  /** Size of the file. */
  readonly bytes: number;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  /** Type of the stored parameters. */
  readonly dtype: 'float16' | 'float32';
  /** Number of trained scalar values. */
  readonly parameters: number;
  /** License of the weights. */
  readonly license: string;
  /** The complete recipe as JSON. `parseRecipe(card.recipe)` of `@taggerjs/recipes` reads it. */
  readonly recipe: Readonly<Record<string, Json>>;
  /** The command that trains the model. */
  readonly command: string;
  /** Seed of everything random in the training. */
  readonly seed: number | string;
  /** When training started, as in ISO 8601. */
  readonly started: string;
  /** The step whose weights these are. */
  readonly step: number;
  /** Hours of training up to that step. */
  readonly hours: number;
  /** The machine and the software that trained it. */
  readonly machine: {
    /** Model of the CPU. */
    readonly processor: string;
    /** The backend, with its threads and kernels. */
    readonly backend: string;
    /** Version of Node. */
    readonly node: string;
  };
  /** The commit of this project that trained it; null if it was not recorded. */
  readonly commit: string | null;
  /** The training data. */
  readonly data: {
    /** What they are. */
    readonly name: string;
    /** Their license. */
    readonly license: string;
  };
  /** Scores of the stored weights. */
  readonly evaluation: {
    /** The evaluated part of the data. */
    readonly split: 'validation' | 'test';
    /** Number of evaluated images. */
    readonly examples: number;
    /** Adjusted mutual information between groups and true segments at iterations 1, 2, ... */
    readonly ami: readonly number[];
    /** Denoising cost in nats per element at iterations 1, 2, ... */
    readonly cost: readonly number[];
    /** The largest change of an AMI from storing the weights as `dtype` instead of float32. */
    readonly largestChangeOfAmiByDtype: number;
  };
}

/** Writes a model card as Markdown, which is also readable as plain text. */
export function modelCardText(card: ModelCard): string {
  const { name, description, machine, data, evaluation, commit } = card;
  const iterations = evaluation.ami.map((_, i) => String(i + 1));
  const row = (label: string, cells: readonly string[]) =>
    `| ${label.padEnd(9)} | ${cells.map((cell) => cell.padStart(7)).join(' | ')} |`;
  return [
    `# ${name}`,
    '',
    description,
    '',
    `- Weights: \`${card.file}\`, ${card.parameters.toLocaleString('en')} parameters as ${card.dtype}, ` +
      `${(card.bytes / 1e6).toFixed(2)} MB, ${card.license} license`,
    `- SHA-256: \`${card.sha256}\``,
    `- Data: ${data.name}. License: ${data.license}.`,
    `- Training: step ${card.step.toLocaleString('en')}, ${card.hours} hours, seed ${card.seed}, started ` +
      card.started.slice(0, 10),
    `- Machine: ${machine.processor}; ${machine.backend}; Node ${machine.node}`,
    `- Commit: ${commit ?? 'not recorded'}`,
    '',
    '```sh',
    card.command,
    '```',
    '',
    `On ${evaluation.examples.toLocaleString('en')} ${evaluation.split} images, by iteration:`,
    '',
    row('iteration', iterations),
    `| --------- | ${iterations.map(() => '------:').join(' | ')} |`,
    row(
      'AMI',
      evaluation.ami.map((ami) => ami.toFixed(4)),
    ),
    row(
      'cost',
      evaluation.cost.map((cost) => cost.toFixed(4)),
    ),
    '',
  ].join('\n');
}
