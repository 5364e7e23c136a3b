// The collections of a Chroma server over HTTP: their paths, their metadata, and refused requests as errors.
#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "matcher/database/http/http.hpp"

namespace matcher::database {

/// A tenant's database on a server. Several threads may use it at once.
class ChromaCollections {
 public:
  ChromaCollections(const Address& address, const Access& access);

  /// Returns the answer as JSON. Throws Error(resource) if the server refuses the request or is not Chroma.
  nlohmann::json call(const Request& request) const;

  /// Returns false if the collection exists.
  bool create(const std::string& name, const nlohmann::json& body);
  /// Returns nothing if there is no such collection.
  std::optional<nlohmann::json> find(const std::string& name);
  /// Returns one page of the list of collections.
  nlohmann::json list(std::size_t limit, std::size_t offset) const;
  void replace_metadata(const std::string& name, const nlohmann::json& metadata);
  void configure(const std::string& name, const nlohmann::json& settings);
  /// Does nothing if there is no such collection and `may_be_missing`.
  void drop(const std::string& name, bool may_be_missing);

  /// Reads with an action on a collection. Throws Error(resource) if there is no such collection.
  nlohmann::json get(const std::string& name, const char* action);
  /// Posts a body that may be sent twice. Throws Error(resource) if there is no such collection.
  nlohmann::json post(const std::string& name, const char* action, const std::string& body);
  const std::string& server() const { return http_.server(); }

 private:
  std::string collection_path(const std::string& name_or_id) const;
  std::string id_of(const std::string& name);
  void remember(const std::string& name, const nlohmann::json& entry);
  nlohmann::json parse(const Request& request, const Response& response) const;
  void check_is_chroma(const Request& request, const Response& response) const;
  [[noreturn]] void fail(const Request& request, const Response& response) const;

  const Http http_;
  const std::string root_;
  std::mutex mutex_;
  std::map<std::string, std::string> ids_;  ///< name -> id on the server
};

}  // namespace matcher::database
