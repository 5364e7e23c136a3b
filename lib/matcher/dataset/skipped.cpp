#include "matcher/dataset/skipped.hpp"

#include <filesystem>

#include "matcher/core/text.hpp"
#include "matcher/dataset/image_name.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

void count_in(const fs::path& folder, std::map<std::string, std::size_t>& counts) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error), end;
       !error && it != end; it.increment(error)) {
    if (is_hidden(it->path())) {
      it.disable_recursion_pending();
      continue;
    }
    std::error_code ignored;
    if (!it->is_regular_file(ignored) || is_image_name(it->path())) continue;
    const auto extension = lower_case(it->path().extension().string());
    ++counts[extension.empty() ? "files without an extension" : extension];
  }
}

}  // namespace

std::map<std::string, std::size_t> count_skipped(const Description& description) {
  std::map<std::string, std::size_t> counts;
  const auto root = fs::path(description.origin).parent_path() / description.root;
  for (const auto& source : description.sources)
    if (source.format == "folder") count_in((root / source.path).lexically_normal(), counts);
  return counts;
}

}  // namespace matcher::dataset
