#include "matcher/pipeline/remote_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <unordered_set>

#include "matcher/core/error.hpp"
#include "matcher/pipeline/remote_backup.hpp"
#include "matcher/pipeline/remote_version.hpp"

namespace matcher::pipeline {
namespace {

using DatabasePointer = std::shared_ptr<database::Database>;

store::IndexManifest manifest_of(const VectorSet& set, const std::string& type) {
  const auto& s = set.manifest;
  return {.model = s.model,
          .data = s.data,
          .type = type,
          .count = set.items.size(),
          .failures = set.failures,
          .images_per_second = s.images_per_second,
          .exact = false,
          .reason = {}};
}

/// Rows that `have` and `want` tell apart.
struct Difference {
  std::vector<std::size_t> send;  ///< rows of the wanted set
  std::vector<std::string> remove;
};

Difference difference(const std::vector<database::Row>& want, std::unordered_map<std::string, database::Row> have) {
  Difference difference;
  for (std::size_t i = 0; i < want.size(); ++i) {
    const auto there = have.find(want[i].id);
    if (there == have.end() || there->second != want[i]) difference.send.push_back(i);
    if (there != have.end()) have.erase(there);
  }
  for (const auto& [id, row] : have) difference.remove.push_back(id);
  std::ranges::sort(difference.remove);
  return difference;
}

void check_ids(const VectorSet& set) {
  std::unordered_set<std::string_view> seen;
  for (const auto& item : set.items) {
    if (seen.insert(item.id).second) continue;
    throw Error(ErrorCode::input,
                fmt::format("the id \"{}\" comes twice, and a collection holds each id once; index one "
                            "split, or give items ids of their own",
                            item.id));
  }
}

/// One run of `index --to`.
class Job {
 public:
  Job(const Context& context, const IndexOptions& options)
      : context_(context),
        options_(options),
        address_(database::parse_address(options.to)),
        access_(access_of(context.server)),
        database_(database::connect(address_, access_)) {
    if (!database::name_of_version(address_.collection).empty()) {
      throw Error(ErrorCode::usage, fmt::format("\"{}\" names a version of \"{}\"; write to the name itself",
                                                address_.collection, database::name_of_version(address_.collection)));
    }
  }

  RemoteResult index() {
    const auto live = live_version();  // a server that is not there is told before pictures are embedded
    const auto set = in_memory(vectors_for(context_, options_));
    if (set.items.empty())
      throw Error(ErrorCode::input,
                  fmt::format("the gallery of \"{}\" is empty: nothing to index", set.manifest.data.name));
    check_ids(set);
    wanted_ = manifest_of(set, database_->type());
    for (std::size_t i = 0; i < set.items.size(); ++i) rows_.push_back(row_of(set.items[i], set.unit.row(i)));
    if (live) check_may_change(*live);
    RemoteResult result;
    result.version = database::version_name(address_.collection, wanted_.model.fingerprint);
    result.previous = live ? live->name : "";
    result.manifest = wanted_;
    if (options_.stage && result.previous == result.version) {
      throw Error(ErrorCode::usage,
                  fmt::format("--stage leaves what is live as it is, but {} is live with vectors of {}, which are "
                              "changed in place; leave --stage out",
                              address_.text, describe(wanted_.model)));
    }
    if (live && !options_.backup.empty())
      result.backed_up = back_up(context_, *database_, live->name, live->record, options_.backup);
    bring_up_to_date(result, set);
    const auto ids = ids_of(set.items);
    result.proof = prove(database_, result.version, set.unit.view(), ids, options_.min_agreement);
    result.live = result.previous == result.version;
    if (result.proof.failure.empty()) complete(result);
    return result;
  }

  RemoteResult roll_back() {
    const auto live = live_version();
    if (!live)
      throw Error(ErrorCode::input,
                  fmt::format("{} has no live version: there is nothing to roll back", address_.text));
    const auto target = find_version(*database_, live->record.previous, address_.text);
    if (!target || !target->record.complete) {
      throw Error(ErrorCode::input,
                  fmt::format("the live version \"{}\" of {} has no earlier one that is complete; nothing "
                              "was changed",
                              live->name, address_.text));
    }
    database_->make_live(address_.collection, target->name);
    RemoteResult result;
    result.version = target->name;
    result.previous = live->name;
    result.manifest = target->record.manifest;
    result.live = true;
    return result;
  }

 private:
  std::optional<RemoteVersion> live_version() {
    const auto name = database_->live(address_.collection);
    auto version = find_version(*database_, name, address_.text);
    if (!name.empty() && !version)
      throw Error(ErrorCode::mismatch,
                  fmt::format("the live version \"{}\" of {} is gone; build another with --reindex under "
                              "another name, or restore it",
                              name, address_.text));
    return version;
  }

