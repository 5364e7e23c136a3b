#include "matcher/model/families/families.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace matcher::model {
namespace {

/// "a, b and c": the types of all families, and the names of those that are known by another key.
std::string list_types(std::span<const Family* const> table) {
  std::vector<std::string_view> types;
  for (const auto* family : table) {
    types.insert(types.end(), family->model_types.begin(), family->model_types.end());
    if (family->model_types.empty()) types.emplace_back(family->name);
  }
  if (types.size() < 2) return std::string(types.empty() ? "none" : types[0]);
  const auto last = types.back();
  types.pop_back();
  return fmt::format("{} and {}", fmt::join(types, ", "), last);
}

}  // namespace

bool has_model_type(const Family& family, const Checkpoint& checkpoint) {
  const auto type = checkpoint.config().text("model_type", "");
  return std::ranges::find(family.model_types, type) != family.model_types.end();
}

std::span<const Family* const> families() {
#define MATCHER_ADDRESS(family) &family##_family,
  static constexpr std::array table{MATCHER_FAMILIES(MATCHER_ADDRESS)};
#undef MATCHER_ADDRESS
  return table;
}

const Family& find_family(const Checkpoint& checkpoint, std::span<const Family* const> table) {
  const auto found =
      std::ranges::find_if(table, [&](const Family* family) { return family->matches(*family, checkpoint); });
  if (found != table.end()) return **found;
  const auto& config = checkpoint.config();
  const auto type = config.has("model_type")
                        ? fmt::format("is \"{}\"", printable(config.text("model_type", "")))
                        : std::string("is missing, and so are \"architecture\" of timm and \"embed_dim\" of open_clip");
  config.refuse("model_type", fmt::format("{}, but matcher builds {}", type, list_types(table)), build_in_python);
}

Architecture read_architecture(const Family& family, Checkpoint& checkpoint) {
  auto architecture = family.read(checkpoint);
  checkpoint.check_all_used();
  return architecture;
}

}  // namespace matcher::model
