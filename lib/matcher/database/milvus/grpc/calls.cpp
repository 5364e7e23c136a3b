#include "matcher/database/milvus/grpc/calls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>

#include "matcher/core/base64.hpp"
#include "matcher/core/error.hpp"
#include "matcher/database/http/failure.hpp"
#include "matcher/files/read_file.hpp"

namespace matcher::database {
namespace {

constexpr int connect_ms = 5000;
constexpr int keep_alive_ms = 55'000;  // as Milvus's own clients: servers end a connection with more pings
constexpr int most_bytes = 256 << 20;  // Milvus's own limit for a message
constexpr const char* start = "see docs/guides/milvus.md";

// Codes of Milvus from 2.3 on, and of older servers.
constexpr int no_collection = 100, no_alias = 1600, no_index = 700, no_access = 1800, rate_limit = 8;
constexpr int old_no_collection = 4, old_no_index = 25, old_rate_limit = 49, lite_no_index = 11;

grpc::ChannelArguments channel_arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(most_bytes);
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, keep_alive_ms);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, connect_ms);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // wait_before_next() decides
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

std::shared_ptr<grpc::Channel> open_channel(const Address& address, const Access& access) {
  auto credentials = grpc::InsecureChannelCredentials();
  if (address.tls) {
    grpc::SslCredentialsOptions options;
    if (!access.ca_file.empty()) options.pem_root_certs = read_text(access.ca_file);
    credentials = grpc::SslCredentials(options);
  }
  return grpc::CreateCustomChannel(fmt::format("dns:///{}:{}", address.host, address.port), credentials,
                                   channel_arguments());
}

bool contains(const std::string& text, std::initializer_list<const char*> words) {
  return std::ranges::any_of(words, [&](const char* word) { return text.find(word) != std::string::npos; });
}

/// gRPC gives one code for everything below HTTP/2; its text has the cause.
Outcome unavailable(const std::string& text) {
  const auto below = [](Transport transport) { return Outcome{transport, 0, std::nullopt, false}; };
  if (contains(text, {"handshake", "CERTIFICATE", "certificate", "SSL"})) return below(Transport::insecure);
  if (contains(text, {"DNS resolution", "Domain name not found", "name resolution"}))
    return below(Transport::unresolved);
  if (contains(text, {"Connection refused", "failed to connect", "No route to host", "Timeout occurred"}))
    return below(Transport::refused);
  if (contains(text, {"Socket closed", "reset by peer", "Broken pipe", "GOAWAY", "Endpoint", "ransport", "watchdog"}))
    return below(Transport::dropped);
  return {Transport::answered, 503, std::nullopt, says_disk_full(text)};
}

bool is_too_large(const grpc::Status& sent) {
  return sent.error_code() == grpc::RESOURCE_EXHAUSTED && contains(sent.error_message(), {"message larger than"});
}

/// The result of an attempt in the terms of HTTP, by which attempts are repeated.
Outcome outcome_of(const grpc::Status& sent) {
  const auto& text = sent.error_message();
  const auto answered = [&](long status) {
    return Outcome{Transport::answered, status, std::nullopt, says_disk_full(text)};
  };
  switch (sent.error_code()) {
    case grpc::OK:
      return answered(200);
    case grpc::UNAVAILABLE:
      return unavailable(text);
    case grpc::DEADLINE_EXCEEDED:
      return {Transport::timed_out, 0, std::nullopt, false};
    case grpc::RESOURCE_EXHAUSTED:
      return answered(is_too_large(sent) ? 413 : 429);
    case grpc::UNAUTHENTICATED:
      return answered(401);
    case grpc::PERMISSION_DENIED:
      return answered(403);
    case grpc::UNIMPLEMENTED:
      return answered(501);
    case grpc::ABORTED:
    case grpc::INTERNAL:
    case grpc::UNKNOWN:
    case grpc::CANCELLED:
      return contains(text, {"Stream removed", "RST_STREAM"}) ? Outcome{Transport::dropped, 0, std::nullopt, false}
                                                              : answered(500);
    default:
      return answered(400);
  }
}

/// Codes that pass: 1 unexpected, 8 rate limit, 103 not fully loaded, 1807 service quota, and what says so itself.
Outcome outcome_of(const wire::Status& status) {
  const int code = status.code();
  if (code == rate_limit || status.error_code() == old_rate_limit)
    return {Transport::answered, 429, std::nullopt, false};
  const bool passes = status.retriable() || code == 103 || code == 1807;
  return {Transport::answered, passes ? 503 : 200, std::nullopt, says_disk_full(status.reason())};
}

