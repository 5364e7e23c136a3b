#include "matcher/dataset/folder_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/image_name.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

bool is_ignored_folder(const std::string& name) {
  constexpr std::array names{"@eadir",    "@tmp",     "@recycle",     "@recently-snapshot",        "#recycle",
                             "#snapshot", "__macosx", "$recycle.bin", "system volume information", "lost+found"};
  return name.starts_with('.') || std::ranges::find(names, lower_case(name)) != names.end();
}

namespace {

struct Entry {
  std::string name;
  bool is_folder = false, is_link = false;
};

class Walk {
 public:
  Walk(const fs::path& root, const std::function<void(const std::string&)>& use) : root_(root), use_(use) {}

  void visit(const std::string& relative) {
    const auto folder = relative.empty() ? root_ : root_ / relative;
    auto entries = list(folder);
    ancestors_.push_back(folder);
    for (auto& entry : entries) {
      auto path = relative.empty() ? std::move(entry.name) : relative + "/" + entry.name;
      if (!entry.is_folder)
        use_(path);
      else if (!entry.is_link || !leads_back(root_ / path))
        visit(path);
    }
    ancestors_.pop_back();
  }

  std::vector<std::string> warnings;

 private:
  std::vector<Entry> list(const fs::path& folder) const {
    std::vector<Entry> entries;
    std::error_code error, ignored;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      Entry entry{it->path().filename().string()};
      if (entry.name.starts_with('.')) continue;
      entry.is_folder = it->is_directory(ignored);
      entry.is_link = entry.is_folder && it->is_symlink(ignored);
      if (entry.is_folder ? !is_ignored_folder(entry.name) : is_image_name(entry.name))
        entries.push_back(std::move(entry));
    }
    if (error)
      throw Error(ErrorCode::input, fmt::format("cannot read the folder \"{}\": {}", folder.string(), error.message()));
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
  }

  bool leads_back(const fs::path& link) {
    std::error_code ignored;
    const auto found =
        std::ranges::find_if(ancestors_, [&](const fs::path& above) { return fs::equivalent(link, above, ignored); });
    if (found == ancestors_.end()) return false;
    warnings.push_back(fmt::format("skipped the link \"{}\": it leads back to \"{}\"", link.string(), found->string()));
    return true;
  }

  fs::path root_;
  const std::function<void(const std::string&)>& use_;
  std::vector<fs::path> ancestors_;
};

}  // namespace

std::vector<std::string> walk_images(const fs::path& folder, const std::function<void(const std::string&)>& use) {
  Walk walk(folder, use);
  walk.visit("");
  return std::move(walk.warnings);
}

bool has_images(const fs::path& folder) {
  struct Found {};
  try {
    walk_images(folder, [](const std::string&) { throw Found(); });
  } catch (const Found&) {
    return true;
  } catch (const Error&) {
  }
  return false;
}

}  // namespace matcher::dataset
