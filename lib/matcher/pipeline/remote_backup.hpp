// A collection written out as an embedding set.
#pragma once

#include <filesystem>

#include "matcher/pipeline/remote_record.hpp"

namespace matcher::pipeline {

/// Returns how many items were written. Throws Error(usage) when `folder` holds something else, Error(mismatch) when
/// the collection was changed meanwhile.
std::size_t back_up(const Context& context, database::Database& database, const std::string& version,
                    const RemoteRecord& record, const std::filesystem::path& folder);

}  // namespace matcher::pipeline
