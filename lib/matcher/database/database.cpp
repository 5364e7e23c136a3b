#include "matcher/database/database.hpp"

#include "matcher/database/chroma/chroma.hpp"
#include "matcher/database/http/checked_json.hpp"
#include "matcher/database/milvus/milvus.hpp"

namespace matcher::database {
namespace {

struct Client {
  Kind kind;
  std::shared_ptr<Database> (*connect)(const Address&, const Access&);
};

/// The databases. A new one is one line here.
constexpr Client clients[] = {{Kind::chroma, connect_chroma}, {Kind::milvus, connect_milvus}};

constexpr std::string_view version_mark = "__";
constexpr std::size_t fingerprint_digits = 12;

}  // namespace

std::shared_ptr<Database> connect(const Address& address, const Access& access) {
  for (const auto& client : clients) {
    if (client.kind == address.kind) return check_json(client.connect(address, access), address.text);
  }
  throw Error(ErrorCode::unexpected, "no client for the database of \"" + address.text + "\"");
}

std::string name_of_version(const std::string& version) {
  const auto mark = version.rfind(version_mark);
  const bool is_version =
      mark != std::string::npos && mark > 0 && version.size() == mark + version_mark.size() + fingerprint_digits &&
      version.find_first_not_of("0123456789abcdef", mark + version_mark.size()) == std::string::npos;
  return is_version ? version.substr(0, mark) : std::string();
}

std::string version_name(const std::string& name, const std::string& fingerprint) {
  return name + std::string(version_mark) + fingerprint.substr(0, fingerprint_digits);
}

}  // namespace matcher::database
