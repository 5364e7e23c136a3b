// Recognises images by the names of their files.
#pragma once

#include <filesystem>

namespace matcher::dataset {

/// True for names that end like an image of any format, in any case: also of formats that matcher does not decode, so
/// that they are reported rather than missed.
bool is_image_name(const std::filesystem::path& path);

}  // namespace matcher::dataset
