import type * as Canvas from '@napi-rs/canvas';
import { registerFonts } from './fonts';
import { VizError } from '../viz-error';

/** Options of {@link renderPng}. */
export interface RenderPngOptions {
  /** Pixels per SVG unit. @default 2, unless `width` is given */
  readonly scale?: number | undefined;
  /** Width of the image in pixels, instead of `scale`. Keeps the aspect ratio. */
  readonly width?: number | undefined;
  /** CSS color of the background, for documents without one. @default transparent */
  readonly background?: string | undefined;
}

// A larger canvas cannot be created, or takes gigabytes.
const LARGEST_SIDE = 32_767;
const MOST_PIXELS = 268_435_456;

/**
 * Renders an SVG document as a PNG image. Text in Inter, the font of this package's figures, looks the same on every machine,
 * regardless of the installed fonts.
 *
 * @param svg the document, which must have a size
 * @param options size and background
 * @returns the bytes of a PNG file
 * @throws VizError `INVALID_SVG` when the text is not an SVG document with a size, `INVALID_OPTION` when an option is
 *   out of range or the image would be too large, `NO_CANVAS` when the canvas library or the font cannot be loaded
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
      `renderPng: an image of ${columns} x ${rows} pixels is too large: at most ${LARGEST_SIDE} per side and ` +
        `${MOST_PIXELS} in total. Reduce the scale.`,
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

/** Sets the fill. A canvas ignores an invalid color, so this tries twice, after two different fills. */
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

/** Loads the canvas on first use, because it is a large native library. */
async function loadCanvas(): Promise<typeof Canvas> {
  try {
    return await import('@napi-rs/canvas');
  } catch (cause) {
    throw new VizError(
      'NO_CANVAS',
      'renderPng: @napi-rs/canvas cannot be loaded. Install it with optional dependencies, which include the build for ' +
        `this machine (${process.platform}, ${process.arch}), or keep the SVG.`,
      { cause },
    );
  }
}
