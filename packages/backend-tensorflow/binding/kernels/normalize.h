// Normalization of each row (layer normalization) or column (batch normalization) with gain, bias and rectifier, and its
// gradient:
//
//     y  = activation( (x - mean) inverse_std gain + bias ),   inverse_std = 1 / sqrt(variance + epsilon)
//     dx = f (g - mean(g) - xhat mean(g xhat)) + (d_mean - xhat inverse_std^2 d_inverse_std) / n
//
// with n the number of values normalized over, and means over them; xhat = (x - mean) inverse_std. g is dy (only where y > 0,
// if rectified), times the gain if the gain varies among these values (rows). f is inverse_std, times the gain if it does not
// vary.

#pragma once

#include <algorithm>

#include "columns.h"
#include "operation.h"

namespace taggerjs {

/** One value per column, or one for all. */
struct Parameter {
  const float *vector;
  Floats scalar;

  Parameter(const Input &input, bool exists, float otherwise)
      : vector(exists && input.rank() == 1 ? input.values : nullptr),
        scalar(Splat(exists && input.rank() == 0 ? input.values[0] : otherwise)) {}

  template <class Count>
  Floats At(int64_t column, Count count) const {
    return vector == nullptr ? scalar : Load(vector + column, count);
  }
};

/** Construction of both operations. */
struct NormalizeAttributes {
  bool by_rows;
  bool relu;
  bool has_gain;
  bool has_bias;

  explicit NormalizeAttributes(Attributes &attributes)
      : by_rows(attributes.Bool()),
        relu(attributes.Bool()),
        has_gain(attributes.Bool()),
        has_bias(attributes.Bool()) {}
};

class Normalize {
 public:
  explicit Normalize(Attributes &attributes) : a_(attributes), epsilon_(attributes.Float()) {}

  void Compute(Call &call) const {
    const Input &x = call.input(0);
    const int64_t rows = x.shape[0];
    const int64_t columns = x.shape[1];
    const Parameter gain(call.input(1), a_.has_gain, 1);
    const Parameter bias(call.input(2), a_.has_bias, 0);
    const int64_t count = a_.by_rows ? rows : columns;
    float *y = call.Output(0, {rows, columns});
    float *mean = call.Output(1, {count});
    float *inverse_std = call.Output(2, {count});
    if (a_.by_rows) {
      ForRows(rows, [&](int64_t row) {
        const float *from = x.values + row * columns;
        float *to = y + row * columns;
        Floats sum = {};
        ForLanes(columns, [&](int64_t i, auto n) { sum += Load(from + i, n); });
        const Floats center = Splat(Sum(sum) / columns);
        Floats squares = {};
        ForLanes(columns, [&](int64_t i, auto n) {
          const Floats d = Keep(Load(from + i, n) - center, n);
          squares += d * d;
        });
        mean[row] = center[0];
        inverse_std[row] = 1 / std::sqrt(Sum(squares) / columns + epsilon_);
        const Floats inverse = Splat(inverse_std[row]);
        ForLanes(columns, [&](int64_t i, auto n) {
          Scale((Load(from + i, n) - center) * inverse, gain, bias, i, n, to + i);
        });
      });
      return;
    }
    SumColumns<1>(rows, columns, &mean,
                  [&](int64_t row, int64_t i, auto n, Floats *terms) { terms[0] = Load(x.values + row * columns + i, n); });
    for (int64_t i = 0; i < columns; ++i) mean[i] /= rows;
    SumColumns<1>(rows, columns, &inverse_std, [&](int64_t row, int64_t i, auto n, Floats *terms) {
      const Floats d = Load(x.values + row * columns + i, n) - Load(mean + i, n);
      terms[0] = d * d;
    });
    for (int64_t i = 0; i < columns; ++i) inverse_std[i] = 1 / std::sqrt(inverse_std[i] / rows + epsilon_);
    ForRows(rows, [&](int64_t row) {
      const float *from = x.values + row * columns;
      ForLanes(columns, [&](int64_t i, auto n) {
        const Floats xhat = (Load(from + i, n) - Load(mean + i, n)) * Load(inverse_std + i, n);
        Scale(xhat, gain, bias, i, n, y + row * columns + i);
      });
    });
  }

 private:
  template <class Count>
  void Scale(Floats xhat, const Parameter &gain, const Parameter &bias, int64_t i, Count n, float *to) const {
    const Floats value = xhat * gain.At(i, n) + bias.At(i, n);
    Store(to, a_.relu ? Relu(value) : value, n);
  }

  NormalizeAttributes a_;
  float epsilon_;
};

/** The most rows of a task of the gradient of layer normalization. */
constexpr int64_t kGradientRows = 16;

/** Inputs: dy, d_mean, d_inverse_std, x, gain, bias, y, mean, inverse_std; outputs: dx, d_gain, d_bias. */
class NormalizeGradient {
 public:
  explicit NormalizeGradient(Attributes &attributes) : a_(attributes) {}

