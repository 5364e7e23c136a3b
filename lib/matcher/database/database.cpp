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

}  // namespace

std::shared_ptr<Database> connect(const Address& address, const Access& access) {
  for (const auto& client : clients) {
    if (client.kind == address.kind) return check_json(client.connect(address, access), address.text);
  }
  throw Error(ErrorCode::unexpected, "no client for the database of \"" + address.text + "\"");
}

}  // namespace matcher::database
