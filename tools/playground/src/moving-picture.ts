import { encode } from 'fast-png';

import { SIDE } from './images/drawing';
import type { GroupedImage } from './engine/calls';
import { paintGrey, paintState, type Raster } from './images/paint';

/** Seconds per iteration, and for the last one. */
const FRAME = 0.8;
const LAST = 2.4;
const PANEL = 132;
const GAP = 14;

/**
 * An animated SVG of images and their groups, iteration by iteration: the noisy inputs above, the groups in their colors below.
 * With reduced motion it shows only the last iteration.
 *
 * @param images grouped with the same number of iterations
 */
export function movingPicture(images: readonly GroupedImage[]): string {
  const states = images[0]!.states.length;
  const total = (states - 1) * FRAME + LAST;
  const percent = (seconds: number) => `${((100 * seconds) / total).toFixed(3)}%`;
  const width = images.length * (PANEL + GAP) + GAP;
  const height = 2 * PANEL + 3 * GAP + 22;

  const keyframes = Array.from({ length: states }, (_, i) => {
    const [from, to] = [i * FRAME, i === states - 1 ? total : (i + 1) * FRAME];
    const rules = [
      ...(i > 0 ? [`0%{opacity:0}`] : []),
      `${percent(from)}{opacity:1}`,
      ...(i < states - 1 ? [`${percent(to)}{opacity:0}`, `100%{opacity:0}`] : [`100%{opacity:1}`]),
    ];
    return `@keyframes f${i}{${rules.join('')}}.f${i}{opacity:${i === states - 1 ? 1 : 0}}`;
  });
  const moves = Array.from({ length: states }, (_, i) => `.f${i}{animation:f${i} ${total}s step-end infinite}`);

  const panels = images.flatMap(({ corrupted, groups, states }, column) => {
    const x = GAP + column * (PANEL + GAP);
    return [
      picture(paintGrey(corrupted), x, GAP),
      ...states.map((state, i) => picture(paintState(state, groups, 'blend'), x, 2 * GAP + PANEL, `f${i}`)),
    ];
  });
  const captions = Array.from(
    { length: states },
    (_, i) => `<text class="f${i}" x="${width / 2}" y="${height - 12}">${caption(i)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>Four groups find the shapes in noisy pictures, iteration by iteration</title>',
    '<style>',
    'image{image-rendering:pixelated}',
    'text{font:500 13px Inter,system-ui,sans-serif;fill:#aeb6c4;text-anchor:middle}',
    ...keyframes,
    `@media (prefers-reduced-motion:no-preference){${moves.join('')}}`,
    '</style>',
    `<rect width="${width}" height="${height}" rx="14" fill="#10141c"/>`,
    ...panels,
    ...captions,
    '</svg>',
    '',
  ].join('\n');
}

function caption(iteration: number): string {
  return iteration === 0 ? 'initially: random assignments' : `after ${iteration} iteration${iteration > 1 ? 's' : ''}`;
}

function picture(raster: Raster, x: number, y: number, className?: string): string {
  const png = encode({ width: SIDE, height: SIDE, data: new Uint8Array(raster.buffer), channels: 4 });
  const href = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const named = className === undefined ? '' : ` class="${className}"`;
  return `<image${named} x="${x}" y="${y}" width="${PANEL}" height="${PANEL}" href="${href}"/>`;
}
