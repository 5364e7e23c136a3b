#include "fuzz/target.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <utility>

#include "matcher/files/hash.hpp"
#include "matcher/files/sum.hpp"

namespace matcher::fuzz {
namespace {

std::vector<const Target*>& all() {
  static std::vector<const Target*> targets;
  return targets;
}

/// Prefers memory: a run writes many thousand files.
fs::path make_folder() {
  const fs::path place = fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
  std::string name = (place / "matcher-fuzz-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  return name;
}

struct Scratch {
  fs::path path = make_folder();
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary).write(content.data(), std::streamsize(content.size()));
}

/// The input with a right sum in place of its own, so that what is behind the check of the sum is read, too.
std::string with_right_sum(std::string_view input) {
  const auto start = input.rfind(",\n  \"sum\": \"");
  return start == input.npos ? std::string(input) : with_sum(std::string(input.substr(0, start)));
}

std::string hash_of(std::string_view text) { return content_hash(std::as_bytes(std::span(text))); }

/// Writes a file of a folder while it lives, and the hash of its content into the other files that have the hash.
class Replaced {
 public:
  Replaced(const Files& files, const fs::path& file, std::string_view content) {
    const auto old_hash = hash_of(files.at(file)), hash = hash_of(content);
    replace(files, file, content);
    for (const auto& [other, text] : files) {
      const auto at = other == file ? text.npos : text.find(old_hash);
      if (at != text.npos) replace(files, other, with_right_sum(std::string(text).replace(at, hash.size(), hash)));
    }
  }
  ~Replaced() {
    for (const auto& [file, text] : before_) write(file, text);
  }
  Replaced(const Replaced&) = delete;
  Replaced& operator=(const Replaced&) = delete;

 private:
  void replace(const Files& files, const fs::path& file, std::string_view content) {
    before_.emplace_back(file, files.at(file));
    write(file, content);
  }

  std::vector<std::pair<fs::path, std::string_view>> before_;
};

}  // namespace

Target::Target(std::string target_name, Run run_input, Seeds make_seeds)
    : name(std::move(target_name)), run(std::move(run_input)), seeds(std::move(make_seeds)) {
  all().push_back(this);
}

const std::vector<const Target*>& targets() {
  std::ranges::sort(all(), {}, &Target::name);
  return all();
}

const fs::path& scratch() {
  static const Scratch folder;
  return folder.path;
}

fs::path write_file(const fs::path& name, std::string_view content) {
  const auto file = scratch() / name;
  fs::create_directories(file.parent_path());
  write(file, content);
  return file;
}

std::vector<std::string> files_in(const fs::path& folder, const std::vector<std::string>& endings, std::size_t limit) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(MATCHER_SOURCE_DIR) / folder)) {
    const auto name = entry.path().filename().string();
    const bool wanted = std::ranges::any_of(endings, [&](const auto& ending) { return name.ends_with(ending); });
    if (wanted && entry.is_regular_file() && entry.file_size() <= limit) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<std::string> contents;
  for (const auto& path : paths) contents.push_back(content_of(path));
  return contents;
}

OneReplaced::OneReplaced(const std::string& name, const std::function<void(const fs::path&)>& make)
    : folder_(scratch() / name) {
  make(folder_);
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) files_.emplace(entry.path(), content_of(entry.path()));
  }
}

void OneReplaced::with(std::string_view input, const std::function<void()>& use) const {
  if (input.empty()) return;
  const auto number = static_cast<unsigned char>(input.front()) % files_.size();
  const auto& file = std::next(files_.begin(), std::ptrdiff_t(number))->first;
  const Replaced replaced(files_, file, with_right_sum(input.substr(1)));
  use();
}

std::vector<std::string> OneReplaced::seeds() const {
  std::vector<std::string> seeds;
  for (const auto& [file, content] : files_) seeds.push_back(char(seeds.size()) + content);
  return seeds;
}

}  // namespace matcher::fuzz
