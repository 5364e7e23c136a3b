#include "matcher/files/read_unchanged.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/read_file.hpp"

namespace matcher {
namespace {

namespace fs = std::filesystem;

constexpr int most_attempts = 20;

std::string stamp_of(const fs::path& folder) {
  const auto manifest = folder / "manifest.json";
  return is_file(manifest) ? read_text(manifest) : std::string();
}

}  // namespace

void read_unchanged(const fs::path& folder, const std::function<void()>& read) {
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const auto before = stamp_of(folder);
    try {
      read();
      if (stamp_of(folder) == before) return;
    } catch (const Error&) {
      if (stamp_of(folder) == before) throw;
    }
  }
  throw Error(ErrorCode::resource,
              fmt::format("\"{}\" was replaced {} times while it was read. Run the command again when no other matcher "
                          "writes it",
                          folder.string(), most_attempts));
}

}  // namespace matcher
