#include "matcher/pipeline/models.hpp"

#include <fmt/format.h>

#include <optional>

#include "matcher/config/bundles.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"
#include "matcher/model/export.hpp"

namespace matcher::pipeline {

report::ModelList list_models(const Context& context) {
  report::ModelList list;
  for (const auto& bundle : config::find_bundles(context.places)) {
    const bool built_in = !bundle.builtin.empty(), ready = built_in || !bundle.path.empty();
    list.models.push_back({.name = bundle.name,
                           .dimension = std::size_t(bundle.dimension),
                           .ready = ready,
                           .built_in = built_in,
                           .size_bytes = ready ? model::size_bytes(bundle) : 0,
                           .path = bundle.path.string(),
                           .source = bundle.source,
                           .license = bundle.license,
                           .next_command = ready ? "" : bundle.get});
  }
  return list;
}

namespace {

/// The description under this name, if there is one.
std::optional<model::Bundle> known_bundle(const Context& context, const std::string& name) {
  for (auto& bundle : config::find_bundles(context.places)) {
    if (bundle.name == name) return std::move(bundle);
  }
  return std::nullopt;
}

std::string dimensions(const image::Preprocess& preprocess) {
  const auto size = preprocess.output();
  return fmt::format("{} x {}", size.width, size.height);
}

/// A description that stands in a file of its own is what is used later, so that it must say the same.
void check_agrees(const model::Bundle& known, const model::Bundle& made) {
  if (known.origin.ends_with(".pt")) return;
  const auto fail = [&](const std::string& what, const std::string& says, const std::string& is) {
    throw Error(ErrorCode::mismatch,
                fmt::format("{} says {} {}, but the checkpoint of \"{}\" gives {}; export it under another name",
                            known.origin, what, says, made.name, is));
  };
  if (known.dimension != 0 && known.dimension != made.dimension)
    fail("dimension", fmt::format("{}", known.dimension), fmt::format("{}", made.dimension));
  if (known.preprocess.output() != made.preprocess.output())
    fail("pictures of", dimensions(known.preprocess), dimensions(made.preprocess));
  auto wanted = made.preprocess;
  wanted.apply_orientation = known.preprocess.apply_orientation;  // no matter of the checkpoint
  if (known.preprocess != wanted) fail("under preprocess", "one resize, filter, scale, mean or std", "another");
}

void check_name(const std::string& name) {
  if (name == file_name_of(name) && !name.empty() && name[0] != '.') return;
  throw Error(ErrorCode::usage,
              fmt::format("\"{}\" cannot be the name of a model; use letters, digits, '-', '_' and '.'", name));
}

[[noreturn]] void fail_no_checkpoint(const Context& context, const ExportRequest& options) {
  const auto known = known_bundle(context, options.name);
  if (!known) config::find_bundle(options.name, context.places);  // says what is near
  throw Error(
      ErrorCode::usage,
      fmt::format("{} is made from its checkpoint, the folder with config.json, preprocessor_config.json and "
                  "model.safetensors; say where it is: matcher export {} --checkpoint DIR{}",
                  options.name, options.name,
                  known && !known->get.empty() ? fmt::format(" (or fetch and export it: {})", known->get) : ""));
}

/// What fetch-model notes of where the files are from: repository and commit. "" for files from elsewhere.
std::string source_of(const fs::path& checkpoint) {
  const auto file = checkpoint / "SOURCE";
  if (!fs::is_regular_file(file)) return {};
  const auto text = read_text(file);
  return text.substr(0, text.find('\n'));
}

void export_from_checkpoint(const Context& context, const ExportRequest& options, const fs::path& file,
                            const std::optional<model::Bundle>& known) {
  model::ExportOptions how{options.name, options.checkpoint, file, options.precision, {}, {}, options.vocabulary};
  how.source = source_of(options.checkpoint);
  if (how.source.empty())
    how.source =
        known && !known->source.empty() ? known->source : (options.checkpoint / "").parent_path().filename().string();
  how.license = known ? known->license : "";
  const auto made = model::export_checkpoint(how, [&](const model::Bundle& bundle) {
    if (known) check_agrees(*known, bundle);
    return config::bundle_yaml(bundle);
  });
  if (made.has_text_tower && !made.takes_texts) {
    context.observer.log(
        LogLevel::warning,
        fmt::format("{} has no vocabulary (vocab.json and merges.txt), so the model will take pictures "
                    "only; for texts add them, or give the public one with --vocabulary FILE",
                    options.checkpoint.string()));
  }
}

}  // namespace

fs::path export_model(const Context& context, const ExportRequest& options) {
  check_name(options.name);
  const auto known = known_bundle(context, options.name);
  auto file = options.output.empty() ? context.workdir / "models" / (options.name + ".pt") : options.output;
  if (known && !known->builtin.empty()) {
    if (!options.checkpoint.empty())
      throw Error(
          ErrorCode::usage,
          fmt::format("{} is built in and has no checkpoint; leave --checkpoint out, or give the model another name",
                      options.name));
    model::export_builtin(*known, config::bundle_yaml, file);
    return file;
  }
  if (options.checkpoint.empty()) fail_no_checkpoint(context, options);
  export_from_checkpoint(context, options, file, known);
  return file;
}

}  // namespace matcher::pipeline
