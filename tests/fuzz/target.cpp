#include "fuzz/target.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

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
    if (entry.is_regular_file()) files_.emplace_back(entry.path(), content_of(entry.path()));
  }
  std::ranges::sort(files_);
}

void OneReplaced::with(std::string_view input, const std::function<void()>& use) const {
  if (input.empty()) return;
  const auto& [file, content] = files_.at(static_cast<unsigned char>(input.front()) % files_.size());
  write(file, with_right_sum(input.substr(1)));
  try {
    use();
  } catch (...) {
    write(file, content);
    throw;
  }
  write(file, content);
}

std::vector<std::string> OneReplaced::seeds() const {
  std::vector<std::string> seeds;
  for (std::size_t i = 0; i < files_.size(); ++i) seeds.push_back(char(i) + files_[i].second);
  return seeds;
}

}  // namespace matcher::fuzz
