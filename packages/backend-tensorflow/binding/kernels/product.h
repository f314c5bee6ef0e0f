// Matrix products, op(a) op(b) with optional transposes, in float32, or of operands that are rounded to bfloat16, with float32
// sums.
//
// Both operands are packed into blocks of 16 x 16 units of 32 bits; a unit is one float32 or two bfloat16 numbers of
// consecutive k. A block of a has 16 rows of 16 units, a block of b 16 units of 16 columns; the blocks of 16 rows or columns
// form a panel, along k. So float32, bfloat16 vectors and AMX's tiles share everything but the innermost loop.

#pragma once

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "../memory.h"
#include "bfloat16.h"
#include "operation.h"
#include "pool.h"

namespace taggerjs {

/** What multiplies; the numbers are those of the attribute `arithmetic`. */
enum class Arithmetic { kFloat32 = 0, kBfloat16 = 1, kSoftwareBfloat16 = 2, kSoftwareTiles = 3, kBfloat16Vectors = 4 };

/** A matrix of [outer, k] values: a if outer are its rows, b if they are its columns. */
struct Operand {
  const float *values;
  int64_t outer, k;
  /** Whether the values of consecutive k are adjacent, and the distance of the others. */
  bool k_adjacent;
  int64_t stride;

  /** The values from `outer` and `k` on. */
  Operand Part(int64_t first, int64_t outers, int64_t from, int64_t ks) const {
    const int64_t at = k_adjacent ? first * stride + from : from * stride + first;
    return {values + at, outers, ks, k_adjacent, stride};
  }
};

constexpr int kBlock = 16;
constexpr int kBlockUnits = kBlock * kBlock;
constexpr int kVectors = kBlock / kLanes;

/**
 * Packed panels of an operand, and a block of zeros: a product that begins within a block ends within another. Their memory
 * never shrinks.
 */
class Packed {
 public:
  Packed() = default;
  Packed(const Packed &) = delete;
  ~Packed() { Free(); }

  /** Throws if memory is exhausted. */
  void Reserve(int64_t outer, int64_t k, bool bfloat16) {
    blocks = TasksOf(bfloat16 ? TasksOf(k, 2) : k, kBlock);
    panels = TasksOf(outer, kBlock);
    const size_t size = static_cast<size_t>((panels * blocks + 1) * kBlockUnits);
    if (size > size_) {
      Free();
      units_ = static_cast<int32_t *>(Memory::Get().Allocate(size * sizeof(int32_t)));
      if (units_ == nullptr) throw std::bad_alloc();
      size_ = size;
    }
    memset(Panel(panels), 0, kBlockUnits * sizeof(int32_t));
  }
  int32_t *Panel(int64_t panel) { return units_ + panel * blocks * kBlockUnits; }
  const int32_t *Panel(int64_t panel) const { return units_ + panel * blocks * kBlockUnits; }

  int64_t blocks = 0;
  int64_t panels = 0;

 private:
  void Free() {
    if (units_ != nullptr) Memory::Get().Release(units_, size_ * sizeof(int32_t));
    units_ = nullptr;
    size_ = 0;
  }

