// Calls the library of kernels without TensorFlow.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Runs a kernel with hosts that have no memory, that fail, and that work; prints the reason of each failure. Then stacks features
 * without pixels.
 */
const PROGRAM = `
#include <cstdio>
#include <stdexcept>
#include <string>
#include "kernels.cc"

using namespace taggerjs;

static float result[16];

using Output = float *(*)(Host *, int, const int64_t *, int);

static void Run(const char *name, const double *attributes, int attribute_count, const View &input, Output output) {
  Host host = {output, [](Host *, int64_t) { return true; }};
  const Kernels *kernels = taggerjs_kernels();
  int kernel = 0;
  while (std::string(kernels->names[kernel]) != name) ++kernel;
  const char *problem = kernels->run(kernel, attributes, attribute_count, &input, 1, &host);
  std::puts(problem == nullptr ? "none" : problem);
}

static void Try(Output output) {
  static const float values[4] = {1, -2, 3, 4};
  static const int64_t shape[2] = {2, 2};
  Run("TaggerRelu", nullptr, 0, {values, shape, 2, 1}, output);
}

int main() {
  Try([](Host *, int, const int64_t *, int) -> float * { return nullptr; });
  Try([](Host *, int, const int64_t *, int) -> float * { throw std::out_of_range("no such output"); });
  Try([](Host *, int, const int64_t *, int) { return result; });
  std::printf("%g %g\\n", result[0], result[1]);
  const double pixels = 0;
  const int64_t shape[3] = {2, 3, 0};
  Run("TaggerStackFeaturesOfChannels", &pixels, 1, {result, shape, 3, 1}, [](Host *, int, const int64_t *, int) { return result; });
}
`;

it('kernels give the reason of a failure, which is memory only if memory is exhausted, and accept no pixels', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagger-kernels-'));
  try {
    const [source, program] = [join(folder, 'main.cc'), join(folder, 'main')];
    await writeFile(source, PROGRAM);
    const kernels = resolve(__dirname, '../binding/kernels');
    const compiler = process.env['CXX'] ?? 'c++';
    execFileSync(compiler, ['-std=c++17', '-pthread', '-I', kernels, source, '-o', program]);
    const [exhausted, failed, worked, values, empty] = execFileSync(program, { encoding: 'utf8' }).split('\n');
    expect(exhausted).toContain('memory');
    expect(failed).toContain('no such output');
    expect(failed).not.toContain('memory');
    expect(worked).toBe('none');
    expect(values).toBe('1 0');
    expect(empty).toBe('none');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);
