/**
 * The program of a thread of ours, where `data` is its `KernelWork` and `ready()` says that it begins. It never returns
 * to its event loop: it is ended from outside.
 */
export const KERNEL_THREAD_SOURCE = `
  const { module, memory, control, thread } = data;
  const { work, fail } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  ready();
  for (;;) {
    try {
      work(control, thread);
    } catch {
      fail(control);
    }
  }
`;
