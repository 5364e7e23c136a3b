// What is tried again, and when. Internal to the layer.
#pragma once

#include <optional>
#include <string_view>

namespace matcher::database {

/// What became of a request.
enum class Transport { answered, refused, unresolved, timed_out, dropped, insecure };

struct Outcome {
  Transport transport = Transport::answered;
  long status = 0;                      ///< HTTP's, when answered
  std::optional<double> retry_after_s;  ///< what the server asks for
  bool disk_full = false;
};

struct RetryPolicy {
  int attempts = 6;
  double first_wait_s = 0.25;
  double longest_wait_s = 8;
};

/// Seconds to wait before the next attempt when `made` were made, nothing when it should not be tried again. What may
/// not be repeated is tried again only when the server surely did nothing: it refused the connection or said 429. A
/// server that was never reached is not waited for.
std::optional<double> wait_before_next(const RetryPolicy& policy, const Outcome& outcome, bool repeatable, bool reached,
                                       int made);

/// Whether an answer says that the server's disk is full.
bool says_disk_full(std::string_view body);

}  // namespace matcher::database