bool is_served(const Outcome& outcome) {
  return outcome.transport == Transport::answered && outcome.status == 200 && !outcome.disk_full;
}

std::string name_of(grpc::StatusCode code) {
  switch (code) {
    case grpc::UNAVAILABLE:
      return "UNAVAILABLE";
    case grpc::RESOURCE_EXHAUSTED:
      return "RESOURCE_EXHAUSTED";
    case grpc::UNAUTHENTICATED:
      return "UNAUTHENTICATED";
    case grpc::PERMISSION_DENIED:
      return "PERMISSION_DENIED";
    case grpc::INTERNAL:
      return "INTERNAL";
    default:
      return fmt::format("{}", int(code));
  }
}

std::string base64_of(const std::string& text) {
  std::string encoded;
  append_base64(encoded, std::as_bytes(std::span(text)));
  return encoded;
}

std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  return text;
}

}  // namespace

Calls::Calls(const Address& address, const Access& access)
    : server_(address.text),
      database_(address.database),
      access_(access),
      service_(wire::MilvusService::NewStub(open_channel(address, access))) {}

bool Calls::is_missing(const wire::Status& status) {
  return status.code() == no_collection || status.code() == no_alias || status.error_code() == old_no_collection;
}

bool Calls::is_missing_index(const wire::Status& status) {
  return status.code() == no_index || status.code() == lite_no_index || status.error_code() == old_no_index;
}

void Calls::prepare(grpc::ClientContext& context) const {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(long(access_.timeout_s * 1000)));
  if (!access_.token.empty()) context.AddMetadata("authorization", base64_of(access_.token));
  if (!database_.empty()) context.AddMetadata("dbname", database_);
  for (const auto& header : access_.headers) {
    const auto colon = header.find(':');
    const auto value = std::min(header.find_first_not_of(' ', colon + 1), header.size());
    context.AddMetadata(lower(header.substr(0, colon)), header.substr(value));
  }
}

void Calls::run(const Call& call, const std::function<Attempt(grpc::ClientContext&)>& attempt) const {
  const RetryPolicy policy;
  for (int made = 1;; ++made) {
    grpc::ClientContext context;
    prepare(context);
    const auto result = attempt(context);
    auto outcome = outcome_of(result.sent);
    if (result.sent.ok()) outcome = outcome_of(result.status);
    if (outcome.transport == Transport::answered) reached_ = true;
    if (is_served(outcome)) return;
    const auto wait = wait_before_next(policy, outcome, call.repeat == Repeat::always, reached_, made);
    if (!wait) fail(call, result, outcome, made);
    pause(*wait);
  }
}

void Calls::fail(const Call& call, const Attempt& attempt, const Outcome& outcome, int made) const {
  const FailedRequest failed{server_, start, call.name, access_.timeout_s, made};
  const auto text = excerpt(attempt.sent.ok() ? attempt.status.reason() : attempt.sent.error_message());
  if (contains(text, {"http1", "HTTP1", "http/1", "HTTP/1"}) || outcome.status == 501) {
    throw Error(ErrorCode::resource, fmt::format("{} does not know {}: {}; is it a Milvus of version 2.3 or later?",
                                                 server_, call.name, text));
  }
  if (outcome.transport != Transport::answered) fail_unanswered(failed, outcome.transport);
  if (outcome.disk_full) fail_disk_full(failed, text);
  const auto code =
      attempt.sent.ok() ? fmt::format("code {}", attempt.status.code()) : name_of(attempt.sent.error_code());
  if (outcome.status == 401 || outcome.status == 403) fail_credentials(failed, code);
  if (outcome.status == 413) fail_too_large(failed, call.bytes, text);
  if (outcome.status == 429) fail_rate(failed, fmt::format("{}: {}", code, text));
  fail_status(failed, code, text);
}

void Calls::check(const char* name, const wire::Status& status) const {
  if (is_success(status)) return;
  const auto text = excerpt(status.reason());
  if (status.code() == no_access || contains(text, {"auth check failure", "unauthenticated"})) {
    throw Error(ErrorCode::resource,
                fmt::format("{} refused the credentials: {}; put user:password or a key into $MATCHER_SERVER_TOKEN",
                            server_, text));
  }
  throw Error(ErrorCode::resource, fmt::format("{} refused {} (code {}): {}", server_, name,
                                               status.code() != 0 ? status.code() : status.error_code(), text));
}

}  // namespace matcher::database
