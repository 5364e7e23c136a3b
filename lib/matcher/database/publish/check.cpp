#include "matcher/database/publish/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "matcher/database/publish/lost.hpp"
#include "matcher/database/versions/record.hpp"
#include "matcher/database/versions/version.hpp"

namespace matcher::database {
namespace {

constexpr std::size_t ids_per_request = 500;
constexpr double tolerance = 1e-3;  // of a length; vectors are stored as they were sent

std::vector<Row> read_rows(Database& database, const std::string& version) {
  std::vector<Row> rows;
  database.read(version, false,
                [&](std::span<const Row> some, MatrixView) { rows.insert(rows.end(), some.begin(), some.end()); });
  return rows;
}

bool is_unit(std::span<const float> vector) { return std::abs(inner_product(vector, vector) - 1) <= tolerance; }

/// Asks for records by their own vectors, as the server returns them.
void search_records(CollectionCheck& check, Database& database, const std::vector<std::string>& ids) {
  for (std::size_t first = 0; first < ids.size(); first += ids_per_request) {
    const auto asked = std::span(ids).subspan(first, std::min(ids_per_request, ids.size() - first));
    std::vector<std::string> with_vector;
    Matrix vectors(0, check.model.dimension);
    for (const auto& [id, vector] : database.vectors(check.version, asked)) {
      if (vector.size() != vectors.cols || !is_unit(vector)) continue;
      with_vector.push_back(id);
      vectors.data.insert(vectors.data.end(), vector.begin(), vector.end());
      ++vectors.rows;
    }
    check.changed += asked.size() - with_vector.size();
    if (with_vector.empty()) continue;
    const auto lost = find_lost(database, check.version, with_vector, vectors.view());
    check.lost.insert(check.lost.end(), lost.begin(), lost.end());
  }
  check.searched = ids.size();
}

std::string failure_of(const CollectionCheck& c, const VersionRecord& record, bool same_items) {
  if (!record.complete) return "it is being changed, or a change was interrupted";
  if (c.counted != c.expected) return fmt::format("it holds {} items, not {}", c.counted, c.expected);
  if (!same_items) return "its items differ from those that matcher wrote: something else changed them";
  if (c.changed > 0)
    return fmt::format("{} of {} records have no vector of unit length: something else changed them", c.changed,
                       c.searched);
  if (!c.lost.empty()) return describe_lost(c.searched, c.lost);
  return {};
}

}  // namespace

CollectionCheck check_live(Database& database, const Address& address) {
  const auto live = find_live(database, address);
  if (!live)
    throw Error(ErrorCode::input, fmt::format("{} has no live version. Build one: matcher index --model M --dataset D "
                                              "--to {}",
                                              address.text, address.text));
  const auto& record = live->record;
  if (!database.keeps_effort()) database.set_effort(live->name, record.effort);
  auto rows = read_rows(database, live->name);
  CollectionCheck check{live->name,
                        live->index,
                        record.manifest.model,
                        record.manifest.data.name,
                        record.manifest.count,
                        database.count(live->name),
                        0,
                        0,
                        {},
                        {}};
  std::vector<std::string> ids;
  for (const auto i : draw_records(rows.size())) ids.push_back(rows[i].id);
  search_records(check, database, ids);
  check.churn = churn_of(record, check.counted);
  check.failure = failure_of(check, record, fingerprint_rows(std::move(rows)) == record.items_fingerprint);
  return check;
}

}  // namespace matcher::database
