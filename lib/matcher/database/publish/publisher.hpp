// The base of every writer to a name: the server, the address, the target and the observer.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "matcher/core/observer.hpp"
#include "matcher/database/database.hpp"
#include "matcher/database/publish.hpp"

namespace matcher::database {

/// Borrows all but the database.
class Publisher {
 public:
  Publisher(std::shared_ptr<Database> database, const Address& address, const PublishTarget& target,
            std::size_t in_flight, Observer& observer)
      : database_(std::move(database)),
        address_(address),
        target_(target),
        in_flight_(in_flight),
        observer_(observer) {}

 protected:
  const std::shared_ptr<Database> database_;
  const Address& address_;
  const PublishTarget& target_;
  const std::size_t in_flight_;  ///< requests at the same time
  Observer& observer_;
};

}  // namespace matcher::database
