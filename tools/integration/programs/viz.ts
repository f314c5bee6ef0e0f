import { groupFigure } from '@taggerjs/viz';

const input = Float32Array.of(1, 0, 0, 1);
const svg = groupFigure({
  inputShape: [2, 2],
  examples: [
    {
      input,
      iterations: [{ prediction: Float32Array.of(1, 0, 0, 0, 0, 0, 0, 1), assignment: new Float32Array(8).fill(0.5) }],
    },
  ],
});
if (!svg.startsWith('<svg')) throw new Error('not a picture');

console.log('ok');
