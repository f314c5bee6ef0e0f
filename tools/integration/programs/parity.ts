import { disagreements, namedBackend, parityCases, runParity, textReport } from '@taggerjs/parity';

async function main() {
  const report = await runParity({
    backends: [namedBackend('cpu'), namedBackend('wasm:1')],
    cases: parityCases().filter(({ group }) => group === 'golden'),
  });
  const wrong = disagreements(report);
  if (wrong.length > 0 || report.results.length !== 36) throw new Error(textReport(report));

  // The packages of these are not installed here: the report has the commands that install them.
  const names = ['tensorflow', 'cuda', 'webgpu'];
  const absent = await runParity({ backends: names.map((name) => namedBackend(name)) });
  absent.backends.forEach(({ unavailable }, i) => {
    if (!unavailable?.includes(`npm install @taggerjs/backend-${names[i]}`)) throw new Error(textReport(absent));
  });

  console.log('ok');
}

void main();
