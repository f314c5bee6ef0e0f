// Sums of each column over the rows of a matrix.

#pragma once

#include "lanes.h"
#include "pool.h"

namespace taggerjs {

/** Columns per task: half a kilobyte of each row. */
constexpr int64_t kStrip = 128;

/**
 * Rows that are summed in float32 before their sum is added to one in float64. The error of a naive sum grows with their
 * number: in batch normalization of values with a large mean, it would be as large as the values' deviation.
 */
constexpr int64_t kSumRows = 8;

/**
 * sums[s][column] = the sum over rows of the terms from f: f(row, column, count, terms) writes kSums terms for the columns
 * from `column`. Each task goes down the rows of its columns, so it alone computes their sums; f may also write to these
 * columns.
 */
template <int kSums, class F>
inline void SumColumns(int64_t rows, int64_t columns, float *const *sums, const F &f) {
  ParallelParts(columns, kStrip, [&](int64_t first, int64_t width) {
    alignas(64) double total[kSums][kStrip] = {};
    alignas(64) float part[kSums][kStrip];
    for (int64_t from = 0; from < rows; from += kSumRows) {
      memset(part, 0, sizeof part);
      const int64_t to = from + kSumRows < rows ? from + kSumRows : rows;
      for (int64_t row = from; row < to; ++row) {
        ForLanes(width, [&](int64_t i, auto count) {
          Floats terms[kSums];
          f(row, first + i, count, terms);
          // The lanes beyond the width are summed too, but not used.
          for (int s = 0; s < kSums; ++s) Store(part[s] + i, Load(part[s] + i, All{}) + terms[s], All{});
        });
      }
      for (int s = 0; s < kSums; ++s) {
        for (int64_t i = 0; i < kStrip; ++i) total[s][i] += part[s][i];
      }
    }
    for (int s = 0; s < kSums; ++s) {
      for (int64_t i = 0; i < width; ++i) sums[s][first + i] = static_cast<float>(total[s][i]);
    }
  });
}

/** Rows per task, for tasks of whole rows: 1/32 of all rows, so that there are enough tasks for all threads. */
inline int64_t RowsOfTask(int64_t rows) { return rows <= 32 ? 1 : TasksOf(rows, 32); }

/** f(row) for all rows, on all threads. */
template <class F>
inline void ForRows(int64_t rows, const F &f) {
  ParallelParts(rows, RowsOfTask(rows), [&](int64_t first, int64_t count) {
    for (int64_t row = first; row < first + count; ++row) f(row);
  });
}

/** The sum of all values, in float64. */
inline float SumAll(const float *values, int64_t size) {
  double sum = 0;
  for (int64_t i = 0; i < size; ++i) sum += values[i];
  return static_cast<float>(sum);
}

}  // namespace taggerjs
