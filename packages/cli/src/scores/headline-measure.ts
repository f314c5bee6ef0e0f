import type { DataRecipe } from '@taggerjs/recipes';

import type { GroupingMeasure } from './grouping-measures';
import type { Scores } from './scores-table';

/**
 * The measure that papers report for this data: the AMI for Shapes and textured MNIST, and ARI-FG for scenes of objects, which are
 * all others that say what is background.
 */
export function headlineMeasure(data: DataRecipe, { iterations = [] }: Scores): GroupingMeasure {
  const measured = iterations.some(({ ariForeground }) => ariForeground !== undefined);
  return measured && !/^(shapes|texture-mnist)/.test(data.type) ? 'ariForeground' : 'ami';
}
