/**
 * The source of a kernel thread. `data` is its `KernelWork`; it calls `ready()` when it starts. It never returns to its event
 * loop and must be ended from outside.
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
