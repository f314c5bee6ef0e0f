// The Node-API module of @taggerjs/backend-tensorflow: the binding of @tensorflow/tfjs-node, compiled from that package's
// unchanged sources. It adds what the binding lacks: a context with options, the devices with their memory, and the reasons
// why there is no GPU.
//
// The sources of tfjs-node create a context with default options when they are loaded. This module creates the context first,
// from a serialized ConfigProto, and substitutes it for theirs: `TFE_NewContext` below is a macro while they are compiled.

#include <dlfcn.h>
#include <node_api.h>
#include <stdlib.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <unordered_map>
#include <vector>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

#include "kernels/host.h"
#include "memory.h"

extern "C" {
// From tensorflow/c/eager/c_api_experimental.h, which includes headers that an installation does not have.
void *TFE_TensorHandleDevicePointer(TFE_TensorHandle *, TF_Status *);
}

namespace taggerjs {

/** The context for the next tfjs-node backend. One thread creates both, one after the other. */
static thread_local TFE_Context *next_context = nullptr;

static TFE_Context *TakeContext() {
  TFE_Context *context = next_context;
  next_context = nullptr;
  return context;
}

}  // namespace taggerjs

// Their module would register itself with this macro. Ours does so, at the end.
#undef NAPI_MODULE
#define NAPI_MODULE(name, initialize)
#define TFE_NewContext(options, status) taggerjs::TakeContext()
#include "tfjs_backend.cc"
#include "tfjs_binding.cc"
#undef TFE_NewContext

namespace taggerjs {

/** Must be equal to BINDING_VERSION in src/node/installation.ts, which documents when to raise it. */
constexpr int32_t kBindingVersion = 1;

static napi_value Text(napi_env env, const std::string &text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text.c_str(), text.size(), &value);
  return value;
}

static napi_value Number(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return value;
}

static void Set(napi_env env, napi_value object, const char *name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}

static napi_value Throw(napi_env env, const std::string &message) {
  napi_throw_error(env, nullptr, message.c_str());
  return nullptr;
}

/** The devices of a context, as [{ name, type, memoryBytes }]. */
static napi_value Devices(napi_env env, TFE_Context *context, TF_Status *status) {
  TF_DeviceList *list = TFE_ContextListDevices(context, status);
  if (TF_GetCode(status) != TF_OK) return Throw(env, TF_Message(status));
  napi_value devices;
  const int count = TF_DeviceListCount(list);
  napi_create_array_with_length(env, count, &devices);
  for (int i = 0; i < count; ++i) {
    napi_value device;
    napi_create_object(env, &device);
    Set(env, device, "name", Text(env, TF_DeviceListName(list, i, status)));
    Set(env, device, "type", Text(env, TF_DeviceListType(list, i, status)));
    Set(env, device, "memoryBytes", Number(env, static_cast<double>(TF_DeviceListMemoryBytes(list, i, status))));
    napi_set_element(env, devices, i, device);
  }
  TF_DeleteDeviceList(list);
  return devices;
}

/**
 * create(config: Uint8Array): creates the context, and the backend of tfjs-node in it. Returns
 * { backend: the exports of tfjs-node's binding, devices }.
 *
 * config: a serialized tensorflow.ConfigProto.
 */
static napi_value Create(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value config;
  napi_get_cb_info(env, info, &argc, &config, nullptr, nullptr);
  void *bytes = nullptr;
  size_t length = 0;
  napi_typedarray_type type;
  if (argc != 1 || napi_get_typedarray_info(env, config, &type, &length, &bytes, nullptr, nullptr) != napi_ok) {
    return Throw(env, "create takes a Uint8Array");
  }
  void *existing = nullptr;
  napi_get_instance_data(env, &existing);
  if (existing != nullptr) return Throw(env, "create was called before");

  TF_Status *status = TF_NewStatus();
  TFE_ContextOptions *options = TFE_NewContextOptions();
  TFE_ContextOptionsSetConfig(options, bytes, length, status);
  TFE_Context *context = nullptr;
  if (TF_GetCode(status) == TF_OK) context = TFE_NewContext(options, status);
  TFE_DeleteContextOptions(options);
  napi_value result = nullptr;
  if (context == nullptr) {
    Throw(env, TF_Message(status));
  } else {
    napi_value devices = Devices(env, context, status);
    if (devices == nullptr) {
      TFE_DeleteContext(context);
    } else {
      next_context = context;
      napi_value exports;
      napi_create_object(env, &exports);
      // From here the backend of tfjs-node owns the context.
      if (tfnodejs::InitTFNodeJSBinding(env, exports) != nullptr) {
        napi_create_object(env, &result);
        Set(env, result, "backend", exports);
        Set(env, result, "devices", devices);
      }
    }
  }
  TF_DeleteStatus(status);
  return result;
}

