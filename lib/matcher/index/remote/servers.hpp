// The two servers that are known. Internal to the layer.
#pragma once

#include <memory>

#include "matcher/index/remote/database.hpp"

namespace matcher::index::remote {

std::shared_ptr<Database> connect_chroma(const Address& address, const Access& access);
std::shared_ptr<Database> connect_milvus(const Address& address, const Access& access);

}  // namespace matcher::index::remote
