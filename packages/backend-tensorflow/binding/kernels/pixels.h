// Noise models of pixels with several channels: the assignment likelihood, the modeling error, the denoising cost, and their
// gradients. The channels of a pixel are next to each other in x, z and dz; m, log m and L have one value per pixel.
//
// Both noise models share the computation. With u_kc the derivative of log z~_kc by z_kc, up to a constant `slope`:
//
//     logit_k = sum over channels of log z~_kc, plus log m_k
//     L, r    = softmax over groups of logit, without and with log m
//     dz_kc   = r_k u_kc

#pragma once

#include "bitflip.h"
#include "gaussian.h"

namespace taggerjs {

/** K, C, and the number of pixels B P. */
struct PixelExtent {
  int64_t groups;
  int64_t channels;
  int64_t size;

  PixelExtent(const Input &z, int64_t of) : groups(z.shape[0]), channels(of), size(z.shape[1] * z.shape[2] / of) {}

  /** The shape of m and L, for z of the shape [K, B, P C]. */
  std::vector<int64_t> ShapeOf(const Input &z) const { return {groups, z.shape[1], z.shape[2] / channels}; }
  /** The offset of a pixel of group k in m and L. */
  int64_t Pixel(int64_t k, int64_t i) const { return k * size + i; }
  /** The offset of its first channel in z and dz; in x, that of group 0. */
  int64_t Value(int64_t k, int64_t i) const { return (k * size + i) * channels; }
};

/** One channel of successive pixels. Inactive lanes are 0. */
template <class Count>
inline Floats LoadChannel(const float *at, int64_t channels, Count n) {
  Floats v = {};
  for (int lane = 0; lane < n.number; ++lane) v[lane] = at[lane * channels];
  return v;
}

template <class Count>
inline void StoreChannel(float *at, int64_t channels, Floats v, Count n) {
  for (int lane = 0; lane < n.number; ++lane) at[lane * channels] = v[lane];
}

/** The sum of f(pixel, count, weights) over all pixels, with memory for a vector of each group. */
template <class F>
inline double SumPixels(const PixelExtent &e, const F &f) {
  std::vector<double> parts(TasksOf(e.size, kPositions));
  ParallelParts(e.size, kPositions, [&](int64_t first, int64_t part) {
    std::vector<float> weights(e.groups * kLanes);
    Floats sum = {};
    ForLanes(part, [&](int64_t i, auto n) { sum += Keep(f(first + i, n, weights.data()), n); });
    parts[first / kPositions] = Sum(sum);
  });
  double sum = 0;
  for (double part : parts) sum += part;
  return sum;
}

/** Gaussian noise around predictions with the variance s: log z~ = -d^2 / 2s, u = d / s. */
class GaussianOfPixels {
 public:
  static constexpr bool kLearned = true;
  static constexpr float slope = 1;

  /** Reads sigma^2 from the attributes; log v is the last input. */
  GaussianOfPixels(Attributes &attributes, const Call &call)
      : variance_(call.input(call.count() - 1), attributes.Double()),
        half_(variance_.HalfPrecision()),
        precision_(variance_.Precision()),
        constant_((call.input(call.count() - 1).values[0] + std::log(2 * 3.14159265358979323846)) / 2) {}

  template <class Count>
  Floats LogLikelihood(const float *x, const float *z, int64_t channels, Count n) const {
    Floats sum = {};
    for (int64_t c = 0; c < channels; ++c) {
      const Floats d = LoadChannel(x + c, channels, n) - LoadChannel(z + c, channels, n);
      sum += d * d;
    }
    return Rounded(-(sum * half_));
  }
  Floats Force(Floats x, Floats z) const { return (x - z) * precision_; }
  /** The derivative of u by z. */
  Floats ForceSlope(Floats) const { return Splat(-precision_); }
  /** d, by which gradients of u change log v. */
  Floats Distance(Floats x, Floats z) const { return x - z; }
  const Variance &variance() const { return variance_; }
  /** Added to the cost, per value. */
  double constant() const { return constant_; }

