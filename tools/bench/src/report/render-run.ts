import type { Run } from '../run';
import { describeSettings } from '../step-settings';
import { growthSection } from './growth-section';
import { inferenceSection } from './inference-section';
import { operationsSection } from './operations-section';
import { productsSection } from './products-section';
import { profileSection } from './profile-section';
import { stepsSection } from './steps-section';

const TITLES: Readonly<Record<Run['command'], string>> = {
  steps: 'A training step',
  profile: 'Where the time goes',
  products: 'Matrix products',
  operations: 'Operations',
  inference: 'Inference of one input',
  growth: 'Growth',
};

/** Renders a run as a section of a document. */
export function renderRun(run: Run): string {
  const { rounds, warmUp, settings, machine } = run;
  return (
    `## ${TITLES[run.command]}: ${describeSettings(settings)}\n\n${body(run)}\n` +
    `_Median of ${rounds} interleaved rounds after ${warmUp} warm-up rounds; machine load before the run: ` +
    `${machine.load}._\n`
  );
}

function body(run: Run): string {
  switch (run.command) {
    case 'steps':
      return stepsSection(run);
    case 'profile':
      return profileSection(run);
    case 'products':
      return productsSection(run);
    case 'operations':
      return operationsSection(run);
    case 'inference':
      return inferenceSection(run);
    case 'growth':
      return growthSection(run);
  }
}
