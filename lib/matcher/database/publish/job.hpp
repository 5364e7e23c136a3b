// The steps of publishing a gallery to a connected database.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "matcher/core/observer.hpp"
#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"

namespace matcher::database {

/// Publishes as publish() does, to the name that `address` gives, with up to `in_flight` requests at a time.
PublishResult run_job(const std::shared_ptr<Database>& database, const Address& address, const PublishTarget& target,
                      std::size_t in_flight, Observer& observer, const std::function<Gallery()>& load);

}  // namespace matcher::database
