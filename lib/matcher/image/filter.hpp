// The filters of a resize, by Pillow's numbers and names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace matcher::image {

/// The values are Pillow's, as in "resample" of a Hugging Face image processor.
enum class Filter { nearest = 0, lanczos = 1, bilinear = 2, bicubic = 3, box = 4, hamming = 5 };

std::string_view to_string(Filter filter);

/// Returns nothing for an unknown name.
std::optional<Filter> find_filter(std::string_view name);

/// "nearest, lanczos, ...", for messages.
std::string filter_names();

}  // namespace matcher::image
