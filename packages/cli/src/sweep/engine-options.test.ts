import { jobName, refuseUselessOptions } from './engine-options';

describe('jobName', () => {
  it.each(['/data/mine', '/data/Shapes_Paper (2)', '/data/---', `/data/${'x'.repeat(200)}`, '/'])('%j', (folder) => {
    // Kubernetes adds the index to it, at most 63 characters together.
    expect(jobName(folder)).toMatch(/^tagger(-[a-z0-9]+)+$/);
    expect(jobName(folder).length).toBeLessThanOrEqual(50);
  });

  it('differs for folders of the same name', () => {
    expect(jobName('/a/mine')).not.toBe(jobName('/b/mine'));
  });
});

const NONE = { dryRun: false, status: false, json: false };

it.each([
  { ...NONE, time: '90' },
  { ...NONE, dryRun: true, jobs: 2 },
  { ...NONE, dryRun: true, cpus: 4 },
  { ...NONE, engine: 'slurm', image: 'x' },
  { ...NONE, engine: 'slurm', threads: 2 },
  { ...NONE, engine: 'kubernetes', partition: 'x' },
  { ...NONE, engine: 'slurm', index: 3 },
  { ...NONE, index: 3, jobs: 2 },
  { ...NONE, index: 3, status: true },
  { ...NONE, status: true, dryRun: true },
] as const)('refuseUselessOptions: %j', (options) => {
  expect(() => refuseUselessOptions(options)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

it('refuseUselessOptions names all of them', () => {
  const options = { ...NONE, dryRun: true, engine: 'local', partition: 'x', image: 'y' } as const;
  expect(() => refuseUselessOptions(options)).toThrow(/--partition.*--image/);
});