  void check_may_change(const RemoteVersion& live) const {
    const auto& m = live.record.manifest;
    if (options_.reindex) return;
    if (m.model.fingerprint != wanted_.model.fingerprint) {
      throw Error(
          ErrorCode::mismatch,
          fmt::format("{} is live with vectors of {}, but these are of {}; they do not mix. To build a second version "
                      "beside it, prove it and switch to it, add --reindex",
                      address_.text, describe(m.model), describe(wanted_.model)));
    }
    if (m.data.name != wanted_.data.name) {
      throw Error(
          ErrorCode::mismatch,
          fmt::format(
              "{} is live with {} items of \"{}\", which {} items of \"{}\" would replace; add --reindex if that "
              "is meant",
              address_.text, m.count, m.data.name, wanted_.count, wanted_.data.name));
    }
  }

  /// Sends and removes until the version holds the wanted rows; its notes say that it is not complete meanwhile.
  void bring_up_to_date(RemoteResult& result, const VectorSet& set) {
    const auto there = find_version(*database_, result.version, address_.text);
    if (there && there->record.manifest.model.fingerprint != wanted_.model.fingerprint) {
      throw Error(ErrorCode::mismatch,
                  fmt::format("collection \"{}\" of {} is of {}, not of {}", result.version, address_.text,
                              describe(there->record.manifest.model), describe(wanted_.model)));
    }
    record_ = {wanted_, items_fingerprint(rows_), false, there ? there->record.previous : ""};
    const auto changes =
        difference(rows_, there ? rows_of(result.version) : std::unordered_map<std::string, database::Row>{});
    if (!there)
      database_->create(result.version, wanted_.model.dimension, text_of(record_));
    else if (!changes.send.empty() || !changes.remove.empty())
      database_->note(result.version, text_of(record_));
    result.sent = changes.send.size();
    result.unchanged = rows_.size() - result.sent;
    result.removed = changes.remove.size();
    const auto start = std::chrono::steady_clock::now();
    send(result.version, set.unit.view(), changes.send);
    remove(result.version, changes.remove);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  std::unordered_map<std::string, database::Row> rows_of(const std::string& version) {
    std::unordered_map<std::string, database::Row> rows;
    database_->read(version, false, [&](std::span<const database::Row> some, MatrixView) {
      for (const auto& row : some) rows.emplace(row.id, row);
    });
    return rows;
  }

  void send(const std::string& version, MatrixView vectors, const std::vector<std::size_t>& chosen) {
    if (chosen.empty()) return;
    std::vector<database::Row> rows;
    Matrix some(chosen.size() == vectors.rows ? 0 : chosen.size(), vectors.cols);
    for (const auto i : chosen) {
      if (some.rows > 0) std::ranges::copy(vectors.row(i), some.row(rows.size()).begin());
      rows.push_back(rows_[i]);
    }
    context_.observer.begin(fmt::format("sending to {}", address_.text), rows_.size(), rows_.size() - chosen.size());
    database::push(*database_, version, rows, some.rows > 0 ? some.view() : vectors, access_,
                   [&](std::size_t count) { context_.observer.advance(count); });
    context_.observer.end();
  }

  void remove(const std::string& version, std::span<const std::string> ids) {
    constexpr std::size_t step = 500;
    for (std::size_t i = 0; i < ids.size(); i += step)
      database_->remove(version, ids.subspan(i, std::min(step, ids.size() - i)));
  }

  void complete(RemoteResult& result) {
    record_.complete = true;
    const bool switches = !result.live && !options_.stage;
    if (switches) record_.previous = result.previous;
    database_->note(result.version, text_of(record_));
    if (switches) database_->make_live(address_.collection, result.version);
    result.live = result.live || switches;
    if (options_.drop_old && result.live) drop_others(result);
  }

  void drop_others(RemoteResult& result) {
    for (const auto& version : database_->versions(address_.collection)) {
      if (version.name == result.version || version.record.empty()) continue;
      database_->drop(version.name);
      result.dropped.push_back(version.name);
    }
  }

  const Context& context_;
  const IndexOptions& options_;
  const database::Address address_;
  const database::Access access_;
  const DatabasePointer database_;
  store::IndexManifest wanted_;
  std::vector<database::Row> rows_;
  RemoteRecord record_;
};

}  // namespace

RemoteResult index_remotely(const Context& context, const IndexOptions& options) {
  return Job(context, options).index();
}

RemoteResult roll_back(const Context& context, const IndexOptions& options) {
  return Job(context, options).roll_back();
}

database::Access access_of(const config::Server& server) {
  return {server.token, server.headers, server.ca_file, double(server.timeout), std::size_t(server.requests)};
}

}  // namespace matcher::pipeline