/** whyNotLoaded(library): the dynamic linker's error for a library; undefined if it can be loaded. */
static napi_value WhyNotLoaded(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value name;
  napi_get_cb_info(env, info, &argc, &name, nullptr, nullptr);
  char library[4096];
  size_t length = 0;
  if (argc != 1 || napi_get_value_string_utf8(env, name, library, sizeof library, &length) != napi_ok) {
    return Throw(env, "whyNotLoaded takes the name of a library");
  }
  // It stays loaded, so TensorFlow, which looks it up by the same name, uses this one.
  if (dlopen(library, RTLD_LAZY | RTLD_GLOBAL) != nullptr) {
    napi_value undefined;
    napi_get_undefined(env, &undefined);
    return undefined;
  }
  return Text(env, dlerror());
}

/** A function of the CUDA driver; null if the driver lacks it. */
template <typename Function>
static Function Find(void *driver, const char *name) {
  return reinterpret_cast<Function>(dlsym(driver, name));
}

/**
 * cudaDriver(): queries NVIDIA's driver without TensorFlow. Returns
 * { missing } if its library cannot be loaded (the linker's message), else
 * { version, error, errorText, gpus: [{ name, memoryBytes, computeCapability }] }. version: 1000 major + 10 minor of the
 * newest CUDA that the driver runs, 0 if unknown; error: the result of cuInit or cuDeviceGetCount, 0 for success.
 */
static napi_value CudaDriver(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_object(env, &result);
  void *driver = dlopen("libcuda.so.1", RTLD_LAZY);
  if (driver == nullptr) {
    Set(env, result, "missing", Text(env, dlerror()));
    return result;
  }
  auto get_version = Find<int (*)(int *)>(driver, "cuDriverGetVersion");
  auto initialize = Find<int (*)(unsigned)>(driver, "cuInit");
  auto get_error = Find<int (*)(int, const char **)>(driver, "cuGetErrorString");
  auto get_count = Find<int (*)(int *)>(driver, "cuDeviceGetCount");
  auto get_device = Find<int (*)(int *, int)>(driver, "cuDeviceGet");
  auto get_name = Find<int (*)(char *, int, int)>(driver, "cuDeviceGetName");
  auto get_memory = Find<int (*)(size_t *, int)>(driver, "cuDeviceTotalMem_v2");
  auto get_attribute = Find<int (*)(int *, int, int)>(driver, "cuDeviceGetAttribute");

  int version = 0;
  if (get_version != nullptr) get_version(&version);
  Set(env, result, "version", Number(env, version));

  int error = initialize == nullptr ? 500 /* CUDA_ERROR_NOT_FOUND */ : initialize(0);
  int count = 0;
  if (error == 0 && get_count != nullptr) error = get_count(&count);
  const char *text = nullptr;
  if (error != 0 && get_error != nullptr) get_error(error, &text);
  Set(env, result, "error", Number(env, error));
  Set(env, result, "errorText", Text(env, text == nullptr ? "" : text));

  napi_value gpus;
  napi_create_array(env, &gpus);
  for (int i = 0; error == 0 && i < count; ++i) {
    int device = 0;
    char name[256] = "";
    size_t memory = 0;
    int major = 0;
    int minor = 0;
    if (get_device == nullptr || get_device(&device, i) != 0) continue;
    if (get_name != nullptr) get_name(name, sizeof name, device);
    if (get_memory != nullptr) get_memory(&memory, device);
    if (get_attribute != nullptr) {
      get_attribute(&major, 75, device);  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
      get_attribute(&minor, 76, device);  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR
    }
    napi_value gpu;
    napi_create_object(env, &gpu);
    Set(env, gpu, "name", Text(env, name));
    Set(env, gpu, "memoryBytes", Number(env, static_cast<double>(memory)));
    Set(env, gpu, "computeCapability", Text(env, std::to_string(major) + "." + std::to_string(minor)));
    napi_set_element(env, gpus, i, gpu);
  }
  Set(env, result, "gpus", gpus);
  return result;
}