 private:
  Variance variance_;
  float half_, precision_;
  double constant_;
};

/** Bit flips: z~ = scale (z (2 x - 1) + 1 - x) + flip, u = (2 x - 1) / z~. */
class BitflipOfPixels {
 public:
  static constexpr bool kLearned = false;

  BitflipOfPixels(Attributes &attributes, const Call &) : flip_(attributes), slope(flip_.scale) {}

  template <class Count>
  Floats LogLikelihood(const float *x, const float *z, int64_t channels, Count n) const {
    Floats sum = {};
    Floats product = Splat(1);
    for (int64_t c = 0; c < channels; ++c) {
      product *= flip_.Unnormalized(LoadChannel(x + c, channels, n), LoadChannel(z + c, channels, n));
      // Four probabilities of at least 1e-6 cannot underflow, and a logarithm is slow.
      if (c % 4 != 3 && c + 1 < channels) continue;
      sum += Log(product);
      product = Splat(1);
    }
    return sum;
  }
  Floats Force(Floats x, Floats z) const { return (x + x - 1.0f) / flip_.Unnormalized(x, z); }
  Floats ForceSlope(Floats u) const { return -(u * u) * flip_.scale; }
  Floats Distance(Floats, Floats) const { return Floats{}; }
  double constant() const { return 0; }

 private:
  Flip flip_;

 public:
  float slope;
};

/** What all operations have: a noise model, and the number of channels, their first attribute. */
template <class Noise>
class OfPixels {
 public:
  explicit OfPixels(Attributes &attributes) : channels_(attributes.Int()), attributes_(attributes) {}

 protected:
  PixelExtent ExtentOf(const Input &z) const { return {z, channels_}; }
  Noise NoiseOf(const Call &call) const { return Noise(attributes_, call); }

  /** Writes the softmax over groups of the logits to `r`, one vector per group; returns the logarithm of its denominator. */
  template <class Count>
  static Floats Share(const Noise &noise, const PixelExtent &e, const float *x, const float *z, const float *log_m, float *r,
                      int64_t i, Count n) {
    Floats largest = {};
    for (int64_t k = 0; k < e.groups; ++k) {
      Floats logit = noise.LogLikelihood(x + e.Value(0, i), z + e.Value(k, i), e.channels, n);
      if (log_m != nullptr) logit += Load(log_m + e.Pixel(k, i), n);
      Store(r + k * kLanes, logit, All{});
      largest = k == 0 ? logit : largest < logit ? logit : largest;
    }
    Floats total = {};
    for (int64_t k = 0; k < e.groups; ++k) {
      const Floats weight = Exp(Load(r + k * kLanes, All{}) - largest);
      Store(r + k * kLanes, weight, All{});
      total += weight;
    }
    for (int64_t k = 0; k < e.groups; ++k) Store(r + k * kLanes, Load(r + k * kLanes, All{}) / total, All{});
    return largest + Log(total);
  }

 private:
  int64_t channels_;
  Attributes &attributes_;
};

/** Inputs: x, z, noise; output L. */
template <class Noise>
class PixelLikelihood : OfPixels<Noise> {
 public:
  using OfPixels<Noise>::OfPixels;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const Noise noise = this->NoiseOf(call);
    const PixelExtent e = this->ExtentOf(z);
    float *likelihood = call.Output(0, e.ShapeOf(z));
    SumPixels(e, [&](int64_t i, auto n, float *r) {
      this->Share(noise, e, x, z.values, nullptr, r, i, n);
      for (int64_t k = 0; k < e.groups; ++k) Store(likelihood + e.Pixel(k, i), Load(r + k * kLanes, All{}), n);
      return Floats{};
    });
  }
};

