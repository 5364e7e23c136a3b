#include "matcher/database/publish/difference.hpp"

#include <algorithm>

namespace matcher::database {

Difference find_difference(const std::vector<Row>& want, std::unordered_map<std::string, Row> have) {
  Difference difference;
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto found = have.find(want[i].id);
    const bool exists = found != have.end();
    if (!exists || found->second != want[i]) {
      difference.send.push_back(i);
      difference.replaced += exists;
    }
    if (exists) have.erase(found);
  }
  for (const auto& [id, row] : have) difference.remove.push_back(id);
  std::ranges::sort(difference.remove);
  return difference;
}

}  // namespace matcher::database
