// A client for Milvus's REST API, version 2.
#pragma once

#include <memory>

#include "matcher/database/database.hpp"

namespace matcher::database {

std::shared_ptr<Database> connect_milvus(const Address& address, const Access& access);

}  // namespace matcher::database
