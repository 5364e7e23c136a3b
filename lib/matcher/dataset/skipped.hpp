// Counts the files that a catalogue of folders passes over.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

/// The number of files per extension, in lower case, in the folders of the sources that are read as class folders and
/// that do not end like an image. Hidden files and folders do not count; unreadable folders are passed over.
std::map<std::string, std::size_t> count_skipped(const Description& description);

}  // namespace matcher::dataset
