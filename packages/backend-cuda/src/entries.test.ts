import * as browserEntry from './index';
import * as nodeEntry from './index.node';

it('the entries export the same names for Node and for browsers', () => {
  expect(Object.keys(browserEntry).sort()).toEqual(Object.keys(nodeEntry).sort());
});

it('the browser has no TensorFlow, and says what it has', async () => {
  for (const use of [browserEntry.useTensorflow, browserEntry.useCuda]) {
    await expect(use()).rejects.toMatchObject({ code: 'NO_BACKEND', message: expect.stringMatching(/useWasm/) });
  }
});

it('says how TensorFlow is set up where it is not', async () => {
  await expect(nodeEntry.useTensorflow({ folder: '/nowhere' })).rejects.toMatchObject({
    code: 'NO_BACKEND',
    message: expect.stringMatching(/not set up in \/nowhere.*npx taggerjs-setup-tensorflow/),
  });
});
