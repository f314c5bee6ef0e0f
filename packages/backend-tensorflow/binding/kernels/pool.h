// Threads that share the tasks of a kernel.

#pragma once

#include <atomic>
#include <cfenv>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>

namespace taggerjs {

/** Waits for an instant, in a loop that waits for another thread. */
inline void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

class Pool {
 public:
  /** The one pool of the process. It is never destroyed: its threads wait until the process ends. */
  static Pool &Get() {
    static Pool *pool = new Pool;
    return *pool;
  }

  /** Starts threads until there are `threads`, including the calling one. The largest number requested in the process wins. */
  void Start(int threads) {
    std::lock_guard<std::mutex> lock(mutex_);
    try {
      for (; threads_ < threads; ++threads_) std::thread([this] { Work(); }).detach();
    } catch (const std::system_error &) {
      // The system has no more threads. The existing ones compute the same results.
    }
  }

  /** task(context, i) for i in [0, tasks), in any order, on any thread; returns when all are done. */
  void Run(int64_t tasks, void (*task)(const void *, int64_t), const void *context) {
    std::unique_lock<std::mutex> turn(turn_, std::try_to_lock);
    // If another JavaScript thread is using the workers, this thread runs its tasks alone.
    if (tasks <= 1 || threads_ <= 1 || !turn.owns_lock()) {
      for (int64_t i = 0; i < tasks; ++i) task(context, i);
      return;
    }
    task_ = task;
    context_ = context;
    tasks_ = tasks;
    // All threads use the rounding of the calling one.
    std::fegetenv(&environment_);
    next_ = 0;
    // No worker is in the job before: its state is closed, and nobody works.
    state_ = ((state_ & ~kOpen) + kJob) | kOpen;
    if (sleeping_ > 0) {
      std::lock_guard<std::mutex> lock(mutex_);
      wake_.notify_all();
    }
    DoTasks(task, context, tasks);
    state_ &= ~kOpen;
    const auto done = [this] { return (state_ & kWorking) == 0; };
    // If the processors are busy, a worker may wait for one: it can have this one.
    if (!Spin(done)) {
      while (!done()) std::this_thread::yield();
    }
  }

 private:
  /** The state of a job: whether workers may enter it, its number, and the number of workers in it. */
  static constexpr uint64_t kOpen = uint64_t{1} << 63;
  static constexpr uint64_t kJob = uint64_t{1} << 16;
  static constexpr uint64_t kWorking = kJob - 1;

  /**
   * Waits for at most 50 microseconds: kernels follow each other faster, and waking a sleeping thread takes about as long.
   * Returns whether `ready()`.
   */
  template <class Ready>
  static bool Spin(const Ready &ready) {
    const auto start = std::chrono::steady_clock::now();
    do {
      for (int i = 0; i < 32; ++i) {
        if (ready()) return true;
        Pause();
      }
    } while (std::chrono::steady_clock::now() - start < std::chrono::microseconds(50));
    return false;
  }

  static uint64_t NumberOf(uint64_t state) { return state & ~(kOpen | kWorking); }

  void Work() {
    uint64_t last = 0;
    const auto ready = [&] {
      const uint64_t state = state_;
      return (state & kOpen) != 0 && NumberOf(state) != last;
    };
    for (;;) {
      if (!Spin(ready)) {
        std::unique_lock<std::mutex> lock(mutex_);
        ++sleeping_;
        wake_.wait(lock, ready);
        --sleeping_;
      }
      uint64_t state = state_;
      bool entered = false;
      while ((state & kOpen) != 0 && !(entered = state_.compare_exchange_weak(state, state + 1))) {
      }
      if (!entered) continue;
      last = NumberOf(state);
      std::fesetenv(&environment_);
      DoTasks(task_, context_, tasks_);
      --state_;
    }
  }

  void DoTasks(void (*task)(const void *, int64_t), const void *context, int64_t tasks) {
    for (int64_t i; (i = next_.fetch_add(1)) < tasks;) task(context, i);
  }

  std::mutex turn_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<int> sleeping_{0};
  std::atomic<int> threads_{1};
  void (*task_)(const void *, int64_t) = nullptr;
  const void *context_ = nullptr;
  int64_t tasks_ = 0;
  std::fenv_t environment_;
  alignas(64) std::atomic<int64_t> next_{0};
  alignas(64) std::atomic<uint64_t> state_{0};
};

inline int64_t TasksOf(int64_t size, int64_t each) { return (size + each - 1) / each; }

/** f(i) for i in [0, tasks), on all threads. */
template <class F>
inline void Parallel(int64_t tasks, const F &f) {
  Pool::Get().Run(tasks, [](const void *context, int64_t i) { (*static_cast<const F *>(context))(i); }, &f);
}

/**
 * f(first, size) for parts of [0, size), on all threads. The parts depend on the size alone, so that sums over parts are
 * the same with any number of threads.
 */
template <class F>
inline void ParallelParts(int64_t size, int64_t each, const F &f) {
  Parallel(TasksOf(size, each), [&](int64_t task) {
    const int64_t first = task * each;
    f(first, size - first < each ? size - first : each);
  });
}

}  // namespace taggerjs
