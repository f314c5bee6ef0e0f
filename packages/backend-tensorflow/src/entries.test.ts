import * as browserEntry from './index';
import * as nodeEntry from './index.node';

it('exports the same names for Node and for browsers', () => {
  expect(Object.keys(browserEntry).sort()).toEqual(Object.keys(nodeEntry).sort());
});

it('refuses in a browser', async () => {
  await expect(browserEntry.useTensorflow()).rejects.toMatchObject({ code: 'NO_BACKEND' });
});

it('names the setup command if TensorFlow is not set up', async () => {
  await expect(nodeEntry.useTensorflow({ folder: '/nowhere' })).rejects.toMatchObject({
    code: 'NO_BACKEND',
    message: expect.stringContaining('npx taggerjs-setup-tensorflow'),
  });
});

it('refuses unknown options', async () => {
  await expect(nodeEntry.useTensorflow({ device: 1 } as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});