/** a_k = L_k (g_k - sum of g L), dz = slope u a. Inputs: dy, x, z, L, noise; outputs: dz, d log v. */
template <class Noise>
class PixelLikelihoodGradient : OfPixels<Noise> {
 public:
  using OfPixels<Noise>::OfPixels;
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *likelihood = call.input(3).values;
    const Noise noise = this->NoiseOf(call);
    const PixelExtent e = this->ExtentOf(z);
    float *dz = call.Output(0, z.shape);
    const double sum = SumPixels(e, [&](int64_t i, auto n, float *) {
      Floats mean = {};
      for (int64_t k = 0; k < e.groups; ++k) {
        mean += Load(dy + e.Pixel(k, i), n) * Load(likelihood + e.Pixel(k, i), n);
      }
      Floats change = {};
      for (int64_t k = 0; k < e.groups; ++k) {
        const Floats a = Load(likelihood + e.Pixel(k, i), n) * (Load(dy + e.Pixel(k, i), n) - mean);
        for (int64_t c = 0; c < e.channels; ++c) {
          const Floats input = LoadChannel(x + e.Value(0, i) + c, e.channels, n);
          const Floats prediction = LoadChannel(z.values + e.Value(k, i) + c, e.channels, n);
          const Floats of_z = noise.Force(input, prediction) * a * noise.slope;
          StoreChannel(dz + e.Value(k, i) + c, e.channels, of_z, n);
          change += of_z * noise.Distance(input, prediction);
        }
      }
      return change;
    });
    // d log z~_k / d log v = d_k^2 v / 2 s^2
    if constexpr (Noise::kLearned) {
      call.Output(1, {})[0] = static_cast<float>(sum * noise.variance().learned / (2 * noise.variance().total));
    }
  }
};

/** r u. Inputs: x, z, log m, noise. */
template <class Noise>
class PixelError : OfPixels<Noise> {
 public:
  using OfPixels<Noise>::OfPixels;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *log_m = call.input(2).values;
    const Noise noise = this->NoiseOf(call);
    const PixelExtent e = this->ExtentOf(z);
    float *error = call.Output(0, z.shape);
    SumPixels(e, [&](int64_t i, auto n, float *r) {
      this->Share(noise, e, x, z.values, log_m, r, i, n);
      for (int64_t k = 0; k < e.groups; ++k) {
        for (int64_t c = 0; c < e.channels; ++c) {
          const Floats input = LoadChannel(x + e.Value(0, i) + c, e.channels, n);
          const Floats prediction = LoadChannel(z.values + e.Value(k, i) + c, e.channels, n);
          const Floats value = noise.Force(input, prediction) * Load(r + k * kLanes, All{});
          StoreChannel(error + e.Value(k, i) + c, e.channels, value, n);
        }
      }
      return Floats{};
    });
  }
};

/**
 * a_k = r_k (G_k - sum of G r) for log m, with G_k the sum of g u over channels; for z, slope u a + g r du/dz. Inputs: dy, x, z,
 * log m, noise; outputs: dz, d log m, d log v.
 */
