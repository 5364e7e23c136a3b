// Sentences for requests that a server did not serve, the same over every protocol.
#pragma once

#include <cstddef>
#include <string>

#include "matcher/database/http/retry.hpp"

namespace matcher::database {

/// A request after its last attempt.
struct FailedRequest {
  std::string server;   ///< its address
  std::string start;    ///< a command that starts such a server
  std::string request;  ///< "POST /path"
  double timeout_s = 0;
  int attempts = 1;
};

/// Throws Error(resource) for a request without an answer.
[[noreturn]] void fail_unanswered(const FailedRequest& failed, Transport transport);

/// Throw Error(resource) for an answer. `answer` is its code, or its text on one line.
[[noreturn]] void fail_disk_full(const FailedRequest& failed, const std::string& answer);
[[noreturn]] void fail_credentials(const FailedRequest& failed, const std::string& answer);
[[noreturn]] void fail_rate(const FailedRequest& failed, const std::string& answer);
[[noreturn]] void fail_status(const FailedRequest& failed, const std::string& status, const std::string& answer);
/// Throws TooLarge.
[[noreturn]] void fail_too_large(const FailedRequest& failed, std::size_t bytes, const std::string& answer);

/// The start of an answer, on one line, for a message.
std::string excerpt(const std::string& body);

}  // namespace matcher::database
