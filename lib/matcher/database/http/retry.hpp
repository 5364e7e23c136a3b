// Decides which requests are repeated, and when.
#pragma once

#include <optional>
#include <string_view>

namespace matcher::database {

/// The result of a request below HTTP.
enum class Transport { answered, refused, unresolved, timed_out, dropped, insecure };

struct Outcome {
  Transport transport = Transport::answered;
  long status = 0;                      ///< HTTP status, if answered
  std::optional<double> retry_after_s;  ///< seconds that the server asks to wait
  bool disk_full = false;
};

struct RetryPolicy {
  int attempts = 6;
  double first_wait_s = 0.25;
  double longest_wait_s = 8;
};

/// Returns the seconds to wait before the next attempt after `made` attempts; nothing to give up. A request that is not
/// repeatable is tried again only if the server certainly did nothing: it refused the connection, or answered 429. Does
/// not wait for a server that was never reached.
std::optional<double> wait_before_next(const RetryPolicy& policy, const Outcome& outcome, bool repeatable, bool reached,
                                       int made);

/// Waits between half of `seconds` and all of it, at random: several clients must not return at the same moment.
void pause(double seconds);

/// True if an answer says that the server's disk is full.
bool says_disk_full(std::string_view body);

}  // namespace matcher::database
