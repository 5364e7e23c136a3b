// Sends HTTP requests to one server, and repeats those that failed for a passing reason.
#pragma once

#include <memory>
#include <string>

#include "matcher/database/database.hpp"
#include "matcher/database/http/failure.hpp"

namespace matcher::database {

struct Request {
  const char* method = "GET";
  std::string path;
  std::string body;         ///< JSON
  bool repeatable = false;  ///< repeating it changes nothing
};

struct Response {
  long status = 0;
  std::string body;
};

/// Keeps connections open. Several threads may use it at once.
class Http {
 public:
  /// `start` is a command that starts such a server, for messages.
  Http(const Address& address, const Access& access, std::string start);
  ~Http();

  /// Returns an answer of any other status than these: throws Error(resource) after all attempts for no answer, 401,
  /// 403, 408, 429, 5xx or a full disk, and TooLarge for 413.
  Response send(const Request& request) const;

  const std::string& server() const;  ///< its address, for messages

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace matcher::database
