// A Milvus server, or a Milvus Lite, behind the interface of databases.
#pragma once

#include <memory>

#include "matcher/database/database.hpp"

namespace matcher::database {

std::unique_ptr<Database> make_milvus(const Address& address, const Access& access);

}  // namespace matcher::database
