import { modelCard, modelCardText, pretrainedModels } from '@taggerjs/pretrained';

import type { CommandContext } from '../command-context';

/** Lists the pretrained models, or prints the model card of one. */
export function printPretrained(name: string | undefined, json: boolean, { output }: CommandContext): void {
  if (name !== undefined) {
    const card = modelCard(name);
    output.print(json ? JSON.stringify(card, null, 2) : modelCardText(card).trimEnd());
    return;
  }
  if (json) {
    output.print(JSON.stringify(pretrainedModels, null, 2));
    return;
  }
  const width = Math.max(...Object.keys(pretrainedModels).map((key) => key.length)) + 2;
  for (const { name, bytes, evaluation, description } of Object.values(pretrainedModels)) {
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    const score = `AMI ${(evaluation.ami.at(-1) as number).toFixed(2)}`;
    output.print(`${name.padEnd(width)}${size.padStart(7)}  ${score}  ${description}`);
  }
  output.print();
  output.print('To use one: tagger group pretrained:shapes IMAGE, or evaluate, show, export, train --from.');
}
