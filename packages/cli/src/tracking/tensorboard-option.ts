/** Option of the commands that train. */
export const tensorboardOption = {
  tensorboard: {
    type: 'string',
    describe: 'Write metrics and pictures of groups for TensorBoard into this folder, as they come',
  },
} as const;
