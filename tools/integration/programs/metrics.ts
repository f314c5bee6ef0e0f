import { adjustedMutualInformation, adjustedRandIndex, MetricsError } from '@taggerjs/metrics';

const truth = [0, 0, 1, 1, 255];
if (adjustedMutualInformation(truth, [3, 3, 2, 2, 2]) !== 1) throw new Error('the same partition has an AMI of 1');
if (adjustedRandIndex(truth, [0, 1, 0, 1, 0]) >= 0.5) throw new Error('another partition has a low ARI');
try {
  adjustedMutualInformation([0], [0, 1]);
  throw new Error('lengths that differ are an error');
} catch (error) {
  if (!(error instanceof MetricsError)) throw error;
}

console.log('ok');
