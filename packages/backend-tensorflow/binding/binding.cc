// The Node-API module of @taggerjs/backend-tensorflow: the binding of @tensorflow/tfjs-node, compiled from that package's
// unchanged sources. It adds what the binding lacks: a context with options, the devices with their memory, and the reasons
// why there is no GPU.
//
// The sources of tfjs-node create a context with default options when they are loaded. This module creates the context first,
// from a serialized ConfigProto, and substitutes it for theirs: `TFE_NewContext` below is a macro while they are compiled.

#include <dlfcn.h>
#include <node_api.h>
#include <stdlib.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"
#include "tensorflow/c/tf_status.h"

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

/** loadKernels(library, threads): registers the kernels of a library with TensorFlow; kernels/kernels.cc. */
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
  auto register_kernels = Find<const char *(*)(int)>(loaded, "taggerjs_register_kernels");
  if (register_kernels == nullptr) return Throw(env, std::string(library) + " has no kernels");
  const char *problem = register_kernels(threads);
  if (problem != nullptr) return Throw(env, problem);
  napi_value undefined;
  napi_get_undefined(env, &undefined);
  return undefined;
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
