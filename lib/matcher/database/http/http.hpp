// HTTP for the clients of vector databases. Internal to the layer; libcurl stays in the source file.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "matcher/core/error.hpp"
#include "matcher/database/database.hpp"

namespace matcher::database {

struct Request {
  const char* method = "GET";
  std::string path;
  std::string body;         ///< JSON
  bool repeatable = false;  ///< doing it twice is the same as doing it once
};

struct Response {
  long status = 0;
  std::string body;
};

/// A request that is too large for the server or something on the way (413).
class TooLarge : public Error {
 public:
  using Error::Error;
};

/// Speaks to one server with connections that are kept; may be used by several threads at once.
class Http {
 public:
  /// `server` names it in messages; `start` is a command that starts one.
  Http(const Address& address, const Access& access, std::string start);
  ~Http();

  /// An answer of any status but those that say that the request was not served: Error(resource) for no answer,
  /// 401 and 403, 5xx, 408 and 429 after all attempts, and a full disk; TooLarge for 413.
  Response send(const Request& request) const;

  const std::string& server() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The start of an answer, for a message.
std::string excerpt(const std::string& body);

}  // namespace matcher::database
