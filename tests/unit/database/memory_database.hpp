// A vector database in memory for tests, with faults on demand.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "matcher/database/database.hpp"

namespace matcher::database::test {

class MemoryDatabase : public Database {
 public:
  struct Version {
    std::string record;
    std::map<std::string, std::pair<Row, std::vector<float>>> rows{};
    IndexType index = IndexType::hnsw;
  };

  std::map<std::string, std::string> live_versions;
  std::map<std::string, Version> collections;
  std::size_t largest_request = 8;  ///< rows; more are refused as too large
  std::size_t row_limit = 8;        ///< rows per request that the server announces
  std::size_t upserted = 0;         ///< rows, all requests together
  std::string lost_id;              ///< a row that the server drops silently
  bool forgets_best = false;        ///< searches leave the best answer out
  std::string unfound_id;           ///< a row that no search returns
  std::map<std::string, std::string> locks;
  std::size_t settled = 0, effort = 0;
  std::size_t fail_after = -1;      ///< rows after which upsert() throws
  std::function<void()> meanwhile;  ///< called once, behind the next request that sends rows

  std::string type() const override { return "memory"; }
  Limits limits() override { return {row_limit, 1 << 20, 100}; }

  std::string live(const std::string& name) override { return live_versions[name]; }
  void make_live(const std::string& name, const std::string& version) override { live_versions[name] = version; }

  std::optional<Collection> describe(const std::string& version) override {
    const auto found = collections.find(version);
    if (found == collections.end()) return std::nullopt;
    const auto& rows = found->second.rows;
    return Collection{version, found->second.record, rows.empty() ? 0 : rows.begin()->second.second.size(), metric};
  }
  std::vector<Collection> versions(const std::string& name) override {
    std::vector<Collection> found;
    for (const auto& [version, content] : collections) {
      if (name_of_version(version) == name) found.push_back(*describe(version));
    }
    return found;
  }
  bool has_index(IndexType) const override { return true; }
  void create(const std::string& version, std::size_t, const std::string& record, const IndexChoice& index) override {
    collections[version].record = record;
    collections[version].index = index.type;
  }
  void settle(const std::string&) override { ++settled; }
  void set_effort(const std::string&, std::size_t value) override { effort = value; }
  bool keeps_effort() const override { return false; }
  bool create_lock(const std::string& name, const std::string& text) override {
    const std::lock_guard lock(mutex_);
    return locks.emplace(name, text).second;
  }
  std::optional<std::string> read_lock(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    const auto found = locks.find(name);
    return found == locks.end() ? std::nullopt : std::optional(found->second);
  }
  void write_lock(const std::string& name, const std::string& text) override {
    const std::lock_guard lock(mutex_);
    locks.at(name) = text;
  }
  void drop_lock(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    locks.erase(name);
  }
  void note(const std::string& version, const std::string& record) override { collections.at(version).record = record; }
  void drop(const std::string& version) override { collections.erase(version); }

  void upsert(const std::string& version, std::span<const Row> rows, MatrixView vectors) override {
    if (rows.size() > largest_request) throw TooLarge(ErrorCode::resource, "too large");
    write(version, rows, vectors);
    if (const auto call = std::exchange(meanwhile, {})) call();
  }
  void write(const std::string& version, std::span<const Row> rows, MatrixView vectors) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (upserted++ >= fail_after) throw Error(ErrorCode::resource, "the server stopped");
      const auto vector = vectors.row(i);
      if (rows[i].id != lost_id) collections[version].rows[rows[i].id] = {rows[i], {vector.begin(), vector.end()}};
    }
  }
  void remove(const std::string& version, std::span<const std::string> ids) override {
    for (const auto& id : ids) collections.at(version).rows.erase(id);
  }
  std::size_t count(const std::string& version) override { return collections.at(version).rows.size(); }

  void read(const std::string& version, bool with_vectors, const Reader& reader) override {
    for (const auto& [id, content] : collections.at(version).rows) {
      const auto& [row, vector] = content;
      reader({&row, 1}, with_vectors ? MatrixView{vector.data(), 1, vector.size()} : MatrixView{});
    }
  }
  std::vector<std::pair<std::string, std::vector<float>>> vectors(const std::string& version,
                                                                  std::span<const std::string> ids) override {
    std::vector<std::pair<std::string, std::vector<float>>> found;
    for (const auto& id : ids) {
      const auto& rows = collections.at(version).rows;
      if (const auto row = rows.find(id); row != rows.end()) found.emplace_back(id, row->second.second);
    }
    return found;
  }
  /// Returns equal scores in falling order of their ids: matcher has to order them itself.
  std::vector<std::vector<Found>> search(const std::string& version, MatrixView queries, std::size_t k,
                                         const Conditions& conditions) override {
    std::vector<std::vector<Found>> answers(queries.rows);
    for (std::size_t q = 0; q < queries.rows; ++q) {
      for (const auto& [id, content] : collections.at(version).rows | std::views::reverse)
        if (id != unfound_id && meets(content.first, conditions))
          answers[q].push_back({id, float(inner_product(queries.row(q), content.second))});
      std::ranges::stable_sort(answers[q], std::ranges::greater(), &Found::score);
      if (forgets_best) answers[q].erase(answers[q].begin());
      answers[q].resize(std::min(k, answers[q].size()));
    }
    return answers;
  }

  std::string metric = "cosine";

 private:
  static bool meets(const Row& row, const Conditions& conditions) {
    return std::ranges::all_of(conditions, [&](const auto& condition) {
      const auto field = std::ranges::find(field_names, condition.column) - std::begin(field_names);
      return std::ranges::count(condition.values, row.values.at(std::size_t(field))) > 0;
    });
  }

  std::mutex mutex_;
};

}  // namespace matcher::database::test
