#include "matcher/database/collection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/database/database.hpp"
#include "matcher/database/versions/collection_index.hpp"
#include "matcher/database/versions/lease.hpp"
#include "matcher/database/versions/record.hpp"
#include "matcher/database/versions/version.hpp"

namespace matcher::database {
namespace {

Version find_named_or_live(Database& database, const Address& address) {
  const bool is_version = !name_of_version(address.collection).empty();
  const auto name = is_version ? address.collection : database.live(address.collection);
  if (auto version = find_version(database, name, address.text)) return std::move(*version);
  throw Error(ErrorCode::input, fmt::format("{} has no {}. Build one: matcher index --model M --dataset D --to {}",
                                            address.text, is_version ? "such version" : "live version", address.text));
}

std::vector<Row> read_rows(Database& database, const std::string& version) {
  std::vector<Row> rows;
  database.read(version, false,
                [&](std::span<const Row> some, MatrixView) { rows.insert(rows.end(), some.begin(), some.end()); });
  std::ranges::sort(rows, {}, &Row::id);
  return rows;
}

/// Accepts items that differ from the record while a version is being changed: warns, and corrects the manifest.
void accept_unfinished(OpenedCollection& opened, const Version& version, const std::string& address,
                       Observer& observer) {
  const auto place = fmt::format("\"{}\" of {}", version.name, address);
  auto& m = opened.manifest;
  if (version.record.complete) {
    throw Error(ErrorCode::mismatch,
                fmt::format("{} holds {} items that differ from the {} that matcher wrote: something else "
                            "changed them. Repair it: matcher index --model {} --dataset {} --to {}",
                            place, opened.items.size(), m.count, m.model.name, m.data.name, address));
  }
  observer.log(LogLevel::warning,
               fmt::format("{} is being changed, or a change was interrupted: it holds {} items of {}", place,
                           opened.items.size(), m.count));
  m.data.fingerprint = store::data_fingerprint(opened.items);
  m.count = opened.items.size();
}

}  // namespace

OpenedCollection open_collection(const std::string& text, const Access& access, Observer& observer) {
  const auto address = parse_address(text);
  const auto database = connect(address, access);
  const auto version = find_named_or_live(*database, address);
  auto rows = read_rows(*database, version.name);
  OpenedCollection opened{version.record.manifest, {}, {}, nullptr, version.record.threshold};
  for (const auto& row : rows) {
    opened.items.push_back(to_item(row));
    opened.ids.push_back(row.id);
  }
  if (fingerprint_rows(std::move(rows)) != version.record.items_fingerprint)
    accept_unfinished(opened, version, text, observer);
  if (!database->keeps_effort()) database->set_effort(version.name, version.record.effort);
  opened.index = open_as_index(database, version.name, opened.manifest.model.dimension, opened.ids);
  return opened;
}

bool store_threshold(const std::string& text, const Access& access, Observer& observer, const std::string& threshold) {
  const auto address = parse_address(text);
  const auto database = connect(address, access);
  const auto name = name_of_version(address.collection);
  const Lease lease(*database, name.empty() ? address.collection : name, address.text, observer);
  auto version = find_named_or_live(*database, address);
  const bool had = !version.record.threshold.empty();
  version.record.threshold = threshold;
  if (had || !threshold.empty()) database->note(version.name, record_text(version.record));
  return had;
}

}  // namespace matcher::database
