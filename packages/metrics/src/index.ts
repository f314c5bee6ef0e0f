export {
  adjustedMutualInformation,
  type AdjustedMutualInformationOptions,
  type EntropyAverage,
} from './adjusted-mutual-information';
export { adjustedRandIndex, type AdjustedRandIndexOptions } from './adjusted-rand-index';
export {
  meanBestOverlap,
  meanSegmentationCovering,
  type MeanBestOverlapOptions,
  type MeanSegmentationCoveringOptions,
} from './best-overlap';
export { segmentationScores, type SegmentationScoresOptions } from './segmentation-scores';
export {
  objectDiscoveryScores,
  type ObjectDiscoveryScores,
  type ObjectDiscoveryScoresOptions,
} from './object-discovery-scores';
export { argmaxGroups, type ArgmaxGroupsOptions } from './argmax-groups';
export { groupUsage, type GroupUsage, type GroupUsageOptions } from './group-usage';
export { classificationError, type ClassificationErrorOptions } from './classification-error';
export { confusionMatrix, type ConfusionMatrixOptions } from './confusion-matrix';
export { MetricsError, type MetricsErrorCode } from './errors';
