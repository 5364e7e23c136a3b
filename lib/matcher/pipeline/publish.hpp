// Publishes the vectors of a gallery to a vector database, and restores versions of a collection.
#pragma once

#include <string>

#include "matcher/database/publish.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/vector_input.hpp"
#include "matcher/report/collection_check.hpp"

namespace matcher::pipeline {

struct PublishOptions {
  VectorInput input;
  database::PublishTarget target;
  ExecutionOptions execution;
};

/// Embeds what is missing of the input and publishes it; contacts the server first. Throws as database::publish().
database::PublishResult publish(const Context& context, const PublishOptions& options);

/// Publishes a part of a gallery, some shards of it, beside other processes. Throws as database::publish_part(), and
/// Error(usage) if there are no embedding sets.
database::PartResult publish_part(const Context& context, const PublishOptions& options);

/// Proves the live version at `address`, and writes nothing. Throws as database::check_collection().
report::CollectionCheck check_collection(const Context& context, const std::string& address);

/// Makes the version live that was live before at `address`. Throws as database::roll_back().
database::RestoredVersion restore_version(const Context& context, const std::string& address);

}  // namespace matcher::pipeline
