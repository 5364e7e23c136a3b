// Threads of OpenMP, which FAISS, oneDNN and LibTorch share.
#pragma once

namespace matcher {

/// Limits the OpenMP threads of what the calling thread begins, while it lives.
class OpenMpThreads {
 public:
  explicit OpenMpThreads(int count);
  ~OpenMpThreads();
  OpenMpThreads(const OpenMpThreads&) = delete;
  OpenMpThreads& operator=(const OpenMpThreads&) = delete;

 private:
  int before_;
};

}  // namespace matcher
