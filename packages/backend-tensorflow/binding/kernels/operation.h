// Kernels: classes that are constructed from the attributes of a call, and compute its outputs from its inputs. nn has checked
// the shapes.

#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <new>
#include <vector>

#include "host.h"

namespace taggerjs {

/** A float32 input tensor of an operation. */
struct Input {
  const float *values;
  std::vector<int64_t> shape;
  int64_t id = 0;

  int64_t rank() const { return static_cast<int64_t>(shape.size()); }
  int64_t size() const {
    int64_t product = 1;
    for (int64_t length : shape) product *= length;
    return product;
  }
};

/** The attributes of a call: numbers, in the order in which a kernel reads them. */
class Attributes {
 public:
  Attributes(const double *values, int count) : next_(values), end_(values + count) {}

  double Double() { return next_ < end_ ? *next_++ : 0; }
  float Float() { return static_cast<float>(Double()); }
  bool Bool() { return Double() != 0; }
  int64_t Int() { return static_cast<int64_t>(Double()); }

 private:
  const double *next_, *end_;
};

/** One computation: its inputs, and the outputs it creates. */
class Call {
 public:
  Call(const View *inputs, int count, Host *host) : host_(host) {
    inputs_.reserve(count);
    for (int i = 0; i < count; ++i) {
      inputs_.push_back({inputs[i].values, {inputs[i].shape, inputs[i].shape + inputs[i].rank}, inputs[i].id});
    }
  }

  int count() const { return static_cast<int>(inputs_.size()); }
  const Input &input(int i) const { return inputs_[i]; }

  /** Creates an output. Throws if memory is exhausted. */
  float *Output(int i, std::initializer_list<int64_t> shape) { return Output(i, std::vector<int64_t>(shape)); }
  float *Output(int i, const std::vector<int64_t> &shape) {
    float *values = host_->output(host_, i, shape.data(), static_cast<int>(shape.size()));
    if (values == nullptr) throw std::bad_alloc();
    return values;
  }

  /** Whether the tensor of this id can still be an input of a call. */
  bool Exists(int64_t id) const { return host_->exists(host_, id); }

 private:
  Host *host_;
  std::vector<Input> inputs_;
};

/** A kernel, by its name in @taggerjs/nn. */
struct Kernel {
  const char *name;
  void (*compute)(Attributes &, Call &);
};

/** The kernel of a class `Operation`, constructed from `Attributes &`, with `void Compute(Call &) const`. */
template <class Operation>
constexpr Kernel Define(const char *name) {
  return {name, [](Attributes &attributes, Call &call) { Operation(attributes).Compute(call); }};
}

}  // namespace taggerjs
