import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder';
import { renderPng, type RenderPngOptions } from './render-png';
import { VizError } from './viz-error';

/**
 * Writes an SVG document to a file; folders are made as needed. The file is whole at any moment: the text goes to a
 * file beside it, which then takes its name.
 *
 * @param path of the file
 * @param svg the document
 * @throws VizError `WRITE_FAILED`
 */
export async function writeSvg(path: string, svg: string): Promise<void> {
  await writeWhole(path, svg);
}

/**
 * Renders an SVG document and writes it to a file as PNG, in the manner of {@link writeSvg}.
 *
 * @param path of the file
 * @param svg the document
 * @param options as of {@link renderPng}
 * @throws VizError as {@link renderPng}, or `WRITE_FAILED`
 */
export async function writePng(path: string, svg: string, options: RenderPngOptions = {}): Promise<void> {
  await writeWhole(path, await renderPng(svg, options));
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await makeFolder(dirname(path));
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VizError('WRITE_FAILED', `The picture cannot be written to ${path}: ${reason}`, { cause });
  }
}