/** The processor levels with compiled kernels that this processor supports, highest first, by the compiler's names. */
static napi_value CpuLevels(napi_env env, napi_callback_info) {
  std::vector<const char *> levels;
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool third = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  if (third && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    levels.push_back("x86-64-v4");
  }
  if (third) levels.push_back("x86-64-v3");
#endif
  levels.push_back("baseline");
  napi_value result;
  napi_create_array_with_length(env, levels.size(), &result);
  for (size_t i = 0; i < levels.size(); ++i) napi_set_element(env, result, i, Text(env, levels[i]));
  return result;
}

// Allows the functions below to use private members of tfjs-node's backend: an explicit instantiation may name them.
using Handles = std::unordered_map<int32_t, TFE_TensorHandle *>;
template <auto kHandles, auto kInsert>
struct Private {
  friend Handles &HandlesOf(tfnodejs::TFJSBackend &backend) { return backend.*kHandles; }
  friend int32_t Insert(tfnodejs::TFJSBackend &backend, TFE_TensorHandle *handle) { return (backend.*kInsert)(handle); }
};
template struct Private<&tfnodejs::TFJSBackend::tfe_handle_map_, &tfnodejs::TFJSBackend::InsertHandle>;
Handles &HandlesOf(tfnodejs::TFJSBackend &);
int32_t Insert(tfnodejs::TFJSBackend &, TFE_TensorHandle *);

/** The calls of kernels by one JavaScript thread. */
class Caller : public Host {
 public:
  /** Numbers of a call, in both directions: a call creates no JavaScript objects. */
  static constexpr size_t kNumbers = 1 << 16;

  Caller(tfnodejs::TFJSBackend &backend, const Kernels &kernels, double *numbers)
      : Host{Output, Exists}, backend_(backend), kernels_(kernels), numbers_(numbers), status_(TF_NewStatus()) {
    static std::atomic<int64_t> callers{0};
    caller_ = ++callers;
  }
  Caller(const Caller &) = delete;
  ~Caller() { TF_DeleteStatus(status_); }

  /**
   * Runs a kernel. The numbers are first [kernel, number of attributes, the attributes, number of inputs, their ids], then
   * [number of outputs, for each its id, rank and shape]. Kernel -1 returns its input under the shape that the attributes are;
   * both share their values. Returns null, or the reason of a failure.
   */
  const char *Run() {
    const double *next = numbers_;
    const int kernel = static_cast<int>(*next++);
    const int attribute_count = static_cast<int>(*next++);
    const double *attributes = next;
    next += attribute_count;
    const int input_count = static_cast<int>(*next++);
    if (kernel == -1) return Reshape(attributes, attribute_count, static_cast<int32_t>(next[0]));
    inputs_.clear();
    shapes_.clear();
    shapes_.reserve(static_cast<size_t>(input_count) * kMostAxes);
    auto &handles = HandlesOf(backend_);
    for (int i = 0; i < input_count; ++i) {
      const int32_t id = static_cast<int32_t>(*next++);
      const auto found = handles.find(id);
      if (found == handles.end()) return "an input does not exist";
      TFE_TensorHandle *handle = found->second;
      if (TFE_TensorHandleDataType(handle) != TF_FLOAT) return "an input is not float32";
      const int rank = TFE_TensorHandleNumDims(handle, status_);
      if (rank < 0 || rank > kMostAxes) return "an input has too many axes";
      int64_t *shape = shapes_.data() + shapes_.size();
      for (int axis = 0; axis < rank; ++axis) shapes_.push_back(TFE_TensorHandleDim(handle, axis, status_));
      const void *values = TFE_TensorHandleDevicePointer(handle, status_);
      if (TF_GetCode(status_) != TF_OK) return TF_Message(status_);
      inputs_.push_back({static_cast<const float *>(values), shape, rank, caller_ << 32 | static_cast<uint32_t>(id)});
    }
    outputs_.clear();
    const char *problem = kernels_.run(kernel, attributes, attribute_count, inputs_.data(), input_count, this);
    size_t described = 1;
    for (const Made &made : outputs_) {
      if (made.tensor != nullptr) {
        described += 2 + TF_NumDims(made.tensor);
      } else if (problem == nullptr) {
        problem = "an output is missing";
      }
    }
    if (problem == nullptr && described > kNumbers) problem = "too many outputs for one call";
    double *to = numbers_;
    *to++ = static_cast<double>(outputs_.size());
    for (const Made &made : outputs_) {
      if (made.tensor == nullptr) continue;
      TFE_TensorHandle *handle = problem == nullptr ? TFE_NewTensorHandle(made.tensor, status_) : nullptr;
      if (handle != nullptr) {
        *to++ = Insert(backend_, handle);
        const int rank = TF_NumDims(made.tensor);
        *to++ = rank;
        for (int axis = 0; axis < rank; ++axis) *to++ = static_cast<double>(TF_Dim(made.tensor, axis));
      } else if (problem == nullptr) {
        problem = TF_Message(status_);
      }
      TF_DeleteTensor(made.tensor);
    }
    return problem;
  }

