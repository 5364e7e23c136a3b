// Calls Milvus's REST API and interprets its codes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "matcher/database/http/http.hpp"

namespace matcher::database {

/// Milvus answers with HTTP 200, and reports in `code` if the call succeeded.
class MilvusRest {
 public:
  static constexpr int no_collection = 100, no_alias = 1600;

  MilvusRest(const Address& address, const Access& access);

  /// Returns the answer to `body` at /v2/vectordb/`path`. Throws Error(resource) for a code of failure.
  nlohmann::json call(const char* path, const nlohmann::json& body, bool repeatable = true) const;
  nlohmann::json call_text(const char* path,
                           std::string body) const;  ///< for a body that was written by hand, repeatable
  /// Returns the answer with any code, after repeating what may be repeated.
  nlohmann::json ask(const char* path, const nlohmann::json& body, bool repeatable = true) const;
  /// Returns `answer`. Throws Error(resource) for a code of failure.
  nlohmann::json checked(const char* path, nlohmann::json answer) const;

  /// Returns `body` with the database of the address.
  nlohmann::json named(nlohmann::json body) const;
  const std::string& server() const { return http_.server(); }

 private:
  nlohmann::json send(const char* path, std::string body, bool repeatable) const;
  nlohmann::json parse(const Request& request, const Response& response) const;

  const Http http_;
  const std::string database_;
};

}  // namespace matcher::database
