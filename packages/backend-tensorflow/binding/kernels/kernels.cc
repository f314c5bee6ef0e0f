// Kernels of this package for the CPU: the operations of @taggerjs/nn, each in one or two passes over its tensors.
//
// This is a separate library, which the binding loads. It is compiled once for each supported processor level, so that
// different machines can share an installation; the binding picks the one for its machine.

#include <cstdio>
#include <exception>
#include <new>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "bitflip.h"
#include "combinator.h"
#include "feature-product.h"
#include "gaussian.h"
#include "groups.h"
#include "normalize.h"
#include "pixels.h"
#include "pointwise.h"

namespace taggerjs {

static const Kernel kKernels[] = {
    Define<Normalize>("TaggerNormalize"),
    Define<NormalizeGradient>("TaggerNormalizeGradient"),
    Define<Combinator>("TaggerCombinator"),
    Define<CombinatorGradient>("TaggerCombinatorGradient"),
    Define<GroupSoftmax>("TaggerGroupSoftmax"),
    Define<GroupSoftmaxGradient>("TaggerGroupSoftmaxGradient"),
    Define<Softmax>("TaggerSoftmax"),
    Define<SoftmaxGradient>("TaggerSoftmaxGradient"),
    Define<OfX<Sigmoid>>("TaggerSigmoid"),
    Define<OfDyAndY<SigmoidGradient>>("TaggerSigmoidGradient"),
    Define<OfX<Relu>>("TaggerRelu"),
    Define<OfDyAndY<ReluGradient>>("TaggerReluGradient"),
    Define<AddBias>("TaggerAddBias"),
    Define<AddBiasGradient>("TaggerAddBiasGradient"),
    Define<BiasScale>("TaggerBiasScale"),
    Define<BiasScaleGradient>("TaggerBiasScaleGradient"),
    Define<ColumnSum>("TaggerColumnSum"),
    Define<SumOfSquares>("TaggerSumOfSquares"),
    Define<StackFeatures>("TaggerStackFeatures"),
    Define<StackFeaturesGradient>("TaggerStackFeaturesGradient"),
    Define<BitflipLikelihood>("TaggerBitflipLikelihood"),
    Define<BitflipLikelihoodGradient>("TaggerBitflipLikelihoodGradient"),
    Define<BitflipModelingError>("TaggerBitflipModelingError"),
    Define<BitflipModelingErrorGradient>("TaggerBitflipModelingErrorGradient"),
    Define<BitflipCost>("TaggerBitflipCost"),
    Define<BitflipCostGradient>("TaggerBitflipCostGradient"),
    Define<GaussianLikelihood>("TaggerGaussianLikelihood"),
    Define<GaussianLikelihoodGradient>("TaggerGaussianLikelihoodGradient"),
    Define<GaussianAlgorithmError>("TaggerGaussianAlgorithmError"),
    Define<GaussianAlgorithmErrorGradient>("TaggerGaussianAlgorithmErrorGradient"),
    Define<GaussianExactError>("TaggerGaussianExactError"),
    Define<GaussianExactErrorGradient>("TaggerGaussianExactErrorGradient"),
    Define<GaussianResidualError>("TaggerGaussianResidualError"),
    Define<GaussianResidualErrorGradient>("TaggerGaussianResidualErrorGradient"),
    Define<GaussianCost>("TaggerGaussianCost"),
    Define<GaussianCostGradient>("TaggerGaussianCostGradient"),
    Define<StackFeaturesOfPixels>("TaggerStackFeaturesOfChannels"),
    Define<StackFeaturesOfPixelsGradient>("TaggerStackFeaturesGradientOfChannels"),
    Define<PixelLikelihood<BitflipOfPixels>>("TaggerBitflipPixelLikelihoodOfChannels"),
    Define<PixelLikelihoodGradient<BitflipOfPixels>>("TaggerBitflipPixelLikelihoodGradientOfChannels"),
    Define<PixelError<BitflipOfPixels>>("TaggerBitflipPixelErrorOfChannels"),
    Define<PixelErrorGradient<BitflipOfPixels>>("TaggerBitflipPixelErrorGradientOfChannels"),
    Define<PixelCost<BitflipOfPixels>>("TaggerBitflipPixelCostOfChannels"),
    Define<PixelCostGradient<BitflipOfPixels>>("TaggerBitflipPixelCostGradientOfChannels"),
    Define<PixelLikelihood<GaussianOfPixels>>("TaggerGaussianLikelihoodOfChannels"),
    Define<PixelLikelihoodGradient<GaussianOfPixels>>("TaggerGaussianLikelihoodGradientOfChannels"),
    Define<PixelError<GaussianOfPixels>>("TaggerGaussianExactErrorOfChannels"),
    Define<PixelErrorGradient<GaussianOfPixels>>("TaggerGaussianExactErrorGradientOfChannels"),
    Define<PixelCost<GaussianOfPixels>>("TaggerGaussianCostOfChannels"),
    Define<PixelCostGradient<GaussianOfPixels>>("TaggerGaussianCostGradientOfChannels"),
    Define<GaussianAlgorithmErrorOfPixels>("TaggerGaussianAlgorithmErrorOfChannels"),
    Define<GaussianAlgorithmErrorOfPixelsGradient>("TaggerGaussianAlgorithmErrorGradientOfChannels"),
    Define<GaussianResidualErrorOfPixels>("TaggerGaussianResidualErrorOfChannels"),
    Define<GaussianResidualErrorOfPixelsGradient>("TaggerGaussianResidualErrorGradientOfChannels"),
    Define<AdamUpdate>("TaggerAdamUpdate"),
    Define<AdamUpdates>("TaggerAdamUpdates"),
    Define<GlobalNorm>("TaggerGlobalNorm"),
    Define<MatMul>("TaggerMatMul"),
    Define<FeatureProduct>("TaggerFeatureProduct"),
    Define<FeatureProductGradient>("TaggerFeatureProductGradient"),
    Define<Add>("TaggerAdd"),
    Define<WeightedSum>("TaggerWeightedSum"),
};

constexpr int kCount = sizeof kKernels / sizeof *kKernels;

/** Flushes denormal numbers to zero in this thread while it exists, as TensorFlow does in its kernels: they are slow. */
class FlushDenormals {
 public:
#if defined(__SSE__)
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }
  ~FlushDenormals() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#else
  FlushDenormals() {}
#endif
};

