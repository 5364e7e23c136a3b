#include "matcher/database/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "matcher/core/error.hpp"

namespace matcher::database {
namespace {

constexpr const char* forms =
    "use chroma://HOST[:PORT]/[[TENANT/]DATABASE/]COLLECTION or milvus://HOST[:PORT]/[DATABASE/]COLLECTION, with "
    "chroma+https, milvuss or milvus+https for TLS";

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Error(ErrorCode::usage, fmt::format("address \"{}\" {}; {}", text, why, forms));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Names that a database accepts, in part: all have 3 to 200 characters.
struct Naming {
  std::string_view signs;  ///< characters beside letters and digits
  bool (*is_valid)(std::string_view name);
  const char* words;
  std::size_t most;  ///< names after the host
};

constexpr Naming chroma_names{
    "._-", [](std::string_view name) { return is_letter_or_digit(name.front()) && is_letter_or_digit(name.back()); },
    "a-z, A-Z, 0-9, '.', '_' and '-', the first and last a letter or digit", 3};
constexpr Naming milvus_names{"_", [](std::string_view name) { return !is_digit(name.front()); },
                              "a-z, A-Z, 0-9 and '_', the first not a digit", 2};

struct Scheme {
  std::string_view name;
  Kind kind;
  bool tls;
  int port;
  const Naming& names;
};
constexpr Scheme schemes[] = {{"chroma", Kind::chroma, false, 8000, chroma_names},
                              {"chroma+https", Kind::chroma, true, 443, chroma_names},
                              {"milvus", Kind::milvus, false, 19530, milvus_names},
                              {"milvuss", Kind::milvus, true, 19530, milvus_names},
                              {"milvus+https", Kind::milvus, true, 443, milvus_names}};

const Scheme& find_scheme(const std::string& text, std::string_view name) {
  const auto* found = std::ranges::find(schemes, name, &Scheme::name);
  if (found == std::end(schemes)) refuse(text, fmt::format("has the scheme \"{}\", which is not a database", name));
  return *found;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    parts.emplace_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

void check_name(const std::string& text, const std::string& name, const Naming& names) {
  const auto fits = [&](char c) { return is_letter_or_digit(c) || names.signs.find(c) != std::string_view::npos; };
  if (name.size() >= 3 && name.size() <= 200 && std::ranges::all_of(name, fits) && names.is_valid(name)) return;
  refuse(text, fmt::format("has the name \"{}\"; a name has 3 to 200 of {}", name, names.words));
}

void read_host(Address& address, std::string_view authority) {
  const auto bracket = authority.rfind(']');
  const auto colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  address.host = authority.substr(0, has_port ? colon : authority.size());
  if (address.host.empty()) refuse(address.text, "names no host");
  if (!has_port) return;
  const auto digits = authority.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (error != std::errc() || end != digits.data() + digits.size() || address.port < 1 || address.port > 65535)
    refuse(address.text, fmt::format("has the port \"{}\", which is not a number from 1 to 65535", digits));
}

void read_path(Address& address, std::string_view path, const Naming& names) {
  auto parts = split_path(path);
  if (path.empty()) refuse(address.text, "names no collection");
  if (parts.size() > names.most) refuse(address.text, fmt::format("has more than {} names after the host", names.most));
  for (const auto& part : parts) check_name(address.text, part, names);
  address.collection = parts.back();
  if (parts.size() > 1) address.database = parts[parts.size() - 2];
  if (parts.size() > 2) address.tenant = parts[0];
}

}  // namespace

std::string Address::origin() const { return fmt::format("{}://{}:{}", tls ? "https" : "http", host, port); }

bool is_address(std::string_view text) { return text.find("://") != std::string_view::npos; }

Address parse_address(const std::string& text) {
  const auto mark = text.find("://");
  if (mark == std::string::npos) refuse(text, "has no scheme");
  const auto rest = std::string_view(text).substr(mark + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) {
    throw Error(ErrorCode::usage,
                fmt::format("the {} address contains a user name or password; remove it, and put the token "
                            "(user:password for Milvus) into $MATCHER_SERVER_TOKEN",
                            text.substr(0, mark)));
  }
  const auto& scheme = find_scheme(text, std::string_view(text).substr(0, mark));
  Address address{scheme.kind, scheme.tls, {}, scheme.port, {}, {}, {}, text};
  read_host(address, authority);
  read_path(address, slash < rest.size() ? rest.substr(slash + 1) : std::string_view(), scheme.names);
  return address;
}

}  // namespace matcher::database
