// Gaussian noise: the assignment likelihood, three forms of the modeling error, the denoising cost, and their gradients with
// respect to predictions, assignments and the logarithm of the learned variance v.
//
// d = x - z; s = v + sigma^2, or v alone in the cost. Only the gradient of log v sums over all positions.

#pragma once

#include "groups.h"

namespace taggerjs {

/** The variance around a prediction, from the input log v and the attribute sigma^2. */
struct Variance {
  double learned;
  double total;

  Variance(const Input &log_variance, double noise)
      : learned(std::exp(static_cast<double>(log_variance.values[0]))), total(learned + noise) {}

  float HalfPrecision() const { return static_cast<float>(0.5 / total); }
  float Precision() const { return static_cast<float>(1 / total); }
  /** The factor of the density, 1 / sqrt(2 pi s). */
  float Scale() const { return static_cast<float>(1 / std::sqrt(2 * 3.14159265358979323846 * total)); }
};

/** -d^2 / 2s, plus log m unless it is null. Every call returns the same bits, so that the largest minus itself is 0. */
template <class Count>
inline Floats Logit(Floats x, const float *z, const float *log_m, int64_t at, float half, Count n) {
  const Floats d = x - Load(z + at, n);
  const Floats logit = -(d * d * half);
  return Rounded(log_m == nullptr ? logit : logit + Load(log_m + at, n));
}

/**
 * Writes the unnormalized softmax over groups of {@link Logit} to `to`, unless that is null. Returns the sum of these
 * weights.
 */
template <class Count>
inline Floats WeighDistances(const Extent &e, Floats x, const float *z, const float *log_m, float half, float *to, int64_t i,
                             Count n, Floats *largest) {
  return Weigh(e, to, i, n, largest, [&](int64_t k) { return Logit(x, z, log_m, k * e.size + i, half, n); });
}

/** Construction of all operations: sigma^2, the variance of the noise; 0 for the cost. */
class Gaussian {
 public:
  explicit Gaussian(Attributes &attributes) : noise_(attributes.Float()) {}

 protected:
  Variance Around(const Input &log_variance) const { return Variance(log_variance, noise_); }

 private:
  float noise_;
};

/** Inputs: x, z, log v. */
class GaussianLikelihood : Gaussian {
 public:
  using Gaussian::Gaussian;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float half = Around(call.input(2)).HalfPrecision();
    const Extent e(z);
    float *likelihood = call.Output(0, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      Floats largest;
      const Floats total = WeighDistances(e, Load(x + i, n), z.values, nullptr, half, likelihood, i, n, &largest);
      for (const int64_t at : e.GroupsAt(i)) {
        Store(likelihood + at, Load(likelihood + at, n) / total, n);
      }
    });
  }
};

/** Inputs: dy, x, z, log v, L; outputs: dz, d log v. */
class GaussianLikelihoodGradient : Gaussian {
 public:
  using Gaussian::Gaussian;
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const Variance variance = Around(call.input(3));
    const float *likelihood = call.input(4).values;
    const Extent e(z);
    float *dz = call.Output(0, z.shape);
    const double sum = SumPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      Floats mean = {};
      for (const int64_t at : e.GroupsAt(i)) mean += Load(dy + at, n) * Load(likelihood + at, n);
      Floats change = {};
      for (const int64_t at : e.GroupsAt(i)) {
        const Floats d = input - Load(z.values + at, n);
        const Floats of_z = Load(likelihood + at, n) * (Load(dy + at, n) - mean) * (d * variance.Precision());
        Store(dz + at, of_z, n);
        change += of_z * d;
      }
      return change;
    });
    // d log z~_k / d log v = d_k^2 v / 2 s^2
    call.Output(1, {})[0] = static_cast<float>(sum * variance.learned / (2 * variance.total));
  }
};

