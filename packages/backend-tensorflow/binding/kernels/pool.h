// Threads that share the tasks of a kernel. TensorFlow's C API does not offer its own threads.

#pragma once

#include <atomic>
#include <cfenv>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>

namespace taggerjs {

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
    {
      std::lock_guard<std::mutex> lock(mutex_);
      task_ = task;
      context_ = context;
      tasks_ = tasks;
      // TensorFlow flushes denormal numbers to zero on the thread that calls a kernel. All threads use the setting of that
      // thread.
      std::fegetenv(&environment_);
      next_ = 0;
      open_ = true;
      ++job_;
    }
    wake_.notify_all();
    DoTasks(task, context, tasks);
    std::unique_lock<std::mutex> lock(mutex_);
    open_ = false;
    done_.wait(lock, [this] { return working_ == 0; });
  }

 private:
  void Work() {
    uint64_t last = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return open_ && job_ != last; });
      last = job_;
      ++working_;
      const auto task = task_;
      const auto context = context_;
      const auto tasks = tasks_;
      std::fesetenv(&environment_);
      lock.unlock();
      DoTasks(task, context, tasks);
      lock.lock();
      if (--working_ == 0) done_.notify_one();
    }
  }

  void DoTasks(void (*task)(const void *, int64_t), const void *context, int64_t tasks) {
    for (int64_t i; (i = next_.fetch_add(1)) < tasks;) task(context, i);
  }

  std::mutex turn_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::atomic<int> threads_{1};
  void (*task_)(const void *, int64_t) = nullptr;
  const void *context_ = nullptr;
  int64_t tasks_ = 0;
  std::fenv_t environment_;
  std::atomic<int64_t> next_{0};
  bool open_ = false;
  uint64_t job_ = 0;
  int working_ = 0;
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
