#include "matcher/pipeline/doctor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <sstream>
#include <thread>

#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/index/gpu.hpp"
#include "matcher/model/embedder.hpp"
#include "matcher/pipeline/models.hpp"
#include "matcher/process/blas.hpp"
#include "matcher/process/memory.hpp"
#include "matcher/process/other_load.hpp"

namespace matcher::pipeline {
namespace {

using report::Finding;
using State = Finding::State;

constexpr std::uintmax_t little_memory = std::uintmax_t(2) << 30, little_disk = std::uintmax_t(5) << 30;
constexpr double busy_share = 0.25;

/// The instructions that decide how fast networks and searches run.
std::vector<std::string> fast_instructions() {
  constexpr std::array known{"avx2",     "avx512f",  "avx512_vnni", "avx512_bf16", "avx512_fp16",
                             "amx_bf16", "amx_int8", "asimd",       "sve",         "bf16"};
  std::istringstream words(processor_identity());
  std::vector<std::string> found;
  for (std::string word; words >> word;)
    if (std::ranges::count(known, word) != 0) found.push_back(word);
  return found;
}

Finding examine_processor() {
  const auto instructions = fast_instructions();
  Finding found{State::good, "processor",
                fmt::format("{}, {} cores; {}", processor_name(), thread_count(0),
                            instructions.empty() ? "no vector instructions that matcher knows"
                                                 : fmt::format("{}", fmt::join(instructions, " ")))};
  if (std::ranges::count(instructions, "avx2") != 0) return found;
  found.state = State::slow;
  found.advice = "LibTorch computes the networks here, several times slower; use a processor with AVX2 or later";
  return found;
}

Finding examine_load() {
  const auto before = core_times();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto share = other_load(before, core_times());
  Finding found{State::good, "load", fmt::format("other programs use {:.0f} % of the processor", 100 * share)};
  if (share < busy_share) return found;
  found.state = State::slow;
  found.advice = "end them before you measure speed; times that are measured now are too long";
  return found;
}

Finding examine_memory() {
  const auto bytes = available_memory();
  if (bytes == std::numeric_limits<std::uintmax_t>::max()) return {State::good, "memory", "the system does not say"};
  Finding found{State::good, "memory", human_bytes(bytes) + " available"};
  if (bytes >= little_memory) return found;
  found.state = State::slow;
  found.advice = "use a smaller --batch-size, and --memory-budget for index; large networks may not fit";
  return found;
}

/// Runs an examination whose error is a problem.
template <class Examine>
Finding or_broken(const char* subject, const Examine& examine) {
  try {
    return {State::good, subject, examine()};
  } catch (const Error& error) {
    return {State::broken, subject, error.what(), "install what is named, or run scripts/setup in the source tree"};
  }
}

std::string describe_libtorch() {
  return fmt::format("{}, by {}", model::libtorch_version(), model::libtorch_plugin().string());
}

std::string load_linear_algebra() {
  load_blas();
  return "found";
}

/// A missing GPU is not a problem of the machine: the CPU does the same work.
Finding examine_gpu() {
  const auto reason = index::why_no_gpu();
  return {State::good, "GPU", reason.empty() ? "searches and builds indexes" : "not used: " + reason};
}

Finding examine_configuration(const Context& context) {
  const auto& places = context.places;
  return {State::good, "configuration",
          fmt::format("{} folders of models, {} of datasets; see matcher config", places.model_folders.size(),
                      places.dataset_folders.size())};
}

Finding examine_models(const Context& context) {
  const auto models = list_models(context).models;
  const auto ready = std::ranges::count(models, true, &report::ListedModel::ready);
  const auto own = std::ranges::count_if(models, [](const auto& m) { return m.ready && !m.built_in; });
  Finding found{State::good, "models",
                fmt::format("{} ready, {} missing", ready, std::ptrdiff_t(models.size()) - ready)};
  if (own > 0) return found;
  found.state = State::slow;
  found.advice = "only the built-in baselines are ready; fetch a model: see matcher models";
  return found;
}

fs::path nearest_existing(fs::path folder) {
  folder = absolute_path(folder);
  while (!path_exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

/// Writes a file and removes it.
Finding examine_disk(const Context& context) {
  const auto folder = nearest_existing(context.workdir);
  std::error_code failed;
  const auto space = fs::space(folder, failed);
  Finding found{State::good, "work folder",
                fmt::format("{}: {} free", context.workdir.string(), human_bytes(failed ? 0 : space.available))};
  try {
    AtomicFile probe(folder / "matcher-doctor");  // never committed
    probe.write("x");
  } catch (const Error& error) {
    return {State::broken, "work folder", error.what(), "choose another folder with --workdir"};
  }
  if (failed || space.available >= little_disk) return found;
  found.state = State::slow;
  found.advice = "free some space: matcher cache --prune --unused-for 30d, or choose another --workdir";
  return found;
}

}  // namespace

report::Diagnosis diagnose(const Context& context) {
  return {{{State::good, "matcher", version},
           examine_processor(),
           examine_load(),
           examine_memory(),
           or_broken("LibTorch", describe_libtorch),
           or_broken("BLAS", load_linear_algebra),
           examine_gpu(),
           examine_configuration(context),
           examine_models(context),
           examine_disk(context)}};
}

}  // namespace matcher::pipeline
