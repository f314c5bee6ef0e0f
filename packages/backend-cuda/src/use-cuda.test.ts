import * as browserEntry from './index';
import * as nodeEntry from './index.node';
import { resolveCudaOptions } from './cuda-options';

it('exports the same names for Node and for browsers', () => {
  expect(Object.keys(browserEntry).sort()).toEqual(Object.keys(nodeEntry).sort());
});

it('refuses in a browser', async () => {
  await expect(browserEntry.useCuda()).rejects.toMatchObject({ code: 'NO_BACKEND' });
});

it('names the setup command if TensorFlow is not set up', async () => {
  await expect(nodeEntry.useCuda({ folder: '/nowhere' })).rejects.toMatchObject({
    code: 'NO_BACKEND',
    message: expect.stringContaining('npx taggerjs-setup-tensorflow --cuda'),
  });
});

it('requires the first GPU and takes memory as needed by default', () => {
  expect(resolveCudaOptions({ threads: 2 })).toEqual({
    common: { threads: 2 },
    gpu: { device: 0, memory: 'grow', required: true },
  });
});

it.each([
  { threads: -1 },
  { device: -1 },
  { device: 0.5 },
  { memory: 0 },
  { memory: 1.5 },
  { memory: 'all' as never },
  { requireGpu: 'yes' as never },
  { gpu: 0 } as never,
])('refuses %j', async (options) => {
  await expect(nodeEntry.useCuda(options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});