 private:
  static constexpr int kMostAxes = 8;

  struct Made {
    TF_Tensor *tensor = nullptr;
  };

  const char *Reshape(const double *shape, int rank, int32_t id) {
    auto &handles = HandlesOf(backend_);
    const auto found = handles.find(id);
    if (found == handles.end()) return "an input does not exist";
    if (rank > kMostAxes) return "an output has too many axes";
    TF_Tensor *tensor = TFE_TensorHandleResolve(found->second, status_);
    if (tensor == nullptr) return TF_Message(status_);
    int64_t sizes[kMostAxes];
    for (int axis = 0; axis < rank; ++axis) sizes[axis] = static_cast<int64_t>(shape[axis]);
    TF_Tensor *view = TF_AllocateTensor(TF_TensorType(tensor), nullptr, 0, TF_DataTypeSize(TF_TensorType(tensor)));
    TF_TensorBitcastFrom(tensor, TF_TensorType(tensor), view, sizes, rank, status_);
    TFE_TensorHandle *handle = TF_GetCode(status_) == TF_OK ? TFE_NewTensorHandle(view, status_) : nullptr;
    TF_DeleteTensor(tensor);
    TF_DeleteTensor(view);
    if (handle == nullptr) return TF_Message(status_);
    numbers_[0] = 1;
    for (int axis = 0; axis < rank; ++axis) numbers_[3 + axis] = static_cast<double>(sizes[axis]);
    numbers_[1] = Insert(backend_, handle);
    numbers_[2] = rank;
    return nullptr;
  }

  static float *Output(Host *host, int i, const int64_t *shape, int rank) {
    Caller &caller = *static_cast<Caller *>(host);
    size_t bytes = sizeof(float);
    for (int axis = 0; axis < rank; ++axis) {
      if (__builtin_mul_overflow(bytes, static_cast<size_t>(shape[axis]), &bytes)) return nullptr;
    }
    if (bytes > PTRDIFF_MAX) return nullptr;
    void *memory = Memory::Get().Allocate(bytes);
    if (memory == nullptr) return nullptr;
    const auto release = [](void *values, size_t length, void *) { Memory::Get().Release(values, length); };
    if (caller.outputs_.size() <= static_cast<size_t>(i)) caller.outputs_.resize(i + 1);
    TF_Tensor *tensor = TF_NewTensor(TF_FLOAT, shape, rank, memory, bytes, release, nullptr);
    caller.outputs_[i].tensor = tensor;
    return tensor == nullptr ? nullptr : static_cast<float *>(memory);
  }

  static bool Exists(Host *host, int64_t id) {
    Caller &caller = *static_cast<Caller *>(host);
    // Only the caller of a tensor knows.
    return id >> 32 != caller.caller_ || HandlesOf(caller.backend_).count(static_cast<int32_t>(id)) > 0;
  }