template <class Noise>
class PixelErrorGradient : OfPixels<Noise> {
 public:
  using OfPixels<Noise>::OfPixels;
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *log_m = call.input(3).values;
    const Noise noise = this->NoiseOf(call);
    const PixelExtent e = this->ExtentOf(z);
    float *dz = call.Output(0, z.shape);
    float *d_log_m = call.Output(1, e.ShapeOf(z));
    const double sum = SumPixels(e, [&](int64_t i, auto n, float *r) {
      this->Share(noise, e, x, z.values, log_m, r, i, n);
      Floats mean = {};
      for (int64_t k = 0; k < e.groups; ++k) {
        Floats of_r = {};
        for (int64_t c = 0; c < e.channels; ++c) {
          const int64_t at = e.Value(k, i) + c;
          const Floats input = LoadChannel(x + e.Value(0, i) + c, e.channels, n);
          of_r += LoadChannel(dy + at, e.channels, n) * noise.Force(input, LoadChannel(z.values + at, e.channels, n));
        }
        Store(d_log_m + e.Pixel(k, i), of_r, n);
        mean += of_r * Load(r + k * kLanes, All{});
      }
      Floats change = {};
      for (int64_t k = 0; k < e.groups; ++k) {
        const Floats share = Load(r + k * kLanes, All{});
        const Floats a = share * (Load(d_log_m + e.Pixel(k, i), n) - mean);
        Store(d_log_m + e.Pixel(k, i), a, n);
        for (int64_t c = 0; c < e.channels; ++c) {
          const int64_t at = e.Value(k, i) + c;
          const Floats input = LoadChannel(x + e.Value(0, i) + c, e.channels, n);
          const Floats prediction = LoadChannel(z.values + at, e.channels, n);
          const Floats u = noise.Force(input, prediction);
          const Floats indirect = u * a * noise.slope;
          const Floats direct = LoadChannel(dy + at, e.channels, n) * share * noise.ForceSlope(u);
          StoreChannel(dz + at, e.channels, indirect + direct, n);
          change += noise.Distance(input, prediction) * (indirect * 0.5f + direct);
        }
      }
      return change;
    });
    // d logit_k / d log v = d_k^2 v / 2 s^2, and d u / d log v = -d v / s^2
    if constexpr (Noise::kLearned) {
      call.Output(2, {})[0] = static_cast<float>(sum * noise.variance().learned / noise.variance().total);
    }
  }
};

/** -mean of log sum over groups of exp(logit), per value. Inputs: x, z, log m, noise. */
template <class Noise>
class PixelCost : OfPixels<Noise> {
 public:
  using OfPixels<Noise>::OfPixels;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *log_m = call.input(2).values;
    const Noise noise = this->NoiseOf(call);
    const PixelExtent e = this->ExtentOf(z);
    const double sum = SumPixels(
        e, [&](int64_t i, auto n, float *r) { return this->Share(noise, e, x, z.values, log_m, r, i, n); });
    call.Output(0, {})[0] = static_cast<float>(noise.constant() - sum / static_cast<double>(e.size * e.channels));
  }
};

/** a_k = -dy r_k / (B P C) for log m, slope u a for z. Inputs: dy, x, z, log m, noise; outputs: dz, d log m, d log v. */
template <class Noise>
class PixelCostGradient : OfPixels<Noise> {
 public:
  using OfPixels<Noise>::OfPixels;
  void Compute(Call &call) const {
    const float dy = call.input(0).values[0];
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *log_m = call.input(3).values;
    const Noise noise = this->NoiseOf(call);
    const PixelExtent e = this->ExtentOf(z);
    const float share = -dy / static_cast<float>(e.size * e.channels);
    float *dz = call.Output(0, z.shape);
    float *d_log_m = call.Output(1, e.ShapeOf(z));
    const double sum = SumPixels(e, [&](int64_t i, auto n, float *r) {
      this->Share(noise, e, x, z.values, log_m, r, i, n);
      Floats change = {};
      for (int64_t k = 0; k < e.groups; ++k) {
        const Floats a = Load(r + k * kLanes, All{}) * share;
        Store(d_log_m + e.Pixel(k, i), a, n);
        for (int64_t c = 0; c < e.channels; ++c) {
          const int64_t at = e.Value(k, i) + c;
          const Floats input = LoadChannel(x + e.Value(0, i) + c, e.channels, n);
          const Floats prediction = LoadChannel(z.values + at, e.channels, n);
          const Floats of_z = noise.Force(input, prediction) * a * noise.slope;
          StoreChannel(dz + at, e.channels, of_z, n);
          change += of_z * noise.Distance(input, prediction);
        }
      }
      return change;
    });
    // d logit_k / d log v = d_k^2 / 2v - C/2, and the a_k sum to -dy / C
    if constexpr (Noise::kLearned) call.Output(2, {})[0] = static_cast<float>((sum + dy) / 2);
  }
};

