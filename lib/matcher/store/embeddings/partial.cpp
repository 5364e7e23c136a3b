#include "matcher/store/embeddings/partial.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/temporary.hpp"

namespace matcher::store {
namespace {

constexpr std::array own_names{vectors_name, items_name, failures_name, manifest_name,
                               journal_name, key_name,   temporary_mark};

[[noreturn]] void refuse(const fs::path& partial, const std::string& reason) {
  throw Error(ErrorCode::usage,
              fmt::format("\"{}\" is the place for unfinished embeddings, but {}; nothing was written. "
                          "Move it away, or give --output another folder",
                          partial.string(), reason));
}

fs::file_type type_of(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type();
}

bool has(const fs::path& partial, const char* name) { return type_of(partial / name) == fs::file_type::regular; }

bool is_half_written(const fs::path& entry) {
  return std::ranges::any_of(
      own_names, [name = entry.filename().string()](const char* own) { return is_temporary_name(name, own); });
}

bool is_own(const fs::path& entry) {
  const bool known = std::ranges::find(own_names, entry.filename().string()) != own_names.end();
  return type_of(entry) == fs::file_type::regular && (known || is_half_written(entry));
}

}  // namespace

fs::path partial_of(const fs::path& output) {
  return (output.has_filename() ? output : output.parent_path()).string() + ".partial";
}

void make_partial(const fs::path& partial) {
  make_folder(parent_folder(partial));
  if (::mkdir(partial.c_str(), 0777) == 0) return;
  if (errno != EEXIST) fail_writing(partial, errno);
  const auto type = type_of(partial);
  if (type == fs::file_type::symlink) refuse(partial, "it is a link");
  if (type != fs::file_type::directory) refuse(partial, "it is a file");
}

void claim_partial(const fs::path& partial) {
  const auto entries = list_folder(partial);
  for (const auto& entry : entries) {
    if (!is_own(entry)) refuse(partial, fmt::format("it holds \"{}\"", entry.filename().string()));
  }
  // Versions before 0.2.0 wrote a key and no mark.
  if (!entries.empty() && !has(partial, temporary_mark) && !has(partial, key_name))
    refuse(partial, "it holds files that matcher did not write");
  OutputFile(partial / temporary_mark).close();
  for (const auto& entry : entries) {
    std::error_code ignored;
    if (is_half_written(entry)) fs::remove(entry, ignored);
  }
}

}  // namespace matcher::store
