// Turns answers with unexpected JSON into errors that name the server.
#pragma once

#include <memory>
#include <string>

#include "matcher/database/database.hpp"

namespace matcher::database {

/// Returns `server` with every function throwing Error(resource) for JSON that is not as documented. `name` names the
/// server in messages.
std::shared_ptr<Database> check_json(std::shared_ptr<Database> server, const std::string& name);

}  // namespace matcher::database
