// Products of stacked features and weights, and their gradient with respect to the weights, without the work for features that
// are constant: those before the first that varies, and after the last.

#pragma once

#include <cmath>

#include "columns.h"
#include "product.h"

namespace taggerjs {

/** The attributes of both kernels: arithmetic, number of features, and the value of each, NaN for one that varies. */
class Features {
 public:
  explicit Features(Attributes &attributes)
      : products(static_cast<Arithmetic>(attributes.Int())), constants(static_cast<size_t>(attributes.Int())) {
    for (double &constant : constants) constant = attributes.Double();
    while (first < number() && !std::isnan(constants[first])) ++first;
    end = number();
    while (end > first && !std::isnan(constants[end - 1])) --end;
    // If none varies, all are multiplied.
    if (end == first) first = 0, end = number();
  }

  int64_t number() const { return static_cast<int64_t>(constants.size()); }
  bool Multiplies(int64_t feature) const { return feature >= first && feature < end; }

  /** Of `inner` entries: those of one feature, and the range of those that are multiplied. */
  struct Entries {
    int64_t size, first, end;
  };
  Entries EntriesOf(int64_t inner) const {
    const int64_t size = inner / number();
    return {size, first * size, end * size};
  }

  Products products;
  std::vector<double> constants;
  /** Features from `first` to before `end` are multiplied. */
  int64_t first = 0, end = 0;
};

/** Inputs: x [R, F N], weights [F N, H]; output: their product. Each constant feature adds the same row to all rows. */
class FeatureProduct {
 public:
  explicit FeatureProduct(Attributes &attributes) : features_(attributes) {}

  void Compute(Call &call) const {
    const Input &x = call.input(0);
    const Input &weights = call.input(1);
    const int64_t rows = x.shape[0];
    const int64_t inner = x.shape[1];
    const int64_t columns = weights.shape[1];
    const auto [size, first, end] = features_.EntriesOf(inner);
    float *y = call.Output(0, {rows, columns});
    const int64_t constants = inner - (end - first);
    std::vector<float> constant(columns);
    float *sums = constant.data();
    SumColumns<1>(constants, columns, &sums, [&](int64_t i, int64_t column, auto n, Floats *terms) {
      const int64_t row = i < first ? i : i + (end - first);
      const float value = static_cast<float>(features_.constants[row / size]);
      terms[0] = value * Load(weights.values + row * columns + column, n);
    });
    ForRows(rows, [&](int64_t row) { memcpy(y + row * columns, sums, columns * sizeof(float)); });
    if (rows * columns * inner == 0) return;
    const Operand left{x.values + first, rows, end - first, true, inner};
    const Operand right{weights.values, columns, inner, false, columns};
    features_.products.MultiplyWeights(call, left, weights.id, right, first, {y, columns, columns, true});
  }

 private:
  Features features_;
};

/** Inputs: x [R, F N], dy [R, H]; output: x^T dy. The rows of a constant feature are the same. */
class FeatureProductGradient {
 public:
  explicit FeatureProductGradient(Attributes &attributes) : features_(attributes) {}

  void Compute(Call &call) const {
    const Input &x = call.input(0);
    const Input &dy = call.input(1);
    const int64_t rows = x.shape[0];
    const int64_t inner = x.shape[1];
    const int64_t columns = dy.shape[1];
    const auto [size, first, end] = features_.EntriesOf(inner);
    float *gradient = call.Output(0, {inner, columns});
    std::vector<float> total(columns);
    float *sums = total.data();
    SumColumns<1>(rows, columns, &sums, [&](int64_t row, int64_t column, auto n, Floats *terms) {
      terms[0] = Load(dy.values + row * columns + column, n);
    });
    ForRows(inner, [&](int64_t row) {
      if (features_.Multiplies(row / size)) return;
      const float value = static_cast<float>(features_.constants[row / size]);
      ForLanes(columns, [&](int64_t i, auto n) { Store(gradient + row * columns + i, value * Load(sums + i, n), n); });
    });
    float *varying = gradient + first * columns;
    if (rows == 0) memset(varying, 0, (end - first) * columns * sizeof(float));
    if (rows * columns * inner == 0) return;
    const Operand left{x.values + first, end - first, rows, false, inner};
    const Operand right{dy.values, columns, rows, false, columns};
    features_.products.Multiply(left, right, {varying, columns, columns, false});
  }

 private:
  Features features_;
};

}  // namespace taggerjs
