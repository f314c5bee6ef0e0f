import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The parts of a run that must be reproducible: the bytes of the model, and the metrics without times. */
export async function runContents(folder: string): Promise<{ model: string; metrics: unknown[] }> {
  const model = await readFile(join(folder, 'model.safetensors'));
  const lines = (await readFile(join(folder, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const metrics = lines.map((line) => {
    const { seconds: _seconds, evaluationSeconds: _own, ...record } = JSON.parse(line) as Record<string, unknown>;
    return record;
  });
  return { model: model.toString('base64'), metrics };
}
