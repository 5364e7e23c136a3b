// The border to the Milvus plugin, which brings gRPC and protocol buffers.
#pragma once

#include "matcher/database/database.hpp"

namespace matcher::database {

/// The plugin's one exported function: prepares a client. Raise the number with every change of Database, Address or
/// Access.
#define MATCHER_MILVUS_PLUGIN matcher_milvus_plugin_2
using MilvusFactory = Database* (*)(const Address& address, const Access& access);

}  // namespace matcher::database