/** d m phi, with phi the product of Normal(d; 0, s) over channels. Inputs: x, z, m, log v. */
class GaussianAlgorithmErrorOfPixels : OfPixels<GaussianOfPixels> {
 public:
  using OfPixels::OfPixels;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *m = call.input(2).values;
    const GaussianOfPixels noise = NoiseOf(call);
    const PixelExtent e = ExtentOf(z);
    const float log_scale = static_cast<float>(e.channels) * std::log(noise.variance().Scale());
    float *error = call.Output(0, z.shape);
    SumPixels(e, [&](int64_t i, auto n, float *) {
      for (int64_t k = 0; k < e.groups; ++k) {
        const Floats log_likelihood = noise.LogLikelihood(x + e.Value(0, i), z.values + e.Value(k, i), e.channels, n);
        // The factor of the density alone may exceed float32.
        const Floats phi = Exp(log_likelihood + log_scale);
        const Floats weight = Load(m + e.Pixel(k, i), n) * phi;
        for (int64_t c = 0; c < e.channels; ++c) {
          const int64_t at = e.Value(k, i) + c;
          const Floats d = LoadChannel(x + e.Value(0, i) + c, e.channels, n) - LoadChannel(z.values + at, e.channels, n);
          StoreChannel(error + at, e.channels, d * weight, n);
        }
      }
      return Floats{};
    });
  }
};

/** With G the sum of g d over channels: m phi (G d / s - g) for z, G phi for m. Inputs: dy, x, z, m, log v; outputs: also d log v. */
class GaussianAlgorithmErrorOfPixelsGradient : OfPixels<GaussianOfPixels> {
 public:
  using OfPixels::OfPixels;
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *m = call.input(3).values;
    const GaussianOfPixels noise = NoiseOf(call);
    const PixelExtent e = ExtentOf(z);
    const float log_scale = static_cast<float>(e.channels) * std::log(noise.variance().Scale());
    const float precision = noise.variance().Precision();
    float *dz = call.Output(0, z.shape);
    float *dm = call.Output(1, e.ShapeOf(z));
    const double sum = SumPixels(e, [&](int64_t i, auto n, float *) {
      Floats change = {};
      for (int64_t k = 0; k < e.groups; ++k) {
        Floats gd = {};
        Floats distance = {};
        for (int64_t c = 0; c < e.channels; ++c) {
          const int64_t at = e.Value(k, i) + c;
          const Floats d = LoadChannel(x + e.Value(0, i) + c, e.channels, n) - LoadChannel(z.values + at, e.channels, n);
          gd += LoadChannel(dy + at, e.channels, n) * d;
          distance += d * d;
        }
        distance *= precision;
        const Floats phi = Exp(distance * -0.5f + log_scale);
        const Floats weight = Load(m + e.Pixel(k, i), n) * phi;
        Store(dm + e.Pixel(k, i), gd * phi, n);
        for (int64_t c = 0; c < e.channels; ++c) {
          const int64_t at = e.Value(k, i) + c;
          const Floats d = LoadChannel(x + e.Value(0, i) + c, e.channels, n) - LoadChannel(z.values + at, e.channels, n);
          StoreChannel(dz + at, e.channels, weight * (gd * d * precision - LoadChannel(dy + at, e.channels, n)), n);
        }
        change += weight * gd * (distance - static_cast<float>(e.channels));
      }
      return change;
    });
    call.Output(2, {})[0] = static_cast<float>(sum * noise.variance().learned / (2 * noise.variance().total));
  }
};

/** d m. Attribute: channels; inputs: x, z, m. */
class GaussianResidualErrorOfPixels {
 public:
  explicit GaussianResidualErrorOfPixels(Attributes &attributes) : channels_(attributes.Int()) {}
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *m = call.input(2).values;
    const PixelExtent e(z, channels_);
    float *error = call.Output(0, z.shape);
    SumPixels(e, [&](int64_t i, auto n, float *) {
      for (int64_t k = 0; k < e.groups; ++k) {
        const Floats weight = Load(m + e.Pixel(k, i), n);
        for (int64_t c = 0; c < e.channels; ++c) {
          const int64_t at = e.Value(k, i) + c;
          const Floats d = LoadChannel(x + e.Value(0, i) + c, e.channels, n) - LoadChannel(z.values + at, e.channels, n);
          StoreChannel(error + at, e.channels, d * weight, n);
        }
      }
      return Floats{};
    });
  }

 private:
  int64_t channels_;
};

