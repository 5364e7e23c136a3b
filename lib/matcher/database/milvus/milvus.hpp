// A client for Milvus's gRPC protocol, in a plugin of its own.
#pragma once

#include <memory>

#include "matcher/database/database.hpp"

namespace matcher::database {

/// Throws Error(resource) if the plugin is missing: the build found no gRPC.
std::shared_ptr<Database> connect_milvus(const Address& address, const Access& access);

}  // namespace matcher::database
