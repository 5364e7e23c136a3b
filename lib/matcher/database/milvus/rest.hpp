// Calls of Milvus's REST API and what their codes mean. Internal to the layer.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "matcher/database/http/http.hpp"

namespace matcher::database {

/// Milvus answers with HTTP 200 and says in `code` whether it did what was asked.
class MilvusRest {
 public:
  static constexpr int no_collection = 100, no_alias = 1600;

  MilvusRest(const Address& address, const Access& access);

  /// The answer to `body` at /v2/vectordb/`path`. Throws Error(resource) for a code that is not good.
  nlohmann::json call(const char* path, const nlohmann::json& body, bool repeatable = true) const;
  nlohmann::json call_text(const char* path, std::string body) const;  ///< of a repeatable call, made by hand
  /// The answer with whatever code, after what may be tried again was tried again.
  nlohmann::json ask(const char* path, const nlohmann::json& body, bool repeatable = true) const;
  /// `answer`, unless its code is not good.
  nlohmann::json checked(const char* path, nlohmann::json answer) const;

  /// `body` with the database that the address names.
  nlohmann::json named(nlohmann::json body) const;
  const std::string& server() const { return http_.server(); }

 private:
  nlohmann::json send(const char* path, std::string body, bool repeatable) const;
  nlohmann::json parse(const Request& request, const Response& response) const;

  const Http http_;
  const std::string database_;
};

}  // namespace matcher::database