/** Attribute: channels; inputs: dy, x, z, m; outputs: dz, dm. */
class GaussianResidualErrorOfPixelsGradient {
 public:
  explicit GaussianResidualErrorOfPixelsGradient(Attributes &attributes) : channels_(attributes.Int()) {}
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *m = call.input(3).values;
    const PixelExtent e(z, channels_);
    float *dz = call.Output(0, z.shape);
    float *dm = call.Output(1, e.ShapeOf(z));
    SumPixels(e, [&](int64_t i, auto n, float *) {
      for (int64_t k = 0; k < e.groups; ++k) {
        const Floats weight = Load(m + e.Pixel(k, i), n);
        Floats gd = {};
        for (int64_t c = 0; c < e.channels; ++c) {
          const int64_t at = e.Value(k, i) + c;
          const Floats g = LoadChannel(dy + at, e.channels, n);
          const Floats input = LoadChannel(x + e.Value(0, i) + c, e.channels, n);
          StoreChannel(dz + at, e.channels, -(g * weight), n);
          gd += g * (input - LoadChannel(z.values + at, e.channels, n));
        }
        Store(dm + e.Pixel(k, i), gd, n);
      }
      return Floats{};
    });
  }

 private:
  int64_t channels_;
};

/** Copies rows of [pixels, channels] to rows of [channels, pixels], or back: [rows, a, b] to [rows, b, a]. */
inline void SwapColumns(int64_t rows, int64_t a, int64_t b, const float *from, int64_t from_length, float *to,
                        int64_t to_length) {
  ForRows(rows, [&](int64_t row) {
    const float *source = from + row * from_length;
    float *target = to + row * to_length;
    for (int64_t i = 0; i < b; ++i) {
      for (int64_t j = 0; j < a; ++j) target[i * a + j] = source[j * b + i];
    }
  });
}

/** Attribute: P; inputs: features [K, B, P C], of which each has a number of channels C of its own; output: their planes. */
class StackFeaturesOfPixels {
 public:
  explicit StackFeaturesOfPixels(Attributes &attributes) : size_(attributes.Int()) {}
  void Compute(Call &call) const {
    int64_t all = 0;
    for (int i = 0; i < call.count(); ++i) all += call.input(i).shape[2];
    const int64_t rows = call.input(0).shape[0] * call.input(0).shape[1];
    float *to = call.Output(0, {rows, all});
    for (int i = 0; i < call.count(); ++i) {
      const int64_t length = call.input(i).shape[2];
      if (length > 0) SwapColumns(rows, size_, length / size_, call.input(i).values, length, to, all);
      to += length;
    }
  }

 private:
  int64_t size_;
};

/** Attributes: K, B, P, the number of features, and the channels of each. Input: the gradient of the planes. */
class StackFeaturesOfPixelsGradient {
 public:
  explicit StackFeaturesOfPixelsGradient(Attributes &attributes)
      : groups_(attributes.Int()), batch_(attributes.Int()), size_(attributes.Int()), channels_(attributes.Int()) {
    for (int64_t &of : channels_) of = attributes.Int();
  }
  void Compute(Call &call) const {
    const float *from = call.input(0).values;
    const int64_t all = call.input(0).shape[1];
    for (size_t i = 0; i < channels_.size(); ++i) {
      const int64_t length = channels_[i] * size_;
      float *feature = call.Output(static_cast<int>(i), {groups_, batch_, length});
      SwapColumns(groups_ * batch_, channels_[i], size_, from, all, feature, length);
      from += length;
    }
  }

 private:
  int64_t groups_, batch_, size_;
  std::vector<int64_t> channels_;
};

}  // namespace taggerjs
