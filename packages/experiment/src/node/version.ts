import { createRequire } from 'node:module';

/** Version of this package. Read on demand, so that importing the package has no side effects. */
export function version(): string {
  return (createRequire(import.meta.url)('@taggerjs/experiment/package.json') as { version: string }).version;
}
