#include "matcher/database/publish/job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <span>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/database/database.hpp"
#include "matcher/database/publish/backup.hpp"
#include "matcher/database/publish/difference.hpp"
#include "matcher/database/publish/gallery_rows.hpp"
#include "matcher/database/publish/index_choice.hpp"
#include "matcher/database/publish/proof.hpp"
#include "matcher/database/publish/publisher.hpp"
#include "matcher/database/publish/send.hpp"
#include "matcher/database/versions/collection_index.hpp"
#include "matcher/database/versions/lease.hpp"
#include "matcher/database/versions/record.hpp"
#include "matcher/database/versions/version.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::database {
namespace {

/// One run of `index --to`.
class Job : private Publisher {
 public:
  using Publisher::Publisher;

  PublishResult run(const std::function<Gallery()>& load) {
    live_ = find_live(*database_, address_);  // an unreachable server must fail before hours of embedding
    check_index_type(*database_, target_.type);
    take(load());
    lease_.emplace(*database_, address_.collection, address_.text, observer_);
    live_ = find_live(*database_, address_);  // another process may have changed it meanwhile
    choose_version();
    check_may_replace();
    check_may_stage();
    if (live_ && !target_.backup.empty()) result_.backed_up = back_up(*database_, *live_, target_.backup, observer_);
    bring_up_to_date();
    tune();
    result_.proof = prove(database_, result_.version, *gallery_.vectors, ids_, changed_, target_.min_agreement);
    if (is_contended_ && result_.proof.failure.empty()) check_rows();
    result_.live = result_.previous == result_.version;
    if (result_.proof.failure.empty())
      complete();
    else if (!result_.proof.lost.empty())
      note_lost();
    return std::move(result_);
  }

 private:
  void take(Gallery gallery) {
    check_gallery(gallery);
    gallery_ = std::move(gallery);
    auto& manifest = gallery_.manifest;
    manifest.exact = false;
    rows_ = make_rows(gallery_);
    for (const auto& item : gallery_.items) ids_.push_back(item.id);
    choice_ = choose_index(*database_, target_, rows_.size(), gallery_.vectors->cols());
    manifest.type = fmt::format("{} {}", database_->type(), to_string(choice_.type));
    result_.manifest = manifest;
  }

  /// Chooses the live version if the same model made it, otherwise the newest of the model. A build from scratch gets
  /// a new version, or continues the newest if it is incomplete and not live.
  void choose_version() {
    const auto& fingerprint = gallery_.manifest.model.fingerprint;
    const auto versions = find_generations(*database_, address_, fingerprint);
    const auto* newest = versions.empty() ? nullptr : &versions.back();
    result_.previous = live_ ? live_->name : "";
    const bool is_live = live_ && live_->record.manifest.model.fingerprint == fingerprint;
    generation_ = newest ? newest->record.generation : 0;
    if (target_.rebuild) {
      const bool continues =
          newest && !newest->record.complete && !newest->record.lost_records && newest->name != result_.previous;
      if (newest && !continues) ++generation_;
    } else if (is_live) {
      generation_ = live_->record.generation;
    }
    result_.version = is_live && !target_.rebuild ? live_->name : name_of_generation(fingerprint);
  }

  std::string name_of_generation(const std::string& fingerprint) const {
    if (generation_ == 0) return version_name(address_.collection, fingerprint);
    return version_name(address_.collection, Hasher().field(fingerprint).field(fmt::format("{}", generation_)).hex());
  }

  void check_may_replace() const {
    if (!live_ || target_.reindex) return;
    const auto &live = live_->record.manifest, &wanted = gallery_.manifest;
    if (live.model.fingerprint != wanted.model.fingerprint) {
      throw Error(
          ErrorCode::mismatch,
          fmt::format("{} is live with vectors of {}, but the new ones are of {}: vectors of two models do not mix. "
                      "To build a second version, prove it and make it live, add --reindex",
                      address_.text, describe(live.model), describe(wanted.model)));
    }
    if (live.data.name != wanted.data.name) {
      throw Error(
          ErrorCode::mismatch,
          fmt::format("{} is live with {} items of \"{}\", which {} items of \"{}\" would replace; add --reindex to "
                      "allow that",
                      address_.text, live.count, live.data.name, wanted.count, wanted.data.name));
    }
  }

  void check_may_stage() const {
    if (!target_.stage || result_.previous != result_.version) return;
    throw Error(ErrorCode::usage,
                fmt::format("--stage leaves the live version as it is, but {} is live with vectors of {}, which "
                            "would be changed in place; leave --stage out",
                            address_.text, describe(gallery_.manifest.model)));
  }

