import type * as Canvas from '@napi-rs/canvas';
import { registerFonts } from './fonts';
import { VizError } from '../viz-error';

/** How {@link renderPng} renders. */
export interface RenderPngOptions {
  /** Pixels to an SVG unit. @default 2, unless `width` is given */
  readonly scale?: number | undefined;
  /** Width of the image in pixels, instead of `scale`; the height follows. */
  readonly width?: number | undefined;
  /** A CSS color beneath a picture without a ground of its own. @default none: transparent */
  readonly background?: string | undefined;
}

// Beyond this the canvas cannot be made, or takes gigabytes.
const LARGEST_SIDE = 32_767;
const MOST_PIXELS = 268_435_456;

/**
 * Renders an SVG document as a PNG image. Text in Inter, which this package's figures are set in, looks the same on
 * every machine, whatever fonts it has.
 *
 * @param svg the document, with a size
 * @param options how large, and on what
 * @returns the bytes of a PNG file
 * @throws VizError `INVALID_SVG` when the text is not an SVG document with a size, `INVALID_OPTION` when an option is
 *   out of its range or the image would be too large, `NO_CANVAS` when the canvas library or the font cannot be loaded
 */
export async function renderPng(svg: string, options: RenderPngOptions = {}): Promise<Uint8Array> {
  const { scale, width, background } = options;
  if (scale !== undefined && width !== undefined) {
    throw new VizError('INVALID_OPTION', 'renderPng: expected scale or width, got both; leave one out.');
  }
  for (const [option, value] of Object.entries({ scale, width })) {
    if (value !== undefined && !(Number.isFinite(value) && value > 0)) {
      throw new VizError('INVALID_OPTION', `renderPng: ${option}: expected a number above 0, got ${value}.`);
    }
  }
  const { createCanvas, GlobalFonts, loadImage } = await loadCanvas();
  registerFonts(GlobalFonts);

  const image = await loadImage(Buffer.from(svg, 'utf8')).catch((cause: unknown) => {
    throw new VizError('INVALID_SVG', 'renderPng: the text cannot be read as an SVG document.', { cause });
  });
  if (!(image.width > 0 && image.height > 0)) {
    throw new VizError('INVALID_SVG', 'renderPng: the SVG document has no size; give it a width and a height.');
  }
  const factor = width === undefined ? (scale ?? 2) : width / image.width;
  const columns = Math.max(1, Math.round(image.width * factor));
  const rows = Math.max(1, Math.round(image.height * factor));
  if (columns > LARGEST_SIDE || rows > LARGEST_SIDE || columns * rows > MOST_PIXELS) {
    throw new VizError(
      'INVALID_OPTION',
      `renderPng: an image of ${columns} x ${rows} pixels is too large; the sides may be ${LARGEST_SIDE} at most, and ` +
        `there may be ${MOST_PIXELS} pixels. Make the scale smaller.`,
    );
  }
  const canvas = createCanvas(columns, rows);
  const context = canvas.getContext('2d');
  if (background !== undefined) {
    fillWith(context, background);
    context.fillRect(0, 0, columns, rows);
  }
  context.drawImage(image, 0, 0, columns, rows);
  const png = await canvas.encode('png');
  return new Uint8Array(png.buffer, png.byteOffset, png.byteLength);
}

/** Sets the fill; a canvas passes over a color that it does not understand, and keeps the one it has. */
function fillWith(context: Canvas.SKRSContext2D, color: string): void {
  const taken = ['#000000', '#ffffff'].map((before) => {
    context.fillStyle = before;
    context.fillStyle = color;
    return context.fillStyle;
  });
  if (taken[0] !== taken[1]) {
    throw new VizError('INVALID_OPTION', `renderPng: background: expected a CSS color, got ${JSON.stringify(color)}.`);
  }
}

/** The canvas is loaded when it is first needed: it is a native library of some size. */
async function loadCanvas(): Promise<typeof Canvas> {
  try {
    return await import('@napi-rs/canvas');
  } catch (cause) {
    throw new VizError(
      'NO_CANVAS',
      'renderPng: @napi-rs/canvas cannot be loaded. Install it with optional dependencies, which hold the build for ' +
        `this machine (${process.platform}, ${process.arch}), or keep the SVG.`,
      { cause },
    );
  }
}