/** d m Normal(d; 0, s). Inputs: x, z, m, log v. */
class GaussianAlgorithmError : Gaussian {
 public:
  using Gaussian::Gaussian;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *m = call.input(2).values;
    const Variance variance = Around(call.input(3));
    const float half = variance.HalfPrecision();
    const float scale = variance.Scale();
    const Extent e(z);
    float *error = call.Output(0, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      for (const int64_t at : e.GroupsAt(i)) {
        const Floats d = input - Load(z.values + at, n);
        Store(error + at, d * Load(m + at, n) * (Exp(-(d * d * half)) * scale), n);
      }
    });
  }
};

/** Inputs: dy, x, z, m, log v; outputs: dz, dm, d log v. */
class GaussianAlgorithmErrorGradient : Gaussian {
 public:
  using Gaussian::Gaussian;
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *m = call.input(3).values;
    const Variance variance = Around(call.input(4));
    const float half = variance.HalfPrecision();
    const float precision = variance.Precision();
    const float scale = variance.Scale();
    const Extent e(z);
    float *dz = call.Output(0, z.shape);
    float *dm = call.Output(1, z.shape);
    const double sum = SumPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      Floats change = {};
      for (const int64_t at : e.GroupsAt(i)) {
        const Floats d = input - Load(z.values + at, n);
        const Floats g = Load(dy + at, n) * (Exp(-(d * d * half)) * scale);
        // d/dd of d exp(-d^2 / 2s) = (1 - d^2 / s) exp(-d^2 / 2s), and dd = -dz
        const Floats of_z = g * Load(m + at, n) * (d * d * precision - 1.0f);
        Store(dz + at, of_z, n);
        Store(dm + at, g * d, n);
        change += of_z * d;
      }
      return change;
    });
    // d log dz / ds = (d^2 / s - 1) / 2s, ds / d log v = v
    call.Output(2, {})[0] = static_cast<float>(sum * variance.learned / (2 * variance.total));
  }
};

/** r d / s, with r the softmax over groups of log m - d^2 / 2s. Inputs: x, z, log m, log v. */
class GaussianExactError : Gaussian {
 public:
  using Gaussian::Gaussian;
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *log_m = call.input(2).values;
    const Variance variance = Around(call.input(3));
    const float half = variance.HalfPrecision();
    const float precision = variance.Precision();
    const Extent e(z);
    float *error = call.Output(0, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      Floats largest;
      const Floats total = WeighDistances(e, input, z.values, log_m, half, error, i, n, &largest);
      for (const int64_t at : e.GroupsAt(i)) {
        const Floats d = input - Load(z.values + at, n);
        Store(error + at, d * precision * (Load(error + at, n) / total), n);
      }
    });
  }
};

/** Inputs: dy, x, z, log m, log v; outputs: dz, d log m, d log v. */
class GaussianExactErrorGradient : Gaussian {
 public:
  using Gaussian::Gaussian;
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *log_m = call.input(3).values;
    const Variance variance = Around(call.input(4));
    const float half = variance.HalfPrecision();
    const float precision = variance.Precision();
    const Extent e(z);
    float *dz = call.Output(0, z.shape);
    float *d_log_m = call.Output(1, z.shape);
    const double sum = SumPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      Floats largest;
      const Floats total = WeighDistances(e, input, z.values, log_m, half, dz, i, n, &largest);
      // There are two paths: directly, and through r to its logits. The gradient of r is g d / s; the gradient of the logits
      // is r times the difference of that and its mean under r.
      Floats mean = {};
      for (const int64_t at : e.GroupsAt(i)) {
        const Floats d = input - Load(z.values + at, n);
        const Floats r = Load(dz + at, n) / total;
        Store(dz + at, r, n);
        mean += Load(dy + at, n) * (d * precision) * r;
      }
      Floats change = {};
      for (const int64_t at : e.GroupsAt(i)) {
        const Floats d = input - Load(z.values + at, n);
        const Floats r = Load(dz + at, n);
        const Floats g = Load(dy + at, n);
        const Floats d_logit = r * (g * (d * precision) - mean);
        const Floats indirect = d_logit * d;
        const Floats direct = g * r;
        Store(d_log_m + at, d_logit, n);
        Store(dz + at, (indirect - direct) * precision, n);
        change += d * (indirect * 0.5f - direct);
      }
      return change;
    });
    // ds: (d logit_k d_k^2 / 2 - g_k r_k d_k) / s^2, ds / d log v = v
    call.Output(2, {})[0] = static_cast<float>(sum * variance.learned / (variance.total * variance.total));
  }
};

