#include "matcher/core/shared_text.hpp"

#include <functional>
#include <mutex>
#include <unordered_set>

namespace matcher {
namespace {

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

}  // namespace

const std::string& SharedText::none() {
  static const std::string empty;
  return empty;
}

const std::string& SharedText::stored(std::string_view text) {
  static std::mutex mutex;
  static auto& all = *new std::unordered_set<std::string, Hash, std::equal_to<>>;  // never destroyed: items outlive it
  if (text.empty()) return none();
  const std::lock_guard lock(mutex);
  const auto found = all.find(text);
  return found != all.end() ? *found : *all.emplace(text).first;
}

}  // namespace matcher