  /// Sends and removes until the version holds the wanted rows. Until then its record says that it is incomplete.
  void bring_up_to_date() {
    const auto existing = find_existing();
    is_contended_ = existing && !existing->record.complete;
    if (existing) choice_ = {existing->record.index, existing->record.lists};
    gallery_.manifest.type = fmt::format("{} {}", database_->type(), to_string(choice_.type));
    result_.manifest = gallery_.manifest;
    record_ = {gallery_.manifest,
               fingerprint_rows(rows_),
               false,
               existing ? existing->record.previous : "",
               generation_,
               choice_.type,
               choice_.lists,
               existing ? existing->record.effort : 0};
    if (existing && existing->record.items_fingerprint == record_.items_fingerprint)
      record_.threshold = existing->record.threshold;
    const auto changes = find_difference(rows_, existing ? read_rows() : std::unordered_map<std::string, Row>{});
    record_.churn = (existing ? existing->record.churn : 0) + changes.replaced + changes.remove.size();
    result_.churn = churn_of(record_, rows_.size());
    if (!existing)
      database_->create(result_.version, gallery_.manifest.model.dimension, record_text(record_), choice_);
    else if (!existing->record.complete || !(changes.send.empty() && changes.remove.empty()))
      database_->note(result_.version, record_text(record_));
    result_.sent = changes.send.size();
    result_.unchanged = rows_.size() - result_.sent;
    result_.removed = changes.remove.size();
    const auto start = std::chrono::steady_clock::now();
    send_rows(changes.send);
    remove_rows(changes.remove);
    const bool was_changed = result_.sent + result_.removed > 0;
    if (was_changed || is_contended_) database_->settle(result_.version);
    if (is_contended_) {  // a process that was interrupted proved nothing of what it sent
      changed_.resize(rows_.size());
      std::iota(changed_.begin(), changed_.end(), std::size_t{0});
    } else {
      changed_ = changes.send;
    }
    if (const auto found = database_->describe(result_.version)) result_.index = found->index;
    result_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  /// Raises the breadth of searches to target.recall, or sets what an earlier run stored.
  void tune() {
    if (!database_->keeps_effort() && record_.effort > 0) database_->set_effort(result_.version, record_.effort);
    if (!target_.recall) return;
    const auto remote = open_as_index(database_, result_.version, gallery_.vectors->cols(), ids_, choice_);
    result_.tuning = index::tune_search(*remote, *gallery_.vectors, *target_.recall, 1);
    const auto& tuning = *result_.tuning;
    record_.effort = tuning.name.empty() ? 0 : tuning.chosen ? tuning.chosen->effort : tuning.best.effort;
  }

  std::optional<Version> find_existing() const {
    auto existing = find_version(*database_, result_.version, address_.text);
    const auto& wanted = gallery_.manifest.model;
    if (!existing || existing->record.manifest.model.fingerprint == wanted.fingerprint) return existing;
    throw Error(
        ErrorCode::mismatch,
        fmt::format("collection \"{}\" of {} holds vectors of {}, not of {}; choose another name", result_.version,
                    address_.text, describe(existing->record.manifest.model), describe(wanted)));
  }

  std::unordered_map<std::string, Row> read_rows() const {
    std::unordered_map<std::string, Row> rows;
    database_->read(result_.version, false, [&](std::span<const Row> some, MatrixView) {
      for (const auto& row : some) rows.emplace(row.id, row);
    });
    return rows;
  }

  void send_rows(const std::vector<std::size_t>& chosen) {
    if (chosen.empty()) return;
    observer_.begin(fmt::format("sending to {}", address_.text), rows_.size(), rows_.size() - chosen.size());
    send(
        *database_, result_.version, rows_, *gallery_.vectors, chosen, in_flight_, [&] { lease_->check(); },
        [&](std::size_t count) { observer_.advance(count); });
    observer_.end();
  }

  void remove_rows(std::span<const std::string> ids) {
    constexpr std::size_t step = 500;
    if (!ids.empty()) lease_->check();
    for (std::size_t i = 0; i < ids.size(); i += step)
      database_->remove(result_.version, ids.subspan(i, std::min(step, ids.size() - i)));
  }

  /// Compares all fields of all items. Another process may have written until it noticed this one.
  void check_rows() {
    const auto wrong = find_difference(rows_, read_rows()).send.size();
    if (wrong == 0) return;
    result_.proof.failure =
        fmt::format("{} of its items are not those that were sent: another program writes to it", wrong);
  }

  void check_pointer() const {
    const auto now = database_->live(address_.collection);
    if (now == result_.previous) return;
    throw Error(ErrorCode::resource,
                fmt::format("another matcher made \"{}\" of {} live meanwhile; \"{}\" is proven, but not live. Run the "
                            "command again to make it live",
                            now, address_.text, result_.version));
  }

  void note_lost() {
    record_.lost_records = true;
    lease_->check();
    database_->note(result_.version, record_text(record_));
  }

  void complete() {
    record_.complete = true;
    const bool switches = !result_.live && !target_.stage;
    if (switches) record_.previous = result_.previous;
    lease_->check();
    if (switches) check_pointer();
    database_->note(result_.version, record_text(record_));
    if (switches) database_->make_live(address_.collection, result_.version);
    result_.live = result_.live || switches;
    if (target_.drop_old && result_.live) drop_others();
  }

  void drop_others() {
    for (const auto& version : database_->versions(address_.collection)) {
      if (version.name == result_.version || version.record.empty()) continue;
      database_->drop(version.name);
      result_.dropped.push_back(version.name);
    }
  }

  std::optional<Lease> lease_;
  bool is_contended_ = false;  ///< a change of the version was interrupted
  IndexChoice choice_;
  std::size_t generation_ = 0;
  std::vector<std::size_t> changed_;  ///< rows that nobody has searched for since they were sent
  std::optional<Version> live_;
  Gallery gallery_;
  std::vector<Row> rows_;
  std::vector<std::string> ids_;
  VersionRecord record_;
  PublishResult result_;
};

}  // namespace

PublishResult run_job(const std::shared_ptr<Database>& database, const Address& address, const PublishTarget& target,
                      std::size_t in_flight, Observer& observer, const std::function<Gallery()>& load) {
  return Job(database, address, target, in_flight, observer).run(load);
}

}  // namespace matcher::database
