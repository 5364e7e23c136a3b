// The entry point of the Milvus plugin.
#include <grpc/support/log.h>

#include "matcher/database/milvus/grpc/server.hpp"
#include "matcher/database/milvus/interface.hpp"

/// Silences gRPC's log: it goes to stderr, and matcher reports errors itself.
extern "C" __attribute__((visibility("default"))) matcher::database::Database* MATCHER_MILVUS_PLUGIN(
    const matcher::database::Address& address, const matcher::database::Access& access) {
  gpr_set_log_function([](gpr_log_func_args*) {});
  return matcher::database::make_milvus(address, access).release();
}
