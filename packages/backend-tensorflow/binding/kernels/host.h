// What the binding and a library of kernels share. The binding calls kernels directly, without TensorFlow's executor, whose
// cost per call exceeds that of a small kernel.

#pragma once

#include <cstdint>

namespace taggerjs {

/** A float32 tensor, an input of a kernel. */
struct View {
  const float *values;
  const int64_t *shape;
  int rank;
  /** Unique in the process for these values: a result computed from them alone can be kept under it. */
  int64_t id;
};

/** Creates the outputs of a call. */
struct Host {
  /** Output i, uninitialized and aligned to 64 bytes; null if memory is exhausted. */
  float *(*output)(Host *, int i, const int64_t *shape, int rank);
  /** Whether the tensor of this id can still be an input. */
  bool (*exists)(Host *, int64_t id);
};

/** What a library of kernels exports, under the name `taggerjs_kernels`. */
struct Kernels {
  int count;
  const char *const *names;
  /** Starts the threads that all kernels share; `threads` includes the calling one. */
  void (*start)(int threads);
  /** Runs a kernel. Returns null, or the reason of a failure. */
  const char *(*run)(int kernel, const double *attributes, int attribute_count, const View *inputs, int input_count, Host *);
  /** The instructions for bfloat16 products that this processor has, such as `AVX512-BF16`; null without. */
  const char *(*bfloat16)();
};

}  // namespace taggerjs
