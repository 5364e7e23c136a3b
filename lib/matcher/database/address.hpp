// Addresses of collections: chroma://HOST[:PORT]/[[TENANT/]DATABASE/]COLLECTION and
// milvus://HOST[:PORT]/[DATABASE/]COLLECTION. chroma+https://, milvuss:// and milvus+https:// use TLS.
#pragma once

#include <string>
#include <string_view>

namespace matcher::database {

enum class Kind { chroma, milvus };

struct Address {
  Kind kind = Kind::chroma;
  bool tls = false;
  std::string host;  ///< an IPv6 address in brackets
  int port = 0;
  std::string tenant, database;  ///< empty: the server's default
  std::string collection;
  std::string text;  ///< as given

  std::string origin() const;  ///< "http://host:8000"
};

/// True if `text` is an address, not a folder.
bool is_address(std::string_view text);

/// Throws Error(usage) with the reason, without repeating a password in the address.
Address parse_address(const std::string& text);

}  // namespace matcher::database
