#include "matcher/database/names.hpp"

#include <string_view>

namespace matcher::database {
namespace {

constexpr std::string_view version_mark = "__";
constexpr std::size_t fingerprint_digits = 12;

}  // namespace

std::string name_of_version(const std::string& version) {
  const auto mark = version.rfind(version_mark);
  const bool is_version =
      mark != std::string::npos && mark > 0 && version.size() == mark + version_mark.size() + fingerprint_digits &&
      version.find_first_not_of("0123456789abcdef", mark + version_mark.size()) == std::string::npos;
  return is_version ? version.substr(0, mark) : std::string();
}

std::string version_name(const std::string& name, const std::string& fingerprint) {
  return name + std::string(version_mark) + fingerprint.substr(0, fingerprint_digits);
}

std::string lock_name(const std::string& name) { return name + std::string(version_mark) + "lock"; }

const char* to_string(IndexType type) {
  constexpr const char* names[] = {"flat", "hnsw", "ivf-flat"};
  return names[std::size_t(type)];
}

const char* effort_name(IndexType type) {
  constexpr const char* names[] = {"", "ef", "nprobe"};
  return names[std::size_t(type)];
}

}  // namespace matcher::database
