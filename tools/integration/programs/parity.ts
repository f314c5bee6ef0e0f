import { disagreements, parityCases, runParity, textReport } from '@taggerjs/parity';
import { nodeBackend } from '@taggerjs/parity/node';

async function main() {
  const report = await runParity({
    backends: [nodeBackend('cpu'), nodeBackend('wasm:1')],
    cases: parityCases().filter(({ group }) => group === 'golden'),
  });
  const wrong = disagreements(report);
  if (wrong.length > 0 || report.results.length !== 36) throw new Error(textReport(report));

  console.log('ok');
}

void main();
