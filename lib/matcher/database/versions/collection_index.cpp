#include "matcher/database/versions/collection_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/index/candidate_index.hpp"

namespace matcher::database {
namespace {

/// Orders answers by score and id, as every index does. The scores are the server's.
class CollectionIndex : public index::CandidateIndex {
 public:
  CollectionIndex(std::shared_ptr<Database> database, std::string version, std::size_t dimension,
                  std::span<const std::string> ids, const IndexChoice& type)
      : index::CandidateIndex(ids),
        database_(std::move(database)),
        version_(std::move(version)),
        dimension_(dimension),
        type_(type) {
    rows_.reserve(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) rows_.emplace(ids[i], std::int64_t(i));
  }

  std::size_t dimension() const override { return dimension_; }
  std::string type() const override { return database_->type(); }
  bool exact() const override { return false; }
  std::string effort_name() const override { return database::effort_name(type_.type); }
  std::vector<std::size_t> efforts() const override {
    constexpr std::size_t default_ef = 200, most_ef = 4096;
    if (type_.type == IndexType::flat) return {};
    const bool is_graph = type_.type == IndexType::hnsw;
    const auto most = is_graph ? most_ef : std::max<std::size_t>(1, type_.lists);
    std::vector<std::size_t> all;
    for (auto next = is_graph ? default_ef : std::max<std::size_t>(8, most / 8); next < most; next += next / 2)
      all.push_back(next);
    all.push_back(most);
    return all;
  }
  void set_effort(std::size_t effort) override { database_->set_effort(version_, effort); }
  std::string save(const std::filesystem::path& file) const override {
    throw Error(ErrorCode::usage,
                fmt::format("the collection \"{}\" cannot be saved as the file {}", version_, file.string()));
  }

 protected:
  void limit(const index::RowFilter& filter) override {
    const auto is_field = [](const auto& condition) {
      return std::ranges::find(field_names, condition.column) != std::end(field_names);
    };
    const auto other = std::ranges::find_if_not(filter.conditions, is_field);
    if (other == filter.conditions.end()) {
      conditions_ = filter.conditions;
      return;
    }
    throw Error(
        ErrorCode::usage,
        fmt::format("{} does not search by the column \"{}\". Use --where with another column", type(), other->column));
  }

  std::vector<index::Candidate> candidates(MatrixView queries, std::size_t, std::size_t count) const override {
    const auto answers =
        database_->search(version_, queries, std::min(count, database_->limits().neighbours), conditions_);
    std::vector<index::Candidate> found(queries.rows * count);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      for (std::size_t j = 0; j < std::min(count, answers[i].size()); ++j)
        found[i * count + j] = {row_of(answers[i][j].id), answers[i][j].score};
    }
    return found;
  }

  double score(std::span<const float>, const index::Candidate& candidate) const override {
    return double(candidate.score);
  }

 private:
  std::int64_t row_of(const std::string& id) const {
    if (const auto row = rows_.find(id); row != rows_.end()) return row->second;
    throw Error(ErrorCode::mismatch,
                fmt::format("collection \"{}\" answers with the item \"{}\", which it did not have "
                            "when its items were read; it was changed since: run the command again",
                            version_, id));
  }

  const std::shared_ptr<Database> database_;
  const std::string version_;
  const std::size_t dimension_;
  const IndexChoice type_;
  Conditions conditions_;
  std::unordered_map<std::string, std::int64_t> rows_;
};

}  // namespace

std::unique_ptr<index::VectorIndex> open_as_index(std::shared_ptr<Database> database, const std::string& version,
                                                  std::size_t dimension, std::span<const std::string> ids,
                                                  const IndexChoice& type) {
  return std::make_unique<CollectionIndex>(std::move(database), version, dimension, ids, type);
}

}  // namespace matcher::database
