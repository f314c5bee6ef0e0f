import type { Evaluation } from '@taggerjs/train';

/** The scores of a model with some numbers of groups and of objects in each image. */
export interface MeasuredSetting {
  /** K */
  readonly groups: number;
  /** Objects in each image; undefined if the data do not say. */
  readonly objects: number | undefined;
  readonly iterations: Evaluation['iterations'];
}

/** The numbers of groups and objects that a model was trained with. */
export type TrainedWith = Pick<MeasuredSetting, 'groups' | 'objects'>;
