// A client for Chroma's HTTP API, version 2.
#pragma once

#include <memory>

#include "matcher/database/database.hpp"

namespace matcher::database {

std::shared_ptr<Database> connect_chroma(const Address& address, const Access& access);

}  // namespace matcher::database
