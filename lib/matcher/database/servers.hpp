// The two servers that are known. Internal to the layer.
#pragma once

#include <memory>
#include <string>

#include "matcher/database/database.hpp"

namespace matcher::database {

std::shared_ptr<Database> connect_chroma(const Address& address, const Access& access);
std::shared_ptr<Database> connect_milvus(const Address& address, const Access& access);

/// The same, with Error(resource) for JSON that is not as documented.
std::shared_ptr<Database> understand(std::shared_ptr<Database> server, const std::string& name);

}  // namespace matcher::database