  int32_t *units_ = nullptr;
  size_t size_ = 0;
};

/** A row of a block, as wide as the processor's vectors. */
struct BlockRow {
  Ints part[kVectors];
};

/** `count` units of adjacent numbers; missing ones are 0. */
template <bool kHalf>
inline void LoadAdjacent(const float *from, int64_t numbers, BlockRow &row) {
  constexpr int kNumbers = kHalf ? 2 * kBlock : kBlock;
  alignas(64) float copy[kNumbers];
  if (numbers < kNumbers) {
    memset(copy, 0, sizeof copy);
    if (numbers > 0) memcpy(copy, from, numbers * sizeof(float));
    from = copy;
  }
  for (int v = 0; v < kVectors; ++v) {
    if (!kHalf) {
      row.part[v] = BitsOf(Load(from + v * kLanes, All{}));
      continue;
    }
    Ints low = BitsOf(Load(from + 2 * v * kLanes, All{}));
    Ints high = BitsOf(Load(from + (2 * v + 1) * kLanes, All{}));
    Ints even, odd;
    for (int i = 0; i < kLanes; ++i) {
      even[i] = 2 * i;
      odd[i] = 2 * i + 1;
    }
    row.part[v] = Unite((Floats)__builtin_shuffle(low, high, even), (Floats)__builtin_shuffle(low, high, odd));
  }
}

/** The units of 16 rows or columns at one unit of k, from one row of numbers or two. */
template <bool kHalf>
inline void LoadAcross(const float *from, int64_t stride, int64_t ks, int64_t outer, BlockRow &row) {
  const int64_t present = std::min<int64_t>(outer, kBlock);
  alignas(64) float copy[2][kBlock];
  const float *numbers[2] = {from, from + stride};
  for (int i = 0; i < (kHalf ? 2 : 1); ++i) {
    if (ks > i && present == kBlock) continue;
    memset(copy[i], 0, sizeof copy[i]);
    if (ks > i) memcpy(copy[i], numbers[i], present * sizeof(float));
    numbers[i] = copy[i];
  }
  for (int v = 0; v < kVectors; ++v) {
    const Floats first = Load(numbers[0] + v * kLanes, All{});
    row.part[v] = kHalf ? Unite(first, Load(numbers[1] + v * kLanes, All{})) : BitsOf(first);
  }
}

/** Transposes a block. */
inline void TransposeBlock(BlockRow *rows) {
#if defined(__AVX512F__)
  // Four rounds: each exchanges the halves of squares of 2, 4, 8 and 16 elements between pairs of rows.
  for (int distance = 1; distance < kBlock; distance *= 2) {
    Ints low, high;
    for (int i = 0; i < kBlock; ++i) {
      const bool second = (i & distance) != 0;
      low[i] = second ? i - distance + kBlock : i;
      high[i] = second ? i + kBlock : i + distance;
    }
    for (int i = 0; i < kBlock; ++i) {
      if ((i & distance) != 0) continue;
      const Ints a = rows[i].part[0];
      const Ints b = rows[i + distance].part[0];
      rows[i].part[0] = __builtin_shuffle(a, b, low);
      rows[i + distance].part[0] = __builtin_shuffle(a, b, high);
    }
  }
#else
  int32_t units[kBlock][kBlock];
  memcpy(units, rows, sizeof units);
  for (int i = 0; i < kBlock; ++i) {
    for (int j = 0; j < i; ++j) std::swap(units[i][j], units[j][i]);
  }
  memcpy(rows, units, sizeof units);
#endif
}

/** Packs a panel. `outer_first`: the rows of its blocks are of the outer index (a), else of k (b). */
template <bool kHalf>
inline void PackPanel(const Operand &operand, bool outer_first, int64_t panel, Packed &packed) {
  constexpr int64_t kNumbers = kHalf ? 2 * kBlock : kBlock;
  const int64_t outer = operand.outer - panel * kBlock;
  int32_t *to = packed.Panel(panel);
  for (int64_t block = 0; block < packed.blocks; ++block, to += kBlockUnits) {
    const int64_t k = block * kNumbers;
    BlockRow rows[kBlock];
    for (int i = 0; i < kBlock; ++i) {
      if (operand.k_adjacent) {
        const float *from = operand.values + (panel * kBlock + i) * operand.stride + k;
        LoadAdjacent<kHalf>(from, i < outer ? operand.k - k : 0, rows[i]);
      } else {
        const int64_t at = k + (kHalf ? 2 * i : i);
        LoadAcross<kHalf>(operand.values + at * operand.stride + panel * kBlock, operand.stride, operand.k - at, outer, rows[i]);
      }
    }
    if (operand.k_adjacent != outer_first) TransposeBlock(rows);
    memcpy(to, rows, sizeof rows);
  }
}

inline void PackPanel(const Operand &operand, bool outer_first, bool bfloat16, int64_t panel, Packed &packed) {
  bfloat16 ? PackPanel<true>(operand, outer_first, panel, packed) : PackPanel<false>(operand, outer_first, panel, packed);
}

inline const int32_t *AsUnits(const float *values) { return reinterpret_cast<const int32_t *>(values); }

/** Rows of a for a tile: unit u of row i is at i row_stride + u, within 16 units from a multiple of 16, v, at v block_step. */
struct Rows {
  const int32_t *units;
  int64_t row_stride;
  int64_t block_step;
};

/** A tile's place in the product. */
struct Target {
  float *values;
  int64_t stride;
  int64_t columns;
  /** Whether the tile is added to what is there. */
  bool add;
};

/** Multiplies float32 numbers. */
struct Float32Dot {
  static Floats Add(Floats sum, Ints a, Ints b) { return sum + (Floats)a * (Floats)b; }
};

/** Rows and panels of columns of a tile, so that its sums stay in registers. */
#if defined(__AVX512F__)
constexpr int kTileRows = 8;
constexpr int kTilePanels = 3;
#else
constexpr int kTileRows = kLanes == 8 ? 4 : 2;
constexpr int kTilePanels = 1;
#endif

/** [kRows, 16 kPanels] of the product, over `units` of k. */
template <class Dot, int kRows, int kPanels>
void MultiplyTile(const Rows &a, const int32_t *const *b, int64_t units, const Target &target) {
  constexpr int kWide = kPanels * kVectors;
  Floats sums[kRows][kWide] = {};
  for (int64_t from = 0; from < units; from += kBlock) {
    const int64_t to = std::min<int64_t>(units - from, kBlock);
    const int32_t *of_a = a.units + from * a.block_step;
    for (int64_t u = 0; u < to; ++u) {
      Ints of_b[kWide];
#pragma GCC unroll 16
      for (int j = 0; j < kWide; ++j) memcpy(&of_b[j], b[j / kVectors] + (from + u) * kBlock + j % kVectors * kLanes, sizeof(Ints));
#pragma GCC unroll 16
      for (int i = 0; i < kRows; ++i) {
        const Ints number = Ints{} + of_a[i * a.row_stride + u];
#pragma GCC unroll 16
        for (int j = 0; j < kWide; ++j) sums[i][j] = Dot::Add(sums[i][j], number, of_b[j]);
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < kWide; ++j) {
      float *at = target.values + i * target.stride + j * kLanes;
      const int64_t present = target.columns - j * kLanes;
      const auto put = [&](auto count) { Store(at, target.add ? Load(at, count) + sums[i][j] : sums[i][j], count); };
      if (present >= kLanes) {
        put(All{});
      } else if (present > 0) {
        put(First{static_cast<int>(present)});
      }
    }
  }
}

using TileFunction = void (*)(const Rows &a, const int32_t *const *b, int64_t units, const Target &);

/** The function for a tile at the border. */
template <class Dot, int kPanels, int kRows = kTileRows>
TileFunction OfSize(int rows, int panels) {
  if constexpr (kPanels > 1) {
    if (panels < kPanels) return OfSize<Dot, kPanels - 1>(rows, panels);
  }
  if constexpr (kRows > 1) {
    if (rows < kRows) return OfSize<Dot, kPanels, kRows - 1>(rows, panels);
  }
  return MultiplyTile<Dot, kRows, kPanels>;
}

/** [32, 32] of the product with tiles: the sums are tiles 0 to 3, a's blocks 4 and 5, b's blocks 6 and 7. */
template <class Tiles>
inline void MultiplyWithTiles(Tiles &tiles, const int32_t *const *a, const int32_t *const *b, int64_t blocks, float *sums) {
  tiles.template Zero<0>();
  tiles.template Zero<1>();
  tiles.template Zero<2>();
  tiles.template Zero<3>();
  for (int64_t block = 0; block < blocks; ++block) {
    const int64_t at = block * kBlockUnits;
    tiles.template Load<4>(a[0] + at, 64);
    tiles.template Load<6>(b[0] + at, 64);
    tiles.template Multiply<0, 4, 6>();
    tiles.template Load<7>(b[1] + at, 64);
    tiles.template Multiply<1, 4, 7>();
    tiles.template Load<5>(a[1] + at, 64);
    tiles.template Multiply<2, 5, 6>();
    tiles.template Multiply<3, 5, 7>();
  }
  constexpr int64_t kStride = 2 * kBlock * sizeof(float);
  tiles.template Store<0>(sums, kStride);
  tiles.template Store<1>(sums + kBlock, kStride);
  tiles.template Store<2>(sums + 2 * kBlock * kBlock, kStride);
  tiles.template Store<3>(sums + 2 * kBlock * kBlock + kBlock, kStride);
}

/**
 * Packed second factors that are used again: weights, which several iterations multiply with. Each JavaScript thread has its
 * own, which end with it.
 */
class PackedWeights {
 public:
  static PackedWeights &Get() {
    static thread_local PackedWeights kept;
    return kept;
  }

  static int64_t KeyOf(int64_t id, bool transposed, bool bfloat16) {
    return id * 4 + (transposed ? 2 : 0) + (bfloat16 ? 1 : 0);
  }

  /** The packed operand for a key; null if there is none. In that case, forgets those whose tensors are gone. */
  Packed *Find(const Call &call, int64_t key) {
    const auto found = kept_.find(key);
    if (found != kept_.end()) return found->second.get();
    for (auto other = kept_.begin(); other != kept_.end();) {
      other = call.Exists(other->first >> 2) ? std::next(other) : kept_.erase(other);
    }
    return nullptr;
  }

  /** Keeps an operand that has been packed completely. */
  void Keep(int64_t key, std::unique_ptr<Packed> packed) { kept_[key] = std::move(packed); }

 private:
  std::unordered_map<int64_t, std::unique_ptr<Packed>> kept_;
};

/**
 * The most of k that a tile adds up before it writes to memory: its part of b stays close to the processor. And the most that all
 * tasks multiply before they go on: the rows of a then stay in the second cache.
 */
constexpr int64_t kTileBlocks = 16;
constexpr int64_t kPartBlocks = 32;
/** Rows of a task, and the largest parts of a and b to pack at once. */
constexpr int64_t kTaskRows = 64;
constexpr int64_t kPartRows = 4096;
constexpr int64_t kPartK = 4096;

/** Multiplies matrices in one arithmetic. */
class Products {
 public:
  explicit Products(Arithmetic arithmetic) : arithmetic_(arithmetic) {
    if (arithmetic_ == Arithmetic::kBfloat16) {
      static const Bfloat16 detected = DetectBfloat16();
      tiles_ = detected == Bfloat16::kTiles;
    }
  }

  /** target = a b. */
  void Multiply(const Operand &a, const Operand &b, const Target &target) const {
    static thread_local Packed packed;
    for (int64_t from = 0; from < a.k; from += kPartK) {
      const int64_t ks = std::min(kPartK, a.k - from);
      const Target part{target.values, target.stride, target.columns, target.add || from > 0};
      MultiplyPart(a.Part(0, a.outer, from, ks), b.Part(0, b.outer, from, ks), true, packed, 0, part);
    }
  }

  /**
   * target = a b, with the numbers of `weights` from `first` on along k as b. All of the packed weights are kept as long as their
   * tensor, `id`, exists.
   */
  void MultiplyWeights(const Call &call, const Operand &a, int64_t id, const Operand &weights, int64_t first,
                       const Target &target) const {
    const int64_t per_unit = Half() ? 2 : 1;
    if (weights.k > kPartK || first % per_unit != 0) {
      return Multiply(a, weights.Part(0, weights.outer, first, a.k), target);
    }
    PackedWeights &kept = PackedWeights::Get();
    const int64_t key = PackedWeights::KeyOf(id, weights.k_adjacent, Half());
    Packed *const found = kept.Find(call, key);
    std::unique_ptr<Packed> made(found == nullptr ? new Packed : nullptr);
    MultiplyPart(a, weights, made != nullptr, made ? *made : *found, first / per_unit, target);
    // Only now: packing throws if memory is exhausted.
    if (made) kept.Keep(key, std::move(made));
  }

 private:
  bool Half() const { return arithmetic_ != Arithmetic::kFloat32; }

  /** target = a b, with at most kPartK of k. b is packed first if `pack_b`; the product begins at its unit `unit`. */
  void MultiplyPart(const Operand &a, const Operand &b, bool pack_b, Packed &packed_b, int64_t unit, const Target &target) const {
    static thread_local Packed packed_a;
    for (int64_t row = 0; row < a.outer; row += kPartRows) {
      const Operand part = a.Part(row, std::min(kPartRows, a.outer - row), 0, a.k);
      const Target to{target.values + row * target.stride, target.stride, target.columns, target.add};
      MultiplyRows(part, packed_a, b, pack_b && row == 0, packed_b, unit, to);
    }
  }

  void MultiplyRows(const Operand &a, Packed &packed_a, const Operand &b, bool pack_b, Packed &packed_b, int64_t unit,
                    const Target &target) const {
    // Rows of float32 numbers of adjacent k can be read as they are.
    const bool pack_a = Half() || !a.k_adjacent;
    if (pack_a) packed_a.Reserve(a.outer, a.k, Half());
    if (pack_b) packed_b.Reserve(b.outer, b.k, Half());
    const int64_t panels_of_b = pack_b ? packed_b.panels : 0;
    Parallel((pack_a ? packed_a.panels : 0) + panels_of_b, [&](int64_t i) {
      if (i < panels_of_b) {
        PackPanel(b, false, Half(), i, packed_b);
      } else {
        PackPanel(a, true, Half(), i - panels_of_b, packed_a);
      }
    });
    switch (arithmetic_) {
      case Arithmetic::kFloat32:
        return InRegisters<Float32Dot>(a, packed_a, packed_b, unit, target);
      case Arithmetic::kSoftwareTiles:
        return InTiles<SoftwareTiles>(a, packed_a, packed_b, unit, target);
#if defined(__AVX512F__)
      case Arithmetic::kBfloat16:
        if (tiles_) return InTiles<HardwareTiles>(a, packed_a, packed_b, unit, target);
        return InRegisters<HardwareDot>(a, packed_a, packed_b, unit, target);
      case Arithmetic::kBfloat16Vectors:
        return InRegisters<HardwareDot>(a, packed_a, packed_b, unit, target);
#endif
      default:
        return InRegisters<SoftwareDot>(a, packed_a, packed_b, unit, target);
    }
  }

  /** Calls `f(first row, rows, first panel)` for all tasks: `height` and `panels` are the size of its tiles. */
  template <class F>
  static void ForTasks(int64_t rows, int64_t height, int64_t all_panels, int64_t panels, const F &f) {
    const int64_t parts = TasksOf(rows, kTaskRows);
    const int64_t each = TasksOf(TasksOf(rows, parts), height) * height;
    const int64_t chunks = TasksOf(rows, each);
    Parallel(TasksOf(all_panels, panels) * chunks, [&](int64_t task) {
      const int64_t row = task % chunks * each;
      f(row, std::min(each, rows - row), task / chunks * panels);
    });
  }

  template <class Dot>
  void InRegisters(const Operand &operand, const Packed &a, const Packed &b, int64_t unit, const Target &target) const {
    const int64_t units = Half() ? TasksOf(operand.k, 2) : operand.k;
    const int64_t blocks = TasksOf(units, kBlock);
    const bool packed = Half() || !operand.k_adjacent;
    for (int64_t start = 0; start < blocks; start += kPartBlocks) {
      const int64_t end = std::min(start + kPartBlocks, blocks);
      ForTasks(operand.outer, kTileRows, b.panels, kTilePanels, [&](int64_t first, int64_t rows, int64_t panel) {
        const int panels = static_cast<int>(std::min<int64_t>(kTilePanels, b.panels - panel));
        for (int64_t block = start; block < end; block += kTileBlocks) {
          const int64_t at = block * kBlockUnits;
          const int64_t most = (std::min(end, block + kTileBlocks) - block) * kBlock;
          const int32_t *of_b[kTilePanels];
          for (int i = 0; i < panels; ++i) of_b[i] = b.Panel(panel + i) + unit * kBlock + at;
          for (int64_t row = first; row < first + rows; row += kTileRows) {
            const int height = static_cast<int>(std::min<int64_t>(kTileRows, first + rows - row));
            const Rows of_a = packed ? Rows{a.Panel(row / kBlock) + at + row % kBlock * kBlock, kBlock, kBlock}
                                     : Rows{AsUnits(operand.values) + row * operand.stride + block * kBlock, operand.stride, 1};
            const int64_t column = panel * kBlock;
            const Target tile{target.values + row * target.stride + column, target.stride, target.columns - column,
                              target.add || block > 0};
            OfSize<Dot, kTilePanels>(height, panels)(of_a, of_b, std::min(most, units - block * kBlock), tile);
          }
        }
      });
    }
  }

  template <class Tiles>
  static void InTiles(const Operand &operand, const Packed &a, const Packed &b, int64_t unit, const Target &target) {
    ForTasks(operand.outer, 2 * kBlock, b.panels, 2, [&](int64_t first, int64_t rows, int64_t panel) {
      Tiles tiles;
      const int64_t at = unit * kBlock;
      const int32_t *of_b[2] = {b.Panel(panel) + at, b.Panel(std::min(panel + 1, b.panels - 1)) + at};
      for (int64_t row = first; row < first + rows; row += 2 * kBlock) {
        const int64_t of_row = row / kBlock;
        const int32_t *of_a[2] = {a.Panel(of_row), a.Panel(std::min(of_row + 1, a.panels - 1))};
        alignas(64) float sums[2 * kBlock][2 * kBlock];
        MultiplyWithTiles(tiles, of_a, of_b, a.blocks, sums[0]);
        const int64_t column = panel * kBlock;
        const int64_t width = std::min<int64_t>(2 * kBlock, target.columns - column);
        for (int64_t i = 0; i < std::min<int64_t>(2 * kBlock, first + rows - row); ++i) {
          float *to = target.values + (row + i) * target.stride + column;
          ForLanes(width, [&](int64_t j, auto n) {
            const Floats sum = Load(sums[i] + j, n);
            Store(to + j, target.add ? Load(to + j, n) + sum : sum, n);
          });
        }
      }
    });
  }

  Arithmetic arithmetic_;
  bool tiles_ = false;
};

/** Inputs: a, b; output: op(a) op(b). */
class MatMul {
 public:
  explicit MatMul(Attributes &attributes)
      : transpose_a_(attributes.Bool()), transpose_b_(attributes.Bool()), products_(static_cast<Arithmetic>(attributes.Int())) {}

  void Compute(Call &call) const {
    const Input &a = call.input(0);
    const Input &b = call.input(1);
    const int64_t rows = a.shape[transpose_a_ ? 1 : 0];
    const int64_t k = a.shape[transpose_a_ ? 0 : 1];
    const int64_t columns = b.shape[transpose_b_ ? 0 : 1];
    float *product = call.Output(0, {rows, columns});
    if (rows * columns * k == 0) {
      memset(product, 0, rows * columns * sizeof(float));
      return;
    }
    const Operand left{a.values, rows, k, !transpose_a_, a.shape[1]};
    const Operand right{b.values, columns, k, transpose_b_, b.shape[1]};
    const Target target{product, columns, columns, false};
    // In a backward pass, a is transposed if the product is the gradient of a weight: then b is used once.
    if (transpose_a_) {
      products_.Multiply(left, right, target);
    } else {
      products_.MultiplyWeights(call, left, b.id, right, 0, target);
    }
  }

 private:
  bool transpose_a_, transpose_b_;
  Products products_;
};

}  // namespace taggerjs
