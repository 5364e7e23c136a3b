#include "matcher/database/milvus/rest.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "matcher/core/error.hpp"
#include "matcher/database/http/json_text.hpp"
#include "matcher/database/http/retry.hpp"

namespace matcher::database {
namespace {

using nlohmann::json;

constexpr int no_access = 1800;

bool is_success(int code) { return code == 0 || code == 200; }  // 200 before version 2.4.2

bool is_temporary(int code) { return code == 1 || code == 8 || code == 103 || code == 1807; }

}  // namespace

MilvusRest::MilvusRest(const Address& address, const Access& access)
    : http_(address, access, "see docs/guides/milvus.md"), database_(address.database) {}

json MilvusRest::call(const char* path, const json& body, bool repeatable) const {
  return checked(path, ask(path, body, repeatable));
}

json MilvusRest::call_text(const char* path, std::string body) const {
  return checked(path, send(path, std::move(body), true));
}

json MilvusRest::ask(const char* path, const json& body, bool repeatable) const {
  return send(path, dump(named(body)), repeatable);
}

json MilvusRest::named(json body) const {
  if (!database_.empty()) body["dbName"] = database_;
  return body;
}

json MilvusRest::send(const char* path, std::string body, bool repeatable) const {
  const Request request{"POST", fmt::format("/v2/vectordb/{}", path), std::move(body), repeatable};
  const RetryPolicy policy;
  for (int made = 1;; ++made) {
    auto answer = parse(request, http_.send(request));
    const int code = answer.at("code");
    if (is_success(code) || !is_temporary(code)) return answer;
    const Outcome busy{Transport::answered, code == 8 ? 429 : 503, std::nullopt,
                       says_disk_full(answer.value("message", ""))};
    const auto wait = wait_before_next(policy, busy, repeatable, true, made);
    if (!wait) return answer;
    std::this_thread::sleep_for(std::chrono::duration<double>(*wait));
  }
}

json MilvusRest::parse(const Request& request, const Response& response) const {
  auto answer = json::parse(response.body, nullptr, false);
  if (answer.is_object() && answer.contains("code") && answer.at("code").is_number_integer()) return answer;
  throw Error(ErrorCode::resource, fmt::format("{} answered {} with {}: {}; is it a Milvus of version 2.4 or later?",
                                               http_.server(), request.path, response.status, excerpt(response.body)));
}

json MilvusRest::checked(const char* path, json answer) const {
  const int code = answer.at("code");
  if (is_success(code)) return answer;
  const auto message = answer.value("message", "");
  if (code == no_access) {
    throw Error(ErrorCode::resource, fmt::format("{} refused the credentials: {}; put user:password or a key into "
                                                 "$MATCHER_SERVER_TOKEN",
                                                 server(), message));
  }
  throw Error(ErrorCode::resource, fmt::format("{} {} {} (code {}): {}", server(),
                                               says_disk_full(message) ? "has no disk space left for" : "refused", path,
                                               code, excerpt(message)));
}

}  // namespace matcher::database
