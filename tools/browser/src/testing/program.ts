/** The program for the tests of `openPage`. */
export const add = (a: number, b: number): number => a + b;

export const same = <T>(value: T): T => value;

export const isIsolated = (): boolean => globalThis.crossOriginIsolated;

export const isWorker = (): boolean => typeof document === 'undefined';

export function fail(message: string): never {
  throw new RangeError(message);
}

export function logError(message: string): void {
  console.error(message);
}

export function warn(message: string): void {
  console.warn(message);
}

export async function rejectUnhandled(message: string): Promise<void> {
  void Promise.reject(new Error(message));
  await soon();
}

export async function throwLater(message: string): Promise<void> {
  setTimeout(() => {
    throw new Error(message);
  });
  await soon();
}

export async function fetchText(path: string): Promise<string> {
  const response = await fetch(path);
  return response.text();
}

export async function postFromNestedWorker(): Promise<string> {
  const url = URL.createObjectURL(new Blob([`postMessage('nested')`], { type: 'text/javascript' }));
  const worker = new Worker(url);
  return new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data as string)));
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
