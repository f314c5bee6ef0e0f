// Kernels of this package for TensorFlow's CPU: the operations of @taggerjs/nn, each in one or two passes over its tensors.
//
// This is a separate library, which the binding loads. It is compiled once for each supported processor level, so that
// different machines can share an installation; the binding picks the one for its machine.

#include "bitflip.h"
#include "combinator.h"
#include "gaussian.h"
#include "groups.h"
#include "normalize.h"
#include "pointwise.h"

#include <mutex>
#include <string>

namespace taggerjs {

static const std::vector<const char *> kNone;
static const std::vector<const char *> kX = {"x: float"};
static const std::vector<const char *> kY = {"y: float"};
static const std::vector<const char *> kNormalize = {"by_rows: bool", "relu: bool", "has_gain: bool", "has_bias: bool"};
static const std::vector<const char *> kNoise = {"noise: float"};
static const std::vector<const char *> kFlip = {"scale: float", "flip: float"};
#define TAGGERJS_TEN(letter)                                                                                        \
  #letter "1: float", #letter "2: float", #letter "3: float", #letter "4: float", #letter "5: float",             \
      #letter "6: float", #letter "7: float", #letter "8: float", #letter "9: float", #letter "10: float"

static void RegisterAll(TF_Status *status) {
  Register<Normalize>({"TaggerNormalize",
                       {"by_rows: bool", "relu: bool", "has_gain: bool", "has_bias: bool", "epsilon: float"},
                       {"x: float", "gain: float", "bias: float"},
                       {"y: float", "mean: float", "inverse_std: float"}},
                      status);
  Register<NormalizeGradient>({"TaggerNormalizeGradient",
                               kNormalize,
                               {"dy: float", "d_mean: float", "d_inverse_std: float", "x: float", "gain: float",
                                "bias: float", "y: float", "mean: float", "inverse_std: float"},
                               {"dx: float", "d_gain: float", "d_bias: float"}},
                              status);
  Register<Combinator>(
      {"TaggerCombinator", {"linear: bool"}, {"s: float", "u: float", TAGGERJS_TEN(a)}, {"out: float"}}, status);
  Register<CombinatorGradient>({"TaggerCombinatorGradient",
                                {"linear: bool"},
                                {"dy: float", "s: float", "u: float", TAGGERJS_TEN(a)},
                                {"ds: float", "du: float", TAGGERJS_TEN(d)}},
                               status);
  Register<GroupSoftmax>({"TaggerGroupSoftmax", kNone, {"logits: float"}, {"m: float", "log_m: float"}}, status);
  Register<GroupSoftmaxGradient>(
      {"TaggerGroupSoftmaxGradient", kNone, {"dm: float", "d_log_m: float", "m: float"}, {"dx: float"}}, status);
  Register<Softmax>({"TaggerSoftmax", {"axis: int"}, kX, kY}, status);
  Register<SoftmaxGradient>({"TaggerSoftmaxGradient", {"axis: int"}, {"dy: float", "y: float"}, {"dx: float"}}, status);
  Register<OfX<Sigmoid>>({"TaggerSigmoid", kNone, kX, kY}, status);
  Register<OfDyAndY<SigmoidGradient>>({"TaggerSigmoidGradient", kNone, {"dy: float", "y: float"}, {"dx: float"}}, status);
  Register<OfX<Relu>>({"TaggerRelu", kNone, kX, kY}, status);
  Register<OfDyAndY<ReluGradient>>({"TaggerReluGradient", kNone, {"dy: float", "y: float"}, {"dx: float"}}, status);
  Register<AddBias>({"TaggerAddBias", {"relu: bool"}, {"x: float", "bias: float"}, kY}, status);
  Register<AddBiasGradient>(
      {"TaggerAddBiasGradient", kNone, {"dy: float", "y: float"}, {"dx: float", "d_bias: float"}}, status);
  Register<BiasScale>({"TaggerBiasScale", kNone, {"x: float", "bias: float", "gain: float"}, kY}, status);
  Register<BiasScaleGradient>({"TaggerBiasScaleGradient",
                               kNone,
                               {"dy: float", "x: float", "bias: float", "gain: float"},
                               {"dx: float", "d_bias: float", "d_gain: float"}},
                              status);
  Register<ColumnSum>({"TaggerColumnSum", kNone, kX, {"sum: float"}}, status);
  Register<SumOfSquares>({"TaggerSumOfSquares", kNone, kX, {"sum: float"}}, status);
  Register<StackFeatures>(
      {"TaggerStackFeatures", {"count: int >= 1"}, {"features: count * float"}, {"stacked: float"}}, status);
  Register<StackFeaturesGradient>({"TaggerStackFeaturesGradient",
                                   {"count: int >= 1", "groups: int", "batch: int", "size: int"},
                                   {"dy: float"},
                                   {"features: count * float"}},
                                  status);
  Register<BitflipLikelihood>({"TaggerBitflipLikelihood", kFlip, {"x: float", "z: float"}, {"likelihood: float"}},
                              status);
  Register<BitflipLikelihoodGradient>({"TaggerBitflipLikelihoodGradient",
                                       kFlip,
                                       {"dy: float", "x: float", "z: float", "likelihood: float"},
                                       {"dz: float"}},
                                      status);
  Register<BitflipModelingError>(
      {"TaggerBitflipModelingError", kFlip, {"x: float", "z: float", "m: float"}, {"error: float"}}, status);
  Register<BitflipModelingErrorGradient>({"TaggerBitflipModelingErrorGradient",
                                          kFlip,
                                          {"dy: float", "x: float", "z: float", "m: float", "error: float"},
                                          {"dz: float", "dm: float"}},
                                         status);
  Register<BitflipCost>({"TaggerBitflipCost", kFlip, {"x: float", "z: float", "m: float"}, {"cost: float"}}, status);
  Register<BitflipCostGradient>({"TaggerBitflipCostGradient",
                                 kFlip,
                                 {"dy: float", "x: float", "z: float", "m: float"},
                                 {"dz: float", "dm: float"}},
                                status);
  Register<GaussianLikelihood>(
      {"TaggerGaussianLikelihood", kNoise, {"x: float", "z: float", "log_v: float"}, {"likelihood: float"}}, status);
  Register<GaussianLikelihoodGradient>({"TaggerGaussianLikelihoodGradient",
                                        kNoise,
                                        {"dy: float", "x: float", "z: float", "log_v: float", "likelihood: float"},
                                        {"dz: float", "d_log_v: float"}},
                                       status);
  Register<GaussianAlgorithmError>(
      {"TaggerGaussianAlgorithmError", kNoise, {"x: float", "z: float", "m: float", "log_v: float"}, {"error: float"}},
      status);
  Register<GaussianAlgorithmErrorGradient>({"TaggerGaussianAlgorithmErrorGradient",
                                            kNoise,
                                            {"dy: float", "x: float", "z: float", "m: float", "log_v: float"},
                                            {"dz: float", "dm: float", "d_log_v: float"}},
                                           status);
  Register<GaussianExactError>(
      {"TaggerGaussianExactError", kNoise, {"x: float", "z: float", "log_m: float", "log_v: float"}, {"error: float"}},
      status);
  Register<GaussianExactErrorGradient>({"TaggerGaussianExactErrorGradient",
                                        kNoise,
                                        {"dy: float", "x: float", "z: float", "log_m: float", "log_v: float"},
                                        {"dz: float", "d_log_m: float", "d_log_v: float"}},
                                       status);
  Register<GaussianResidualError>(
      {"TaggerGaussianResidualError", kNone, {"x: float", "z: float", "m: float"}, {"error: float"}}, status);
  Register<GaussianResidualErrorGradient>({"TaggerGaussianResidualErrorGradient",
                                           kNone,
                                           {"dy: float", "x: float", "z: float", "m: float"},
                                           {"dz: float", "dm: float"}},
                                          status);
  Register<GaussianCost>(
      {"TaggerGaussianCost", kNone, {"x: float", "z: float", "log_m: float", "log_v: float"}, {"cost: float"}}, status);
  Register<GaussianCostGradient>({"TaggerGaussianCostGradient",
                                  kNone,
                                  {"dy: float", "x: float", "z: float", "log_m: float", "log_v: float"},
                                  {"dz: float", "d_log_m: float", "d_log_v: float"}},
                                 status);
  Register<AdamUpdate>({"TaggerAdamUpdate",
                        kNone,
                        {"parameter: float", "gradient: float", "m: float", "v: float", "settings: float"},
                        {"new_parameter: float", "new_m: float", "new_v: float"}},
                       status);
}

}  // namespace taggerjs

/**
 * Registers all kernels with TensorFlow, once per process, and starts the threads that they share; `threads` includes the
 * calling one. Returns null, or an error message.
 */
extern "C" __attribute__((visibility("default"))) const char *taggerjs_register_kernels(int threads) {
  static std::mutex mutex;
  static bool done = false;
  static std::string problem;
  std::lock_guard<std::mutex> lock(mutex);
  if (!done) {
    TF_Status *status = TF_NewStatus();
    taggerjs::RegisterAll(status);
    if (TF_GetCode(status) != TF_OK) problem = TF_Message(status);
    TF_DeleteStatus(status);
    done = true;
  }
  if (!problem.empty()) return problem.c_str();
  taggerjs::Pool::Get().Start(threads);
  return nullptr;
}
