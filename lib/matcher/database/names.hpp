// Names of versions, locks and kinds of indexes.
#pragma once

#include <string>

namespace matcher::database {

/// How a server indexes the vectors of a version.
enum class IndexType { flat, hnsw, ivf_flat };

/// "products__3f9c1a2b44d0" -> "products"; empty for a name that is not a version's.
std::string name_of_version(const std::string& version);
std::string version_name(const std::string& name, const std::string& fingerprint);
/// The collection that is the lock of a name: "products__lock".
std::string lock_name(const std::string& name);

/// "flat", "hnsw", "ivf-flat"
const char* to_string(IndexType type);
/// "ef", "nprobe"; empty for an index without a setting.
const char* effort_name(IndexType type);

}  // namespace matcher::database
