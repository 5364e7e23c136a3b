#include "matcher/database/http/failure.hpp"

#include <fmt/format.h>

#include "matcher/database/database.hpp"

namespace matcher::database {
namespace {

std::string tried(const FailedRequest& f) {
  return f.attempts > 1 ? fmt::format(" after {} attempts", f.attempts) : std::string();
}

std::string say(const FailedRequest& f, const std::string& what) {
  return fmt::format("{} {}{} ({})", f.server, what, tried(f), f.request);
}

[[noreturn]] void fail(const FailedRequest& f, const std::string& what) {
  throw Error(ErrorCode::resource, say(f, what));
}

}  // namespace

void fail_unanswered(const FailedRequest& f, Transport transport) {
  switch (transport) {
    case Transport::refused:
      throw Error(ErrorCode::resource, fmt::format("cannot connect to {}{}: connection refused; start the server ({}) "
                                                   "or correct the address",
                                                   f.server, tried(f), f.start));
    case Transport::unresolved:
      throw Error(ErrorCode::resource,
                  fmt::format("cannot connect to {}: the host is unknown; correct the address", f.server));
    case Transport::timed_out:
      fail(f, fmt::format("did not answer within {} s; raise timeout under server in matcher.yaml, or check the "
                          "load of the server",
                          f.timeout_s));
    case Transport::insecure:
      fail(f, "has no certificate that is trusted; set ca_file under server in matcher.yaml");
    default:
      fail(f, "dropped the connection");
  }
}

void fail_disk_full(const FailedRequest& f, const std::string& answer) {
  fail(f, fmt::format("has no disk space left: {}", answer));
}

void fail_credentials(const FailedRequest& f, const std::string& answer) {
  fail(f, fmt::format("refused the credentials ({}); put the token into $MATCHER_SERVER_TOKEN, or headers into "
                      "$MATCHER_SERVER_HEADERS",
                      answer));
}

void fail_rate(const FailedRequest& f, const std::string& answer) {
  fail(f, fmt::format("limits the rate of requests ({}); lower requests under server in matcher.yaml", answer));
}

void fail_status(const FailedRequest& f, const std::string& status, const std::string& answer) {
  fail(f, fmt::format("failed with status {}: {}", status, answer));
}

void fail_too_large(const FailedRequest& f, std::size_t bytes, const std::string& answer) {
  throw TooLarge(ErrorCode::resource,
                 say(f, fmt::format("refused a request of {} bytes as too large ({})", bytes, answer)));
}

std::string excerpt(const std::string& body) {
  auto start = body.substr(0, 200);
  for (auto& c : start) {
    if (static_cast<unsigned char>(c) < 32) c = ' ';
  }
  return start;
}

}  // namespace matcher::database
