// Memory for the outputs of kernels and for packed matrices; the binding and each library of kernels have their own.

#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

namespace taggerjs {

/**
 * Keeps freed memory for the next tensor of about the same size: the system would have to clear its pages again, which takes
 * as long as a small kernel. It keeps a sixteenth more than the tensors together have needed.
 */
class Memory {
 public:
  static Memory &Get() {
    static Memory *memory = new Memory;
    return *memory;
  }

  /** Memory aligned to 64 bytes; null if there is none. */
  void *Allocate(size_t bytes) {
    const size_t size = SizeFor(bytes);
    std::lock_guard<std::mutex> lock(mutex_);
    used_ += size;
    const auto found = free_.find(size);
    void *block = nullptr;
    if (found != free_.end() && !found->second.empty()) {
      block = found->second.back();
      found->second.pop_back();
      kept_ -= size;
    } else {
      ShrinkTo(Limit());
      block = Reserve(size);
      if (block == nullptr) {
        // Kept blocks may take the memory.
        ShrinkTo(0);
        block = Reserve(size);
      }
      if (block == nullptr) {
        used_ -= size;
        return nullptr;
      }
    }
    most_ = std::max(most_, used_);
    return block;
  }

  /** Takes back what `Allocate(bytes)` returned. */
  void Release(void *block, size_t bytes) {
    const size_t size = SizeFor(bytes);
    std::lock_guard<std::mutex> lock(mutex_);
    used_ -= size;
    kept_ += size;
    free_[size].push_back(block);
    ShrinkTo(Limit());
  }

 private:
  static constexpr size_t kHuge = size_t{2} << 20;

  /** Rounds up to one of eight sizes per power of two. */
  static size_t SizeFor(size_t bytes) {
    size_t step = 64;
    while (step * 16 <= bytes) step *= 2;
    return bytes == 0 ? step : (bytes + step - 1) / step * step;
  }

  /** Memory of the system; null if there is none. */
  static void *Reserve(size_t size) {
    void *block = nullptr;
    if (posix_memalign(&block, size >= kHuge ? kHuge : 64, size) != 0) return nullptr;
    if (size >= kHuge) madvise(block, size, MADV_HUGEPAGE);
    return block;
  }

  /** What was used at once, and a sixteenth of that. */
  size_t Limit() const {
    const size_t most = std::max(most_, used_);
    return most + most / 16;
  }

  /** Frees the largest kept blocks until no more than `limit` is taken, or none is kept. */
  void ShrinkTo(size_t limit) {
    for (auto size = free_.rbegin(); size != free_.rend() && used_ + kept_ > limit; ++size) {
      while (!size->second.empty() && used_ + kept_ > limit) {
        std::free(size->second.back());
        size->second.pop_back();
        kept_ -= size->first;
      }
    }
  }

  std::mutex mutex_;
  std::map<size_t, std::vector<void *>> free_;
  size_t used_ = 0;
  size_t kept_ = 0;
  size_t most_ = 0;
};

}  // namespace taggerjs