static const char *Run(int kernel, const double *attributes, int attribute_count, const View *inputs, int input_count,
                       Host *host) {
  if (kernel < 0 || kernel >= kCount) return "there is no such kernel";
  try {
    const FlushDenormals flush;
    Attributes given(attributes, attribute_count);
    Call call(inputs, input_count, host);
    kKernels[kernel].compute(given, call);
    return nullptr;
  } catch (const std::bad_alloc &) {
    return "not enough memory for the result";
  } catch (const std::exception &error) {
    // The exception ends here; its message has to last until the caller has read it.
    static thread_local char message[256];
    std::snprintf(message, sizeof message, "the kernel failed: %s", error.what());
    return message;
  }
}

static const char *Instructions() {
  switch (DetectBfloat16()) {
    case Bfloat16::kTiles:
      return "AMX-BF16";
    case Bfloat16::kVectors:
      return "AVX512-BF16";
    default:
      return nullptr;
  }
}

}  // namespace taggerjs

/** The kernels of this library. */
extern "C" __attribute__((visibility("default"))) const taggerjs::Kernels *taggerjs_kernels() {
  using namespace taggerjs;
  static const char *names[kCount];
  for (int i = 0; i < kCount; ++i) names[i] = kKernels[i].name;
  static const Kernels kernels = {kCount, names, [](int threads) { Pool::Get().Start(threads); }, Run,
#if defined(__AVX512F__)
                                  Instructions};
#else
                                  []() -> const char * { return nullptr; }};
#endif
  return &kernels;
}
