#include "interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string_view>

namespace matcher::app {
namespace {

std::atomic<bool> stepping = false;
std::atomic<int> requested = 0;

/// Only functions that a signal handler may call.
void on_signal(int signal) {
  const bool is_first = requested.exchange(signal) == 0;
  if (stepping && is_first) return;
  constexpr std::string_view text = "\nmatcher: stopped; run the same command again to continue\n";
  [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, text.data(), text.size());
  end_by(signal);
}

}  // namespace

void catch_stop_signals() {
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction now {};
    ::sigaction(signal, nullptr, &now);
    if (now.sa_handler == SIG_IGN) continue;  // nohup, or a background job
    now.sa_handler = on_signal;
    now.sa_flags = SA_RESTART;
    ::sigaction(signal, &now, nullptr);
  }
}

void set_stepping(bool is_stepping) { stepping = is_stepping; }

int stop_signal() { return requested; }

void end_by(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  ::raise(signal);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);  // in a handler the signal is blocked
  ::_exit(128 + signal);
}

}  // namespace matcher::app
