#include "matcher/pipeline/audit.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/pipeline/page.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  DatasetFlags dataset;
  pipeline::AuditOptions audit;
  std::vector<std::string> embeddings;
  std::string clean;
  RunFlags run;
  OutputFlags output;
};

void write_clean(Session& session, const std::string& file, const report::Audit& audit) {
  if (file.empty()) return;
  write_atomically(file, report::clean_csv(audit));
  session.terminal.log(
      LogLevel::info, fmt::format("wrote {}: {} photos to leave out", file, report::photos_to_leave_out(audit).size()));
}

int run(Session& session, const Flags& flags) {
  const auto format = output_format(flags.output);
  if (!flags.clean.empty()) check_file_place(flags.clean);
  auto options = flags.audit;
  options.input.embeddings.assign(flags.embeddings.begin(), flags.embeddings.end());
  if (flags.embeddings.empty()) {
    options.input.model = session.model(options.input.model);
    options.input.dataset = dataset_request(session, flags.dataset);
  }
  options.execution = run_options(flags.run, session.settings);
  const auto audit = pipeline::audit(session.context, options);
  write_clean(session, flags.clean, audit);
  write_result(session, flags.output, format, audit,
               [&] { return report::to_html(audit, pipeline::load_thumbnails(audit)); });
  return 0;
}

void add_flags(CLI::App& command, Flags& flags) {
  add_dataset_flags(command, flags.dataset, "Audit this dataset: a name, dataset.yaml, CSV or folder", Sides::any);
  command
      .add_option("--model", flags.audit.input.model,
                  "Compare photos by this model: a name, a TorchScript file, or an ensemble a:0.6+b:0.4")
      ->group(group::model);
  auto* sets =
      command
          .add_option("--embeddings", flags.embeddings, "Audit these embedding sets, instead of --model and --dataset")
          ->group(group::input);
  command
      .add_option("--near-duplicate", flags.audit.near_duplicate,
                  "Report pairs of photos with at least this cosine as near-duplicates")
      ->check(number_between(-1, 1))
      ->capture_default_str()
      ->group(group::search);
  command.add_option("--write-clean", flags.clean, "Write the photos to leave out, and why, to this CSV")
      ->group(group::output);
  add_run_flags(command, flags.run);
  for (const char* other : {"--model", "--dataset", "--csv-columns"}) sets->excludes(command.get_option(other));
}

}  // namespace

void add_audit(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("audit", "Find wrong labels, copies, leaks and unusable photos in a catalogue", flags, run);
  add_flags(command, *flags);
  add_output_flags(command, flags->output, Formats::tables_and_page);
  command.footer(R"(
Examples:
  matcher audit --model mobilenet-v3-small --dataset grocery-store
  matcher audit --model mobilenet-v3-small --dataset photos/ --format html --write-to audit.html --open
  matcher audit --dataset photos/ --write-clean leave-out.csv --format json)");
}

}  // namespace matcher::app
