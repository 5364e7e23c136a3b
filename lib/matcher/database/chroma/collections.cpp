#include "matcher/database/chroma/collections.hpp"

#include <fmt/format.h>

#include "matcher/database/http/json_text.hpp"

namespace matcher::database {
namespace {

using nlohmann::json;

bool is_success(const Response& response) { return response.status / 100 == 2; }

/// The message in an answer, or the start of another answer.
std::string explain(const std::string& body) {
  const auto answer = json::parse(body, nullptr, false);
  const bool has_message = answer.is_object() && answer.contains("message") && answer["message"].is_string();
  return excerpt(has_message ? answer["message"].get<std::string>() : body);
}

}  // namespace

ChromaCollections::ChromaCollections(const Address& address, const Access& access)
    : http_(address, access, fmt::format("chroma run --host {} --port {}", address.host, address.port)),
      root_(fmt::format("/api/v2/tenants/{}/databases/{}", address.tenant.empty() ? "default_tenant" : address.tenant,
                        address.database.empty() ? "default_database" : address.database)) {}

json ChromaCollections::call(const Request& request) const {
  const auto response = http_.send(request);
  if (!is_success(response)) fail(request, response);
  return parse(request, response);
}

bool ChromaCollections::create(const std::string& name, const json& body) {
  const Request request{"POST", root_ + "/collections", dump(body), false};
  const auto response = http_.send(request);
  if (response.status == 409) return false;
  if (!is_success(response)) fail(request, response);
  remember(name, parse(request, response));
  return true;
}

std::optional<json> ChromaCollections::find(const std::string& name) {
  const Request request{"GET", collection_path(name), {}, true};
  const auto response = http_.send(request);
  if (response.status == 404) {
    check_is_chroma(request, response);
    return std::nullopt;
  }
  if (!is_success(response)) fail(request, response);
  auto answer = parse(request, response);
  remember(name, answer);
  return answer;
}

json ChromaCollections::list(std::size_t limit, std::size_t offset) const {
  return call({"GET", fmt::format("{}/collections?limit={}&offset={}", root_, limit, offset), {}, true});
}

void ChromaCollections::replace_metadata(const std::string& name, const json& metadata) {
  call({"PUT", collection_path(id_of(name)), dump({{"new_metadata", metadata}}), true});
}

void ChromaCollections::configure(const std::string& name, const json& settings) {
  call({"PUT", collection_path(id_of(name)), dump({{"new_configuration", settings}}), true});
}

void ChromaCollections::drop(const std::string& name, bool may_be_missing) {
  const Request request{"DELETE", collection_path(name), {}, false};
  const auto response = http_.send(request);
  if (!is_success(response) && !(may_be_missing && response.status == 404)) fail(request, response);
  const std::lock_guard lock(mutex_);
  ids_.erase(name);
}

json ChromaCollections::get(const std::string& name, const char* action) {
  return call({"GET", fmt::format("{}/{}", collection_path(id_of(name)), action), {}, true});
}

json ChromaCollections::post(const std::string& name, const char* action, const std::string& body) {
  return call({"POST", fmt::format("{}/{}", collection_path(id_of(name)), action), body, true});
}

std::string ChromaCollections::collection_path(const std::string& name_or_id) const {
  return fmt::format("{}/collections/{}", root_, name_or_id);
}

std::string ChromaCollections::id_of(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = ids_.find(name); known != ids_.end()) return known->second;
  }
  const auto found = find(name);
  if (found) return found->at("id");
  throw Error(ErrorCode::resource, fmt::format("collection \"{}\" of {} is gone", name, http_.server()));
}

void ChromaCollections::remember(const std::string& name, const json& entry) {
  const std::lock_guard lock(mutex_);
  ids_[name] = entry.at("id");
}

json ChromaCollections::parse(const Request& request, const Response& response) const {
  auto answer = json::parse(response.body, nullptr, false);
  if (!answer.is_discarded()) return answer;
  throw Error(ErrorCode::resource,
              fmt::format("{} answered {} {} with something that is not JSON ({}: {}); is it a Chroma server?",
                          http_.server(), request.method, request.path, response.status, excerpt(response.body)));
}

/// Checks that a 404 is Chroma's. The 404 of another web server does not mean "no such collection".
void ChromaCollections::check_is_chroma(const Request& request, const Response& response) const {
  const auto answer = json::parse(response.body, nullptr, false);
  if (answer.is_object() && answer.value("error", "") == "NotFoundError") return;
  throw Error(ErrorCode::resource, fmt::format("{} does not know {} ({}: {}); is it a Chroma server of version 1 or "
                                               "later, and are tenant and database correct?",
                                               http_.server(), request.path, response.status, excerpt(response.body)));
}

void ChromaCollections::fail(const Request& request, const Response& response) const {
  throw Error(ErrorCode::resource, fmt::format("{} refused {} {} ({}): {}", http_.server(), request.method,
                                               request.path, response.status, explain(response.body)));
}

}  // namespace matcher::database
