import type { BackendInUse, BackendUnderTest } from '../backend-under-test';
import { importOptional } from './import-optional';

/** A backend of a package that may not be installed. */
export interface OptionalBackend<M> {
  /** What the report calls it. */
  readonly name: string;
  /** The package that it comes with. */
  readonly packageName: string;
  /** How it is had: one line. */
  readonly howToGet: string;
  /** Imports the package. */
  load(): Promise<M>;
  /** Makes it the current backend. Whatever it throws is why it cannot be used. */
  use(loaded: M): Promise<BackendInUse>;
  /** Frees what `use` made. @default nothing */
  tearDown?(): Promise<void>;
}

/**
 * A backend of a package that may not be installed, or not run here: whether it can be used is found by using it.
 */
export function optionalBackend<M>({
  name,
  packageName,
  howToGet,
  load,
  use,
  tearDown = async () => {},
}: OptionalBackend<M>): BackendUnderTest {
  return {
    name,
    howToGet,
    async available() {
      try {
        await use(await importOptional(packageName, load));
        await tearDown();
        return undefined;
      } catch (error) {
        return messageOf(error).replace(/\.$/, '');
      }
    },
    setUp: async () => use(await importOptional(packageName, load)),
    tearDown,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
