import { createRequire } from 'node:module';

/** Version of this package. Read when it is needed, so that importing the package does nothing. */
export function version(): string {
  return (createRequire(import.meta.url)('@taggerjs/experiment/package.json') as { version: string }).version;
}
