// Kernels in the form of TensorFlow's C API. Each operation is defined under its name in @taggerjs/nn, and registered for the
// CPU. nn has checked the shapes.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <new>
#include <vector>

#include "kernel-api.h"
#include "tensorflow/c/ops.h"

namespace taggerjs {

/** A float32 input tensor of an operation. */
struct Input {
  const float *values;
  std::vector<int64_t> shape;

  int64_t rank() const { return static_cast<int64_t>(shape.size()); }
  int64_t size() const {
    int64_t product = 1;
    for (int64_t length : shape) product *= length;
    return product;
  }
};

/** The attributes of a kernel. If one is missing, it reads as 0, and the kernel is not created. */
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction *construction) : construction_(construction), status_(TF_NewStatus()) {}
  Attributes(const Attributes &) = delete;
  ~Attributes() { TF_DeleteStatus(status_); }

  float Float(const char *name) {
    float value = 0;
    TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status_);
    Check();
    return value;
  }
  bool Bool(const char *name) {
    unsigned char value = 0;
    TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status_);
    Check();
    return value != 0;
  }
  int64_t Int(const char *name) {
    int64_t value = 0;
    TF_OpKernelConstruction_GetAttrInt64(construction_, name, &value, status_);
    Check();
    return value;
  }

 private:
  void Check() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelConstruction_Failure(construction_, status_);
  }

  TF_OpKernelConstruction *construction_;
  TF_Status *status_;
};

/** One computation: its inputs, and the outputs it creates. */
class Call {
 public:
  explicit Call(TF_OpKernelContext *context) : context_(context), status_(TF_NewStatus()) {
    const int count = TF_NumInputs(context);
    inputs_.reserve(count);
    for (int i = 0; i < count && ok(); ++i) {
      TF_Tensor *tensor = nullptr;
      TF_GetInput(context, i, &tensor, status_);
      if (!ok()) break;
      tensors_.push_back(tensor);
      Input input{static_cast<const float *>(TF_TensorData(tensor)), {}};
      for (int axis = 0; axis < TF_NumDims(tensor); ++axis) input.shape.push_back(TF_Dim(tensor, axis));
      inputs_.push_back(input);
    }
  }
  Call(const Call &) = delete;
  ~Call() {
    if (!ok()) TF_OpKernelContext_Failure(context_, status_);
    for (TF_Tensor *tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  bool ok() const { return TF_GetCode(status_) == TF_OK; }
  void Fail(TF_Code code, const char *message) { TF_SetStatus(status_, code, message); }

  int count() const { return static_cast<int>(inputs_.size()); }
  const Input &input(int i) const { return inputs_[i]; }

  /** Creates an output. Throws if memory is exhausted. */
  float *Output(int i, std::initializer_list<int64_t> shape) { return Output(i, std::vector<int64_t>(shape)); }
  float *Output(int i, const std::vector<int64_t> &shape) {
    size_t bytes = sizeof(float);
    for (int64_t length : shape) bytes *= length;
    TF_Tensor *tensor = TF_AllocateOutput(context_, i, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes, status_);
    if (tensor == nullptr || !ok()) throw std::bad_alloc();
    tensors_.push_back(tensor);
    return static_cast<float *>(TF_TensorData(tensor));
  }

 private:
  TF_OpKernelContext *context_;
  TF_Status *status_;
  std::vector<TF_Tensor *> tensors_;
  std::vector<Input> inputs_;
};

/** An operation's name, attributes, inputs and outputs in TensorFlow's syntax, such as `x: float`. */
struct Signature {
  const char *name;
  std::vector<const char *> attributes;
  std::vector<const char *> inputs;
  std::vector<const char *> outputs;
};

/**
 * Defines and registers an operation: a class `Operation`, constructed from `Attributes &`, with `void Compute(Call &)
 * const`.
 */
template <class Operation>
void Register(const Signature &signature, TF_Status *status) {
  if (TF_GetCode(status) != TF_OK) return;
  TF_OpDefinitionBuilder *definition = TF_NewOpDefinitionBuilder(signature.name);
  for (const char *attribute : signature.attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  for (const char *input : signature.inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char *output : signature.outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, [](TF_ShapeInferenceContext *context, TF_Status *problem) {
    TF_ShapeInferenceContextSetUnknownShape(context, problem);
  });
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) != TF_OK) return;

  TF_KernelBuilder *kernel = TF_NewKernelBuilder(
      signature.name, "CPU",
      [](TF_OpKernelConstruction *construction) -> void * {
        Attributes attributes(construction);
        return new Operation(attributes);
      },
      [](void *operation, TF_OpKernelContext *context) {
        Call call(context);
        if (!call.ok()) return;
        try {
          static_cast<const Operation *>(operation)->Compute(call);
        } catch (const std::bad_alloc &) {
          if (call.ok()) call.Fail(TF_RESOURCE_EXHAUSTED, "not enough memory for the result");
        }
      },
      [](void *operation) { delete static_cast<Operation *>(operation); });
  TF_RegisterKernelBuilder(signature.name, kernel, status);
}

}  // namespace taggerjs
