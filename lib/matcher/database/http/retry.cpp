#include "matcher/database/http/retry.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <thread>

namespace matcher::database {
namespace {

bool is_temporary_status(long status) {
  for (const long temporary : {408L, 425L, 429L, 500L, 502L, 503L, 504L}) {
    if (status == temporary) return true;
  }
  return false;
}

bool did_nothing(const Outcome& outcome) {
  return outcome.transport == Transport::refused || outcome.transport == Transport::unresolved || outcome.status == 429;
}

bool is_temporary(const Outcome& outcome, bool reached) {
  switch (outcome.transport) {
    case Transport::answered:
      return is_temporary_status(outcome.status) && !outcome.disk_full;
    case Transport::refused:
    case Transport::unresolved:
    case Transport::timed_out:
      return reached;
    case Transport::dropped:
      return true;
    case Transport::insecure:
      return false;
  }
  return false;
}

}  // namespace

std::optional<double> wait_before_next(const RetryPolicy& policy, const Outcome& outcome, bool repeatable, bool reached,
                                       int made) {
  if (made >= policy.attempts || !is_temporary(outcome, reached)) return std::nullopt;
  if (!repeatable && !did_nothing(outcome)) return std::nullopt;
  const double wait = outcome.retry_after_s.value_or(policy.first_wait_s * std::exp2(made - 1));
  return std::clamp(wait, 0.0, policy.longest_wait_s);
}

void pause(double seconds) {
  thread_local std::minstd_rand random(std::random_device{}());
  const double share = std::uniform_real_distribution<double>(0.5, 1)(random);
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds * share));
}

bool says_disk_full(std::string_view body) {
  for (const auto* words : {"No space left on device", "no space left on device", "disk is full", "disk quota"}) {
    if (body.find(words) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace matcher::database
