#include "remote_flags.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/core/error.hpp"
#include "matcher/pipeline/remote_index.hpp"

namespace matcher::app {
namespace {

void print(const std::string& to, const pipeline::RemoteResult& r) {
  const auto& m = r.manifest;
  fmt::print("{}: {} items, {} dimensions, {}, by {}\n", to, m.count, m.model.dimension, m.type, m.model.name);
  const auto time = r.sent + r.removed > 0 ? fmt::format(", sent in {:.1f} s", r.seconds) : std::string();
  fmt::print("version {}: {} sent, {} unchanged, {} removed{}\n", r.version, r.sent, r.unchanged, r.removed, time);
  if (r.backed_up > 0) fmt::print("backup: {} items of {}\n", r.backed_up, r.previous);
  fmt::print("proof: {} items counted, {} vectors read back, top 10 of {} queries agree with exact search to {:.4f}\n",
             r.proof.counted, r.proof.read_back, r.proof.asked, r.proof.agreement);
  if (!r.dropped.empty()) fmt::print("dropped: {}\n", fmt::join(r.dropped, ", "));
}

int report_live(Session& session, const std::string& to, const pipeline::RemoteResult& r) {
  const bool in_place = r.live && r.previous == r.version;
  if (!r.proof.failure.empty()) {
    session.terminal.log(LogLevel::error,
                         fmt::format("{} is not proven: {}; {}", r.version, r.proof.failure,
                                     in_place ? "it is live, and was changed in place: run the command again"
                                     : r.previous.empty() ? "it was not made live, and nothing else is"
                                                          : fmt::format("it was not made live; {} is", r.previous)));
    return int(ErrorCode::gate);
  }
  if (!r.live) {
    const auto live = r.previous.empty() ? "nothing" : r.previous;
    fmt::print("staged: {} is live at {}; the same command without --stage makes {} live\n", live, to, r.version);
  } else if (!in_place) {
    fmt::print("live: {}{}\n", r.version, r.previous.empty() ? "" : fmt::format(", before it {}", r.previous));
  }
  return 0;
}

}  // namespace

void add_remote_flags(CLI::App& command, RemoteFlags& flags, const std::vector<CLI::Option*>& others,
                      CLI::Option* rollback) {
  auto* to = command.add_option("--to", flags.to,
                                "chroma://HOST[:PORT]/NAME or milvus://HOST[:PORT]/NAME instead of --output");
  for (auto* other : others) to->excludes(other);
  const auto add = [&](const char* name, bool& flag, const char* text) {
    return command.add_flag(name, flag, text)->needs(to);
  };
  auto* reindex = add("--reindex", flags.reindex,
                      "Let another model or dataset take the place of the live one, as a version beside it");
  auto* stage = add("--stage", flags.stage, "Send and prove a new version, but leave the old one live");
  auto* drop_old = add("--drop-old", flags.drop_old, "Then drop the versions that are not live")->excludes(stage);
  auto* backup =
      command.add_option("--backup", flags.backup, "First write the live version here as an embedding set")->needs(to);
  rollback->excludes(reindex, stage, drop_old, backup);
  command
      .add_option("--min-agreement", flags.min_agreement,
                  "Share of the exact top 10 that a version must answer, or exit code 6")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

int index_remotely(Session& session, const RemoteFlags& flags, pipeline::IndexOptions options) {
  options.to = flags.to;
  options.backup = flags.backup;
  options.reindex = flags.reindex;
  options.stage = flags.stage;
  options.drop_old = flags.drop_old;
  options.min_agreement = flags.min_agreement;
  if (options.rollback) {
    const auto result = pipeline::roll_back(session.context, options);
    fmt::print("live: {}, before it {}\n", result.version, result.previous);
    return 0;
  }
  const auto result = pipeline::index_remotely(session.context, options);
  print(flags.to, result);
  return report_live(session, flags.to, result);
}

}  // namespace matcher::app
