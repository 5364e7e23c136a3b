#include "matcher/database/publish/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "matcher/database/publish/gallery_rows.hpp"
#include "matcher/database/publish/lost.hpp"
#include "matcher/database/versions/collection_index.hpp"
#include "matcher/index/quality.hpp"

namespace matcher::database {
namespace {

constexpr std::size_t sample_size = 200, query_count = 100;
constexpr std::uint64_t seed = 1;

std::size_t count_wrong(Database& database, const std::string& version, const index::VectorSource& vectors,
                        std::span<const std::string> ids, std::span<const std::size_t> rows) {
  std::vector<std::string> asked;
  for (const auto row : rows) asked.push_back(ids[row]);
  std::unordered_map<std::string, std::vector<float>> found;
  for (auto& [id, vector] : database.vectors(version, asked)) found[id] = std::move(vector);
  const auto sent = index::gather(vectors, {rows.begin(), rows.end()});
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto vector = found.find(asked[i]);
    wrong += vector == found.end() || !is_same_vector(vector->second, sent.row(i));
  }
  return wrong;
}

void search_changed(Proof& proof, Database& database, const std::string& version, const index::VectorSource& vectors,
                    std::span<const std::string> ids, std::span<const std::size_t> changed) {
  std::vector<std::size_t> rows;
  std::vector<std::string> asked;
  for (const auto i : draw_records(changed.size())) {
    rows.push_back(changed[i]);
    asked.push_back(ids[changed[i]]);
  }
  proof.searched = rows.size();
  proof.lost = find_lost(database, version, asked, index::gather(vectors, rows).view());
}

std::string failure_of(const Proof& p, double min_agreement) {
  if (p.counted != p.expected) return fmt::format("it holds {} items, not {}", p.counted, p.expected);
  if (p.wrong > 0) return fmt::format("{} of {} vectors read back are missing or differ", p.wrong, p.read_back);
  if (!p.lost.empty()) return describe_lost(p.searched, p.lost);
  if (p.agreement < min_agreement)
    return fmt::format("its top 10 agree with exact search to {:.4f}, below --min-agreement {}", p.agreement,
                       min_agreement);
  return {};
}

}  // namespace

Proof prove(const std::shared_ptr<Database>& database, const std::string& version, const index::VectorSource& vectors,
            std::span<const std::string> ids, std::span<const std::size_t> changed, double min_agreement) {
  const auto rows = index::draw_rows(vectors.rows(), sample_size, seed);
  Proof proof{
      vectors.rows(), database->count(version), rows.size(), 0, std::min(query_count, vectors.rows()), 0, 0, {}, {}};
  proof.wrong = count_wrong(*database, version, vectors, ids, rows);
  if (proof.counted == proof.expected) {
    const auto remote = open_as_index(database, version, vectors.cols(), ids);
    proof.agreement = index::measure_quality(*remote, vectors, seed, query_count, index::Self::counted).recall_at_10;
  }
  if (proof.counted == proof.expected && proof.wrong == 0)
    search_changed(proof, *database, version, vectors, ids, changed);
  proof.failure = failure_of(proof, min_agreement);
  return proof;
}

}  // namespace matcher::database