  tfnodejs::TFJSBackend &backend_;
  const Kernels &kernels_;
  double *numbers_;
  TF_Status *status_;
  int64_t caller_;
  std::vector<View> inputs_;
  std::vector<int64_t> shapes_;
  std::vector<Made> outputs_;
};

static napi_value RunKernel(napi_env env, napi_callback_info info) {
  void *caller = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &caller);
  try {
    const char *problem = static_cast<Caller *>(caller)->Run();
    return problem == nullptr ? nullptr : Throw(env, problem);
  } catch (const std::exception &error) {
    return Throw(env, error.what());
  }
}

/**
 * loadKernels(library, threads): loads a library of kernels (kernels/kernels.cc) and starts their threads. Returns
 * { names, numbers, run, bfloat16 }: the kernels' names; the numbers of a call, as `Caller::Run` documents; what runs it; and the
 * processor's instructions for bfloat16 products, undefined without. Call it after `create`.
 */
static napi_value LoadKernels(napi_env env, napi_callback_info info) {
  size_t argc = 2;
  napi_value args[2];
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  char library[4096];
  size_t length = 0;
  int32_t threads = 0;
  if (argc != 2 || napi_get_value_string_utf8(env, args[0], library, sizeof library, &length) != napi_ok ||
      napi_get_value_int32(env, args[1], &threads) != napi_ok) {
    return Throw(env, "loadKernels takes the path of a library and a number of threads");
  }
  void *loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr) return Throw(env, dlerror());
  auto get_kernels = Find<const Kernels *(*)()>(loaded, "taggerjs_kernels");
  if (get_kernels == nullptr) return Throw(env, std::string(library) + " has no kernels");
  void *backend = nullptr;
  napi_get_instance_data(env, &backend);
  if (backend == nullptr) return Throw(env, "loadKernels must be called after create");
  const Kernels *kernels = get_kernels();
  kernels->start(threads);

  napi_value result;
  napi_value names;
  napi_create_object(env, &result);
  napi_create_array_with_length(env, kernels->count, &names);
  for (int i = 0; i < kernels->count; ++i) napi_set_element(env, names, i, Text(env, kernels->names[i]));
  Set(env, result, "names", names);
  if (const char *bfloat16 = kernels->bfloat16()) Set(env, result, "bfloat16", Text(env, bfloat16));
  void *numbers = nullptr;
  napi_value buffer;
  napi_value array;
  napi_create_arraybuffer(env, Caller::kNumbers * sizeof(double), &numbers, &buffer);
  napi_create_typedarray(env, napi_float64_array, Caller::kNumbers, buffer, 0, &array);
  Set(env, result, "numbers", array);
  // Both last as long as this environment.
  napi_ref keep;
  napi_create_reference(env, buffer, 1, &keep);
  auto *caller = new Caller(*static_cast<tfnodejs::TFJSBackend *>(backend), *kernels, static_cast<double *>(numbers));
  napi_add_env_cleanup_hook(env, [](void *last) { delete static_cast<Caller *>(last); }, caller);
  napi_value run;
  napi_create_function(env, "run", NAPI_AUTO_LENGTH, RunKernel, caller, &run);
  Set(env, result, "run", run);
  return result;
}

static void Export(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  Set(env, exports, name, function);
}

}  // namespace taggerjs

NAPI_MODULE_INIT() {
  taggerjs::Set(env, exports, "bindingVersion", taggerjs::Number(env, taggerjs::kBindingVersion));
  taggerjs::Set(env, exports, "tensorflowVersion", taggerjs::Text(env, TF_Version()));
  taggerjs::Export(env, exports, "create", taggerjs::Create);
  taggerjs::Export(env, exports, "whyNotLoaded", taggerjs::WhyNotLoaded);
  taggerjs::Export(env, exports, "cudaDriver", taggerjs::CudaDriver);
  taggerjs::Export(env, exports, "cpuLevels", taggerjs::CpuLevels);
  taggerjs::Export(env, exports, "loadKernels", taggerjs::LoadKernels);
  return exports;
}
