// Runs: those of matcher, and the TREC files of other systems.
#include "fuzz/target.hpp"
#include "matcher/run/run_folder.hpp"
#include "unit/run/runs.hpp"

namespace {

using namespace matcher;
namespace fs = std::filesystem;

void read(const fs::path& folder) {
  const auto opened = run::RunFolder::open(folder);
  for (const auto answers : {run::Answers::first, run::Answers::shown, run::Answers::all}) opened.read(answers);
  opened.for_each_query([](run::RankedQuery&) {});
}

const fuzz::OneReplaced& own() {
  static const fuzz::OneReplaced folder(
      "run", [](const fs::path& path) { run::RunFolder::write(path, run::test::counted_run(2, 1)); });
  return folder;
}

const fuzz::OneReplaced& foreign() {
  static const fuzz::OneReplaced folder("trec", [](const fs::path&) {
    fuzz::write_file("trec/run.trec", "q1 Q0 a 1 0.9 s\nq1 Q0 b 2 0.8 s\nq2 Q0 c%20d 1 -1e3 s\n");
    fuzz::write_file("trec/qrels.trec", "q1 0 a 1\nq2 0 b 2\nq3 0 a 0\n");
  });
  return folder;
}

const fuzz::Target runs(
    "run", [](std::string_view input) { own().with(input, [] { read(own().folder()); }); },
    [] { return own().seeds(); });
const fuzz::Target trec(
    "trec", [](std::string_view input) { foreign().with(input, [] { read(foreign().folder()); }); },
    [] { return foreign().seeds(); });

}  // namespace
