// Sends one part of a gallery into a version that other machines fill at the same time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "matcher/core/observer.hpp"
#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"

namespace matcher::database {

/// Sends a part as publish_part() does, to the name that `address` gives, with up to `in_flight` requests at a time.
PartResult send_part(const std::shared_ptr<Database>& database, const Address& address, const PublishTarget& target,
                     std::size_t in_flight, Observer& observer, const std::function<Gallery()>& load);

}  // namespace matcher::database