  void Compute(Call &call) const {
    const Input &x = call.input(3);
    const Matrices m{x.shape[0],           x.shape[1],           call.input(0).values,
                     x.values,             call.input(6).values, call.input(7).values,
                     call.input(8).values, call.input(1).values, call.input(2).values,
                     Parameter(call.input(4), a_.has_gain, 1),   call.Output(0, {x.shape[0], x.shape[1]})};
    // The sums over rows of g xhat and of g, before the gain; only one of them if only one parameter is a vector.
    std::vector<float> sums(2 * m.columns);
    if (a_.by_rows) {
      ByRows(m, a_.has_gain || a_.has_bias, sums.data());
    } else {
      ByColumns(m, sums.data());
    }
    Give(call, 1, a_.has_gain, call.input(4), sums.data(), m.columns);
    Give(call, 2, a_.has_bias, call.input(5), sums.data() + m.columns, m.columns);
  }

 private:
  struct Matrices {
    int64_t rows, columns;
    const float *dy, *x, *y, *mean, *inverse_std, *d_mean, *d_inverse_std;
    Parameter gain;
    float *dx;
  };

  /** The gradient after the rectifier, before gain and bias. */
  template <class Count>
  Floats Behind(const Matrices &m, int64_t at, Count n) const {
    const Floats dy = Load(m.dy + at, n);
    return a_.relu ? ReluGradient(dy, Load(m.y + at, n)) : dy;
  }

  void ByRows(const Matrices &m, bool sums_wanted, float *sums) const {
    const int64_t columns = m.columns;
    // Each task sums its rows in float32.
    const int64_t each = std::min(RowsOfTask(m.rows), kGradientRows);
    const int64_t tasks = TasksOf(m.rows, each);
    std::vector<float> parts(sums_wanted ? tasks * 2 * columns : 0);  // [tasks, 2, columns]
    ParallelParts(m.rows, each, [&](int64_t first, int64_t count) {
      float *products = sums_wanted ? parts.data() + first / each * 2 * columns : nullptr;
      for (int64_t row = first; row < first + count; ++row) {
        const int64_t at = row * columns;
        const Floats center = Splat(m.mean[row]);
        const float inverse = m.inverse_std[row];
        Floats sum_g = {};
        Floats sum_product = {};
        ForLanes(columns, [&](int64_t i, auto n) {
          const Floats g = Behind(m, at + i, n);
          const Floats product = g * ((Load(m.x + at + i, n) - center) * inverse);
          if (products != nullptr) {
            Store(products + i, Load(products + i, n) + product, n);
            Store(products + columns + i, Load(products + columns + i, n) + g, n);
          }
          const Floats gain = m.gain.At(i, n);
          sum_g += Keep(g * gain, n);
          sum_product += Keep(product * gain, n);
        });
        const Floats a = Splat(Sum(sum_g) / columns * inverse - m.d_mean[row] / columns);
        const Floats b = Splat(inverse * (Sum(sum_product) / columns + m.d_inverse_std[row] * (inverse / columns)));
        ForLanes(columns, [&](int64_t i, auto n) {
          const Floats g = Behind(m, at + i, n) * m.gain.At(i, n);
          const Floats xhat = (Load(m.x + at + i, n) - center) * inverse;
          Store(m.dx + at + i, (g * inverse - a) - xhat * b, n);
        });
      }
    });
    if (!sums_wanted) return;
    float *const both[1] = {sums};
    SumColumns<1>(tasks, 2 * columns, both, [&](int64_t task, int64_t i, auto n, Floats *terms) {
      terms[0] = Load(parts.data() + task * 2 * columns + i, n);
    });
  }

  void ByColumns(const Matrices &m, float *sums) const {
    const int64_t columns = m.columns;
    float *const both[2] = {sums, sums + columns};
    const auto xhat_at = [&](int64_t row, int64_t i, auto n) {
      return (Load(m.x + row * columns + i, n) - Load(m.mean + i, n)) * Load(m.inverse_std + i, n);
    };
    SumColumns<2>(m.rows, columns, both, [&](int64_t row, int64_t i, auto n, Floats *terms) {
      const Floats g = Behind(m, row * columns + i, n);
      terms[0] = g * xhat_at(row, i, n);
      terms[1] = g;
    });
    const float share = 1.0f / static_cast<float>(m.rows);
    ForRows(m.rows, [&](int64_t row) {
      ForLanes(columns, [&](int64_t i, auto n) {
        const Floats inverse = Load(m.inverse_std + i, n);
        const Floats factor = inverse * m.gain.At(i, n);
        const Floats xhat = xhat_at(row, i, n);
        const Floats from_sums = factor * (Load(both[1] + i, n) + xhat * Load(both[0] + i, n));
        const Floats from_statistics =
            Load(m.d_mean + i, n) - xhat * (inverse * inverse * Load(m.d_inverse_std + i, n));
        const Floats g = Behind(m, row * columns + i, n);
        Store(m.dx + row * columns + i, factor * g - (from_sums - from_statistics) * share, n);
      });
    });
  }

  /** The gradient of gain or bias: the sum of each column, or of all values; 0 if the parameter is absent. */
  static void Give(Call &call, int i, bool exists, const Input &parameter, const float *sums, int64_t columns) {
    float *to = exists ? call.Output(i, parameter.shape) : call.Output(i, {});
    if (!exists) {
      to[0] = 0;
    } else if (parameter.rank() == 0) {
      to[0] = SumAll(sums, columns);
    } else {
      memcpy(to, sums, columns * sizeof(float));
    }
  }

  NormalizeAttributes a_;
};

}  // namespace taggerjs
