export {
  adjustedMutualInformation,
  type AdjustedMutualInformationOptions,
  type EntropyAverage,
} from './adjusted-mutual-information';
export { adjustedRandIndex, type AdjustedRandIndexOptions } from './adjusted-rand-index';
export { segmentationScores, type SegmentationScoresOptions } from './segmentation-scores';
export { argmaxGroups, type ArgmaxGroupsOptions } from './argmax-groups';
export { groupUsage, type GroupUsage, type GroupUsageOptions } from './group-usage';
export { classificationError, type ClassificationErrorOptions } from './classification-error';
export { confusionMatrix, type ConfusionMatrixOptions } from './confusion-matrix';
export { MetricsError, type MetricsErrorCode } from './errors';
