import { type IJob, Job } from 'kubernetes-models/batch/v1/Job';

import { kubernetesJob } from './job';

const OPTIONS = { image: 'registry.example/tagger:1', volumeClaim: 'sweeps', cpus: 2, memory: '4G', jobs: 3 };
const WORDS = ['sweep', '/data/mine', '--threads', '2'];
const job = (options: Partial<Parameters<typeof kubernetesJob>[4]> = {}) =>
  kubernetesJob('/data/mine', 20, WORDS, [], { ...OPTIONS, ...options });

/** A type whose fields are all known to another. The schemas accept unknown fields; the compiler does not. */
type Known<T, Schema> = T extends object
  ? { [K in keyof T]: K extends keyof Schema ? Known<T[K], NonNullable<Schema[K]>> : never }
  : T;

describe('kubernetesJob', () => {
  it('has no fields that the API does not have', () => {
    const known: Known<ReturnType<typeof kubernetesJob>, IJob> = job();
    expect(known.kind).toBe('Job');
  });

  it('is valid by the schema of the API', () => {
    new Job(job()).validate();
    new Job(job({ user: { uid: 1000, gid: 1000 } })).validate();
  });

  it.each([
    ['a number as text', { completions: '20' }],
    ['a rule without an action', { podFailurePolicy: { rules: [{}] } }],
    ['no template', { template: undefined }],
  ])('the schema of the API refuses %s', (_, change) => {
    const changed = { ...job(), spec: { ...job().spec, ...change } };
    expect(() => new Job(changed as never).validate()).toThrow();
  });

  it('has one index per run, and a pod for each', () => {
    const { spec } = job();
    expect(spec).toMatchObject({ completionMode: 'Indexed', completions: 20, parallelism: 3 });
    expect(spec.template.spec.containers[0]?.args).toEqual([...WORDS, '--index', '$(JOB_COMPLETION_INDEX)']);
  });

  it('fails an index with a bad configuration, and retries evictions and SIGTERM', () => {
    const [mistake, eviction, terminated] = job().spec.podFailurePolicy.rules;
    expect(mistake).toMatchObject({ action: 'FailIndex', onExitCodes: { operator: 'In', values: [2] } });
    expect(eviction).toMatchObject({ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] });
    expect(terminated).toMatchObject({ action: 'Ignore', onExitCodes: { operator: 'In', values: [143] } });
  });

  it('mounts the volume where this machine has it', () => {
    const { containers, volumes } = job().spec.template.spec;
    expect(containers[0]?.volumeMounts).toEqual([{ name: 'sweeps', mountPath: '/data' }]);
    expect(volumes).toEqual([{ name: 'sweeps', persistentVolumeClaim: { claimName: 'sweeps' } }]);
  });

  it('requests what each run needs', () => {
    const resources = { cpu: '2', memory: '4Gi' };
    expect(job().spec.template.spec.containers[0]?.resources).toEqual({ requests: resources, limits: resources });
  });

  it('keeps words that look like variables', () => {
    const { args } = kubernetesJob('/data/$(x)', 1, ['sweep', '/data/$(x)'], [], OPTIONS).spec.template.spec
      .containers[0]!;
    expect(args[1]).toBe('/data/$$(x)');
  });

  it.each([
    ['a path outside of the volume', () => kubernetesJob('/data/mine', 1, WORDS, ['/home/me/recipe.json'], OPTIONS)],
    ['a volume elsewhere', () => job({ volumePath: '/mnt' })],
    ['a size', () => job({ memory: 'much' })],
    ['the name of a claim', () => job({ volumeClaim: 'My Claim' })],
  ])('refuses %s', (_, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
