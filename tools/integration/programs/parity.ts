import { disagreements, parityCases, runParity, textReport } from '@taggerjs/parity';
import { nodeBackend } from '@taggerjs/parity/node';

async function main() {
  const report = await runParity({
    backends: [nodeBackend('cpu'), nodeBackend('wasm:1')],
    cases: parityCases().filter(({ group }) => group === 'golden'),
  });
  const wrong = disagreements(report);
  if (wrong.length > 0 || report.results.length !== 36) throw new Error(textReport(report));

  // The packages of these are not installed here: the report says so, and how to get them.
  const absent = await runParity({ backends: ['tensorflow', 'cuda', 'webgpu'].map(nodeBackend) });
  const reasons = absent.backends.map(({ unavailable }) => unavailable);
  const wanted = ['tensorflow', 'cuda', 'webgpu'].map((name) => `@taggerjs/backend-${name} is not installed`);
  if (String(reasons) !== String(wanted)) {
    throw new Error(textReport(absent));
  }

  console.log('ok');
}

void main();
