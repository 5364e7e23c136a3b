#include "matcher/database/milvus/milvus.hpp"

#include "matcher/database/milvus/interface.hpp"
#include "matcher/process/plugin.hpp"

#define MATCHER_QUOTED(name) #name
#define MATCHER_SYMBOL(name) MATCHER_QUOTED(name)

namespace matcher::database {
namespace {

[[maybe_unused]] constexpr PluginName plugin{"Milvus (gRPC)", "libmatcher_milvus.so",
                                             MATCHER_SYMBOL(MATCHER_MILVUS_PLUGIN)};

}  // namespace

#ifdef MATCHER_WITH_MILVUS
std::shared_ptr<Database> connect_milvus(const Address& address, const Access& access) {
  static const auto make = reinterpret_cast<MilvusFactory>(open_plugin(plugin));
  return std::shared_ptr<Database>(make(address, access));
}
#else
std::shared_ptr<Database> connect_milvus(const Address& address, const Access&) {
  throw Error(ErrorCode::resource,
              address.text +
                  ": this build of matcher has no Milvus, because gRPC was missing when it was built. Install "
                  "libgrpc++-dev, protobuf-compiler and protobuf-compiler-grpc, and build matcher again");
}
#endif

}  // namespace matcher::database
