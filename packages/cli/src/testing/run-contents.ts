import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What two runs have to have in common: the bytes of the model, and the metrics but for the time they took. */
export async function runContents(folder: string): Promise<{ model: string; metrics: unknown[] }> {
  const model = await readFile(join(folder, 'model.safetensors'));
  const lines = (await readFile(join(folder, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const metrics = lines.map((line) => {
    const { seconds: _seconds, evaluationSeconds: _own, ...record } = JSON.parse(line) as Record<string, unknown>;
    return record;
  });
  return { model: model.toString('base64'), metrics };
}
