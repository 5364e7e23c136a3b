#include "flags/remote_flags.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/core/error.hpp"
#include "matcher/report/json.hpp"
#include "streams/streams.hpp"

namespace matcher::app {

void print_tuning(const index::Tuning& t) {
  report::Table table{
      {}, {t.name.empty() ? "search" : t.name, "recall@10", "95 % interval", "ms per query", "chosen"}, {}, {}};
  for (const auto& trial : t.trials) {
    table.rows.push_back({t.name.empty() ? "exact" : fmt::format("{}", trial.effort),
                          fmt::format("{:.4f}", trial.recall), fmt::format("{:.4f} to {:.4f}", trial.low, trial.high),
                          fmt::format("{:.3g}", trial.query_ms),
                          t.chosen && t.chosen->effort == trial.effort ? "*" : ""});
  }
  write_stdout("\n" + report::render(table, report::Format::table, screen_of({})) + "\n");
  if (t.chosen)
    print_line("recall {}: reached on {} held-out queries", t.target, t.queries);
  else
    print_line("recall {}: not reached on {} held-out queries; the best is {:.4f} ({:.4f} to {:.4f}){}", t.target,
               t.queries, t.best.recall, t.best.low, t.best.high,
               t.name.empty() ? "" : fmt::format(", with {} {}", t.name, t.best.effort));
}

namespace {

void print(const std::string& to, const database::PublishResult& r) {
  const auto& m = r.manifest;
  print_line("{}: {} items, {} dimensions, {}, by {}", to, m.count, m.model.dimension, m.type, m.model.name);
  const auto time = r.sent + r.removed > 0 ? fmt::format(", sent in {:.1f} s", r.seconds) : std::string();
  print_line("version {}: {} sent, {} unchanged, {} removed{}", r.version, r.sent, r.unchanged, r.removed, time);
  if (r.backed_up > 0) print_line("backup: {} items of {}", r.backed_up, r.previous);
  if (!r.index.empty()) print_line("index: {}", r.index);
  if (r.tuning) print_tuning(*r.tuning);
  print_line("proof: {} items counted, {} vectors read back, top 10 of {} queries agree with exact search to {:.4f}",
             r.proof.counted, r.proof.read_back, r.proof.asked, r.proof.agreement);
  if (r.proof.searched > 0)
    print_line("found: {} of {} changed records by their own vectors", r.proof.searched - r.proof.lost.size(),
               r.proof.searched);
  if (!r.dropped.empty()) print_line("dropped: {}", fmt::join(r.dropped, ", "));
}

std::string rebuild_command(const std::string& model, const std::string& dataset, const std::string& to) {
  return fmt::format("Build it from scratch: matcher index --model {} --dataset {} --to {} --rebuild", model, dataset,
                     to);
}

std::string how_to_rebuild(const std::string& to, const database::PublishResult& r) {
  const auto state = r.live ? "it is live, and was changed in place" : "it was not made live";
  return fmt::format("{}. {}", state, rebuild_command(r.manifest.model.name, r.manifest.data.name, to));
}

void warn_of_churn(Session& session, const std::string& version, std::size_t churn, std::size_t count,
                   const std::string& command) {
  session.terminal.log(
      LogLevel::warning,
      fmt::format("{} records of {} were replaced or removed since it was built, and it holds {}; graph "
                  "indexes lose records as they change. {}",
                  churn, version, count, command));
}

int report_live(Session& session, const std::string& to, const database::PublishResult& r) {
  const bool in_place = r.live && r.previous == r.version;
  if (!r.proof.failure.empty()) {
    const bool lost = !r.proof.lost.empty();
    session.terminal.log(LogLevel::error,
                         fmt::format("{} is not proven: {}; {}", r.version, r.proof.failure,
                                     lost       ? how_to_rebuild(to, r)
                                     : in_place ? "it is live, and was changed in place: run the command again"
                                     : r.previous.empty() ? "it was not made live, and nothing else is live"
                                                          : fmt::format("it was not made live; {} is", r.previous)));
    return int(ErrorCode::gate);
  }
  if (!r.live) {
    const auto live = r.previous.empty() ? "nothing" : r.previous;
    print_line("staged: {} is live at {}; run the command without --stage to make {} live", live, to, r.version);
  } else if (!in_place) {
    print_line("live: {}{}", r.version, r.previous.empty() ? "" : fmt::format(", before it {}", r.previous));
  }
  return 0;
}

}  // namespace

void add_remote_flags(CLI::App& command, RemoteFlags& flags, const std::vector<CLI::Option*>& others,
                      CLI::Option* rollback, CLI::Option* plan) {
  auto* to =
      command
          .add_option("--to", flags.target.address, "Publish to chroma://HOST[:PORT]/NAME or milvus://HOST[:PORT]/NAME")
          ->group(group::output);
  for (auto* other : others) to->excludes(other);
  const auto add = [&](const char* name, bool& flag, const char* text) {
    return command.add_flag(name, flag, text)->needs(to)->group(group::output);
  };
  auto* reindex =
      add("--reindex", flags.target.reindex, "Replace a version of another model or dataset by a new version");
  auto* stage = add("--stage", flags.target.stage, "Send and prove a new version, but keep the old one live");
  auto* drop_old = add("--drop-old", flags.target.drop_old, "Drop all other versions afterwards")->excludes(stage);
  auto* backup = command.add_option("--backup", flags.backup, "Write the live version to this embedding set first")
                     ->needs(to)
                     ->group(group::output);
  auto* rebuild = add("--rebuild", flags.target.rebuild, "Build a new version from scratch, also with the same model");
  auto* check = add("--check", flags.check, "Prove the live version, and write nothing; exit with 6 if that fails");
  check->excludes(reindex, stage, drop_old, backup, rebuild, rollback, plan);
  rollback->excludes(reindex, stage, drop_old, backup, rebuild);
  add("--part", flags.part, "Send only some shards into a version that is not live, beside other machines")
      ->excludes(reindex, stage, drop_old, backup, rebuild, rollback, plan, check);
  command.add_option("--format", flags.format, "Print the result of --check as table or json")
      ->check(one_of({"table", "json"}))
      ->needs(check)
      ->group(group::output);
  command
      .add_option("--min-agreement", flags.target.min_agreement,
                  "Exit with 6 if a version returns a smaller share of the exact top 10")
      ->check(number_between(0, 1))
      ->capture_default_str()
      ->group(group::gate);
}

int publish(Session& session, const RemoteFlags& flags, const pipeline::VectorInput& input,
            const pipeline::ExecutionOptions& execution) {
  pipeline::PublishOptions options{input, flags.target, execution};
  options.target.backup = flags.backup;
  const auto result = pipeline::publish(session.context, options);
  print(flags.target.address, result);
  const auto& m = result.manifest;
  if (result.churn.is_high && result.proof.lost.empty())
    warn_of_churn(session, result.version, result.churn.records, m.count,
                  rebuild_command(m.model.name, m.data.name, flags.target.address));
  return report_live(session, flags.target.address, result);
}

int publish_part(Session& session, const RemoteFlags& flags, const pipeline::VectorInput& input) {
  const auto& to = flags.target.address;
  if (flags.target.recall)
    throw Error(ErrorCode::usage, "--recall is measured on the whole gallery; give it to the command without --part");
  const auto result = pipeline::publish_part(session.context, {input, flags.target, {}});
  print_line(
      "version {}: {} sent, {} unchanged, sent in {:.1f} s; not live. When all parts are sent, complete it: "
      "matcher index --embeddings ALL SETS --to {} --reindex",
      result.version, result.sent, result.unchanged, result.seconds, to);
  return 0;
}

int check_collection(Session& session, const RemoteFlags& flags) {
  const auto check = pipeline::check_collection(session.context, flags.target.address);
  if (flags.format == "json")
    write_stdout(report::to_json(check));
  else
    print_line("{}: version {}, {} items, {}, by {}; {} of {} records found by their own vectors", check.address,
               check.version, check.counted, check.index, check.model.name, check.searched - check.lost.size(),
               check.searched);
  if (check.churn_is_high && check.lost.empty())
    warn_of_churn(session, check.version, check.churn, check.counted,
                  rebuild_command(check.model.name, check.dataset, check.address));
  if (check.failure.empty()) return 0;
  session.terminal.log(
      LogLevel::error,
      fmt::format("{} is not proven: {}. {}: matcher index --model {} --dataset {} --to {}{}", check.version,
                  check.failure, check.lost.empty() ? "Repair it" : "Build it from scratch", check.model.name,
                  check.dataset, check.address, check.lost.empty() ? "" : " --rebuild"));
  return int(ErrorCode::gate);
}

int restore_version(Session& session, const RemoteFlags& flags) {
  const auto [version, previous] = pipeline::restore_version(session.context, flags.target.address);
  print_line("live: {}, before it {}", version, previous);
  return 0;
}

}  // namespace matcher::app
