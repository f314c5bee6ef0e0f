// Groups the image drawn below, and writes a figure of the groups.
//
//   group-an-image.ts                          with a small Tagger, trained here for some seconds
//   group-an-image.ts MODEL.safetensors        with a saved model for images of 20 x 20, such as one from `tagger train`
import { writeFile } from 'node:fs/promises';

import {
  bitflip,
  createTagger,
  examplesFromGrouping,
  group,
  groupFigure,
  ladder,
  projected,
  shapes,
  train,
  useWasm,
  type Tagger,
} from 'taggerjs';
import { loadTaggerFile, renderPng } from 'taggerjs/node';

const IMAGE = `
....................
....................
..#######...........
..#######...........
..##...##...........
..##...##...........
..##...##.....##....
..#######....####...
..#######...######..
...........########.
..........##########
.........###########
....................
....................
....################
.....##############.
......############..
........########....
.........######.....
..........####......
`;

const [height, width] = [20, 20];
const lines = IMAGE.trim().split('\n');
const input = Float32Array.from({ length: height * width }, (_, n) =>
  lines[Math.floor(n / width)]?.[n % width] === '#' ? 1 : 0,
);

await useWasm();
const [path] = process.argv.slice(2);
const tagger = path === undefined ? await trainedHere() : await loadTaggerFile(path);

// One input of [20 x 20] elements, row by row. `group` does not corrupt it.
const grouping = await group(tagger, input, { groups: 4, iterations: 5 });
const { segments, assignment } = grouping.iterations.at(-1)!;

// Print the winning group of each element that is 1, in lower case if its assignment is below 90 %.
for (let row = 0; row < height; row++) {
  const letters = Array.from({ length: width }, (_, column) => {
    const n = row * width + column;
    if (input[n] === 0) return '.';
    const letter = 'ABCD'[segments[n]!]!;
    const sure = assignment[segments[n]! * input.length + n]! >= 0.9;
    return sure ? letter : letter.toLowerCase();
  });
  console.log(letters.join(''));
}

const examples = examplesFromGrouping(grouping, { inputs: input });
const svg = groupFigure({ inputShape: [height, width], examples, title: 'Grouped' });
await writeFile('grouped.svg', svg);
await writeFile('grouped.png', await renderPng(svg));
console.log('The figure: grouped.svg, grouped.png');
tagger.dispose();

/** A small Tagger after a few seconds of training: it barely begins to group. For good groups, use `tagger train shapes-small`. */
async function trainedHere(): Promise<Tagger> {
  const dataset = shapes({ split: 'train' });
  const tagger = createTagger({
    inputShape: dataset.inputShape,
    noise: bitflip(),
    core: projected({ hiddenSize: 200, predictionInit: 'data', mapping: ladder({ sizes: [100, 50] }) }),
    data: await dataset.statistics(),
  });
  for await (const event of train({ tagger, dataset, steps: 150, batchSize: 20, learningRate: 2e-3 })) {
    if (event.type === 'step' && event.step % 25 === 0)
      console.log(`step ${event.step}, cost ${event.cost.toFixed(4)}`);
  }
  return tagger;
}
