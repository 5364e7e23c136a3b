#include "matcher/dataset/vector_items.hpp"

#include <fmt/format.h>

#include <array>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/columns.hpp"
#include "matcher/dataset/formats/csv_table.hpp"
#include "matcher/dataset/formats/splits.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

constexpr auto role_word = "role", hash_word = "content_hash";

Role role_of_split(const std::string& split, const std::string& where) {
  if (split.empty()) return Role::gallery;
  if (const auto usual = find_usual_split(split)) return usual->role;
  throw Error(ErrorCode::input, fmt::format("{}: unknown split \"{}\". Write {}, or add a column \"role\"", where,
                                            split, describe_usual_splits()));
}

Role role_of(const std::string& written, const std::string& split, const std::string& where) {
  if (written.empty()) return role_of_split(split, where);
  const auto word = lower_case(written);
  if (word == to_string(Role::gallery)) return Role::gallery;
  if (word == to_string(Role::queries) || word == "query") return Role::queries;
  throw Error(ErrorCode::input,
              fmt::format("{}: unknown role \"{}\". Write gallery or queries, or leave it empty", where, written));
}

VectorItem read_row(const Table& table, const CsvRow& row, const fs::path& folder) {
  const auto field = [&](const char* word) { return table.field(row, table.find(word), word); };
  VectorItem read{{field("id"), "", field("label"), field("split"), field("view"), field("category"), field("text")},
                  Role::gallery,
                  field(hash_word),
                  row.line};
  read.item.group = field("group");
  const auto path = field("path");
  if (!path.empty()) read.item.path = (folder / path).lexically_normal().string();
  if (read.item.id.empty()) read.item.id = path;
  if (read.item.id.empty())
    throw Error(ErrorCode::input, fmt::format("{}: neither an id nor a path. Fill in one", table.where(row)));
  read.role = role_of(field(role_word), read.item.split, table.where(row));
  return read;
}

/// The line where each id was first used, by role.
class UsedIds {
 public:
  explicit UsedIds(const fs::path& csv) : csv_(csv.string()) {}

  void add(const VectorItem& read) {
    const auto [first, fresh] = lines_[std::size_t(read.role)].emplace(read.item.id, read.line);
    if (fresh) return;
    throw Error(ErrorCode::input,
                fmt::format("{0}:{1}: {0}:{2} already uses the id \"{3}\". An id must be unique within the {4}", csv_,
                            read.line, first->second, read.item.id, to_string(read.role)));
  }

 private:
  std::string csv_;
  std::array<std::unordered_map<std::string, std::size_t>, 2> lines_;
};

}  // namespace

std::vector<VectorItem> read_vector_items(const fs::path& csv, const Columns& columns) {
  auto words = column_words();
  words.insert(words.end(), {role_word, hash_word});
  const auto folder = absolute_path(csv).parent_path();
  Table table(csv, {true, true, {}, columns}, words);
  if (!table.has("path")) table.require("id");
  std::vector<VectorItem> items;
  UsedIds used(csv);
  for (CsvRow row; table.next(row);) {
    items.push_back(read_row(table, row, folder));
    used.add(items.back());
  }
  return items;
}

}  // namespace matcher::dataset
