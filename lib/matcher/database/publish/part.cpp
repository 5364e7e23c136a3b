#include "matcher/database/publish/part.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/database/publish/gallery_rows.hpp"
#include "matcher/database/publish/index_choice.hpp"
#include "matcher/database/publish/publisher.hpp"
#include "matcher/database/publish/send.hpp"
#include "matcher/database/versions/lease.hpp"
#include "matcher/database/versions/record.hpp"
#include "matcher/database/versions/version.hpp"

namespace matcher::database {
namespace {

constexpr std::size_t ids_per_request = 500, ids_tried = 20;

/// Writers of different items need no lock between them. Nobody else may write to the version, which is incomplete
/// until a process that has all parts proves it.
class Part : private Publisher {
 public:
  using Publisher::Publisher;

  PartResult run(const std::function<Gallery()>& load) {
    const auto live = find_live(*database_, address_);  // an unreachable server must fail before hours of embedding
    check_index_type(*database_, target_.type);
    gallery_ = load();
    check_gallery(gallery_);
    check_unlocked(*database_, address_.collection, address_.text);
    if (live && live->record.manifest.model.fingerprint == fingerprint()) refuse(live->name, "is live");
    const bool existed = choose_version();
    if (!existed) create_version();
    const auto rows = make_rows(gallery_);
    const auto chosen = existed ? find_missing(rows) : all_of(rows.size());
    const auto start = std::chrono::steady_clock::now();
    if (!chosen.empty()) send_rows(rows, chosen);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    return {version_, chosen.size(), rows.size() - chosen.size(), time.count()};
  }

 private:
  const std::string& fingerprint() const { return gallery_.manifest.model.fingerprint; }

  /// Returns false if the version is to be created.
  bool choose_version() {
    const auto versions = find_generations(*database_, address_, fingerprint());
    version_ = versions.empty() ? version_name(address_.collection, fingerprint()) : versions.back().name;
    if (!versions.empty() && versions.back().record.complete) refuse(version_, "is complete");
    return !versions.empty();
  }

  void create_version() {
    auto& manifest = gallery_.manifest;
    manifest.exact = false;
    const auto index =
        choose_index(*database_, target_, std::max(gallery_.expected, gallery_.items.size()), gallery_.vectors->cols());
    manifest.type = fmt::format("{} {}", database_->type(), to_string(index.type));
    VersionRecord record;
    record.manifest = manifest;
    record.index = index.type;
    record.lists = index.lists;
    try {
      database_->create(version_, manifest.model.dimension, record_text(record), index);
    } catch (const Error&) {
      if (!is_created_by_another()) throw;
    }
  }

  /// Two parts may create the version at once. Waits for the other one, which may not be done.
  bool is_created_by_another() const {
    constexpr int tries = 20;
    for (int i = 0; i < tries; ++i) {
      if (find_version(*database_, version_, address_.text)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }

  /// Returns the rows that the server does not have with the same vector. None of a new part is there.
  std::vector<std::size_t> find_missing(const std::vector<Row>& rows) {
    const auto step = std::max<std::size_t>(1, rows.size() / ids_tried);
    std::vector<std::string> some;
    for (std::size_t i = 0; i < rows.size(); i += step) some.push_back(rows[i].id);
    if (database_->vectors(version_, some).empty()) return all_of(rows.size());
    std::vector<std::size_t> missing;
    for (std::size_t first = 0; first < rows.size(); first += ids_per_request)
      add_missing(missing, rows, first, std::min(ids_per_request, rows.size() - first));
    return missing;
  }

  void add_missing(std::vector<std::size_t>& missing, const std::vector<Row>& rows, std::size_t first,
                   std::size_t count) {
    std::vector<std::string> ids;
    for (std::size_t i = first; i < first + count; ++i) ids.push_back(rows[i].id);
    std::unordered_map<std::string, std::vector<float>> found;
    for (auto& [id, vector] : database_->vectors(version_, ids)) found[id] = std::move(vector);
    Matrix block(count, gallery_.vectors->cols());
    gallery_.vectors->copy(first, block);
    for (std::size_t i = 0; i < count; ++i) {
      const auto there = found.find(ids[i]);
      if (there == found.end() || !is_same_vector(there->second, block.row(i))) missing.push_back(first + i);
    }
  }

  void send_rows(const std::vector<Row>& rows, const std::vector<std::size_t>& chosen) {
    observer_.begin(fmt::format("sending a part to {}", address_.text), rows.size(), rows.size() - chosen.size());
    send(
        *database_, version_, rows, *gallery_.vectors, chosen, in_flight_, [&] { check_incomplete(); },
        [&](std::size_t count) { observer_.advance(count); });
    observer_.end();
  }

  void check_incomplete() const {
    const auto now = find_version(*database_, version_, address_.text);
    if (now && !now->record.complete) return;
    throw Error(ErrorCode::resource,
                fmt::format("another matcher {} \"{}\" of {} while this part was sent; send all parts before the "
                            "command without --part",
                            now ? "completed" : "dropped", version_, address_.text));
  }

  [[noreturn]] void refuse(const std::string& version, const char* state) const {
    throw Error(ErrorCode::usage,
                fmt::format("--part fills a version that is not complete, but \"{}\" of {} {}, with vectors of {}; "
                            "leave --part out, and give all sets",
                            version, address_.text, state, describe(gallery_.manifest.model)));
  }

  static std::vector<std::size_t> all_of(std::size_t count) {
    std::vector<std::size_t> rows(count);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
  }

  Gallery gallery_;
  std::string version_;
};

}  // namespace

PartResult send_part(const std::shared_ptr<Database>& database, const Address& address, const PublishTarget& target,
                     std::size_t in_flight, Observer& observer, const std::function<Gallery()>& load) {
  return Part(database, address, target, in_flight, observer).run(load);
}

}  // namespace matcher::database