/** d m. Inputs: x, z, m. */
class GaussianResidualError {
 public:
  explicit GaussianResidualError(Attributes &) {}
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *m = call.input(2).values;
    const Extent e(z);
    float *error = call.Output(0, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      for (const int64_t at : e.GroupsAt(i)) {
        Store(error + at, (input - Load(z.values + at, n)) * Load(m + at, n), n);
      }
    });
  }
};

/** Inputs: dy, x, z, m; outputs: dz, dm. */
class GaussianResidualErrorGradient {
 public:
  explicit GaussianResidualErrorGradient(Attributes &) {}
  void Compute(Call &call) const {
    const float *dy = call.input(0).values;
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *m = call.input(3).values;
    const Extent e(z);
    float *dz = call.Output(0, z.shape);
    float *dm = call.Output(1, z.shape);
    ForPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      for (const int64_t at : e.GroupsAt(i)) {
        const Floats g = Load(dy + at, n);
        Store(dz + at, -(g * Load(m + at, n)), n);
        Store(dm + at, g * (input - Load(z.values + at, n)), n);
      }
    });
  }
};

/** (log v + log 2 pi) / 2 - mean of log sum over groups of exp(log m - d^2 / 2v). Inputs: x, z, log m, log v. */
class GaussianCost {
 public:
  explicit GaussianCost(Attributes &) {}
  void Compute(Call &call) const {
    const float *x = call.input(0).values;
    const Input &z = call.input(1);
    const float *log_m = call.input(2).values;
    const float half = Variance(call.input(3), 0).HalfPrecision();
    const Extent e(z);
    const double sum = SumPositions(e.size, [&](int64_t i, auto n) {
      Floats largest;
      const Floats total = WeighDistances(e, Load(x + i, n), z.values, log_m, half, nullptr, i, n, &largest);
      return largest + Log(total);
    });
    const double constant = (call.input(3).values[0] + std::log(2 * 3.14159265358979323846)) / 2;
    call.Output(0, {})[0] = static_cast<float>(constant - sum / static_cast<double>(e.size));
  }
};

/** Inputs: dy, x, z, log m, log v; outputs: dz, d log m, d log v. */
class GaussianCostGradient {
 public:
  explicit GaussianCostGradient(Attributes &) {}
  void Compute(Call &call) const {
    const float dy = call.input(0).values[0];
    const float *x = call.input(1).values;
    const Input &z = call.input(2);
    const float *log_m = call.input(3).values;
    const Variance variance(call.input(4), 0);
    const float half = variance.HalfPrecision();
    const float precision = variance.Precision();
    const Extent e(z);
    const float share = -dy / static_cast<float>(e.size);
    float *dz = call.Output(0, z.shape);
    float *d_log_m = call.Output(1, z.shape);
    const double sum = SumPositions(e.size, [&](int64_t i, auto n) {
      const Floats input = Load(x + i, n);
      Floats largest;
      const Floats total = WeighDistances(e, input, z.values, log_m, half, d_log_m, i, n, &largest);
      const Floats factor = share / total;
      Floats change = {};
      for (const int64_t at : e.GroupsAt(i)) {
        const Floats d = input - Load(z.values + at, n);
        const Floats d_logit = Load(d_log_m + at, n) * factor;
        const Floats product = d_logit * d;
        Store(d_log_m + at, d_logit, n);
        Store(dz + at, product * precision, n);
        change += product * d;
      }
      return change;
    });
    // d logit_k / d log v = d_k^2 / 2v - 1/2, and the d logit sum to -dy
    call.Output(2, {})[0] = static_cast<float>((sum / variance.total + dy) / 2);
  }
};

}  // namespace taggerjs
