#include "matcher/pipeline/export.hpp"

#include <fmt/format.h>

#include <optional>

#include "matcher/config/bundles.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/export.hpp"

namespace matcher::pipeline {
namespace {

std::optional<model::Bundle> find_description(const Context& context, const std::string& name) {
  for (auto& bundle : config::find_bundles(context.places)) {
    if (bundle.name == name) return std::move(bundle);
  }
  return std::nullopt;
}

std::string dimensions(const image::Preprocess& preprocess) {
  const auto size = preprocess.output();
  return fmt::format("{} x {}", size.width, size.height);
}

/// A description in a file of its own is used instead of the exported one, so both must agree.
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
    fail("images of", dimensions(known.preprocess), dimensions(made.preprocess));
  auto wanted = made.preprocess;
  wanted.apply_orientation = known.preprocess.apply_orientation;      // not in the checkpoint
  if (known.preprocess.transparent == image::Transparent::automatic)  // follows the file
    wanted.transparent = image::Transparent::automatic;
  if (known.preprocess != wanted) fail("under preprocess", "one resize, filter, scale, mean or std", "another");
}

void check_name(const std::string& name) {
  if (name == file_name_of(name) && !name.empty() && name[0] != '.') return;
  if (is_folder(name))
    throw Error(ErrorCode::usage,
                fmt::format("\"{}\" is a folder; give the model a name, and the folder with "
                            "--checkpoint: matcher export {} --checkpoint {}",
                            name, file_name_of(fs::weakly_canonical(name).filename().string()), name));
  throw Error(ErrorCode::usage,
              fmt::format("\"{}\" is not a valid model name; use letters, digits, '-', '_' and '.'", name));
}

/// Folders above the file are made if they are missing.
void check_place(const fs::path& file) {
  const auto folder = file.parent_path();
  folder.empty() || is_folder(folder) ? check_file_place(file) : check_folder_place(folder);
}

[[noreturn]] void fail_no_checkpoint(const Context& context, const ExportRequest& request) {
  const auto known = find_description(context, request.name);
  if (!known && is_folder(request.name))
    throw Error(
        ErrorCode::usage,
        fmt::format("\"{0}\" is a folder here; read it with: matcher export {0} --checkpoint {0}", request.name));
  if (!known) config::find_bundle(request.name, context.places);  // its error names near ones
  throw Error(
      ErrorCode::usage,
      fmt::format("{} needs its checkpoint, a folder with config.json, preprocessor_config.json and "
                  "model.safetensors. Give the folder: matcher export {} --checkpoint DIR{}",
                  request.name, request.name,
                  known && !known->get.empty() ? fmt::format(" (or fetch and export it: {})", known->get) : ""));
}

/// The repository and commit that fetch-model noted in the folder; "" for files from elsewhere.
std::string read_source(const fs::path& checkpoint) {
  const auto file = checkpoint / "SOURCE";
  if (!is_file(file)) return {};
  const auto text = read_text(file);
  return text.substr(0, text.find('\n'));
}

void export_from_checkpoint(const Context& context, const ExportRequest& request, const fs::path& file,
                            const std::optional<model::Bundle>& known) {
  model::ExportOptions how{request.name, request.checkpoint, file,        request.precision, {},
                           {},           request.vocabulary, request.side};
  how.source = read_source(request.checkpoint);
  if (how.source.empty())
    how.source =
        known && !known->source.empty() ? known->source : (request.checkpoint / "").parent_path().filename().string();
  how.license = known ? known->license : "";
  const auto made = model::export_checkpoint(how, [&](const model::Bundle& bundle) {
    if (known) check_agrees(*known, bundle);
    return config::bundle_yaml(bundle);
  });
  if (made.has_text_tower && !made.takes_texts) {
    context.observer.log(
        LogLevel::warning,
        fmt::format("{} has no vocabulary ({}), so the model will take images only; for texts add it, or "
                    "give it with --vocabulary FILE",
                    request.checkpoint.string(), made.vocabulary_files));
  }
}

}  // namespace

fs::path export_model(const Context& context, const ExportRequest& request) {
  check_name(request.name);
  const auto known = find_description(context, request.name);
  auto file = request.output.empty() ? context.places.own.models / (request.name + ".pt") : request.output;
  check_place(file);
  if (known && !known->builtin.empty()) {
    if (request.side > 0)
      throw Error(ErrorCode::usage, fmt::format("{} is built in and has one size; leave --size out", request.name));
    if (!request.checkpoint.empty())
      throw Error(
          ErrorCode::usage,
          fmt::format("{} is built in and has no checkpoint; leave --checkpoint out, or give the model another name",
                      request.name));
    model::export_builtin(*known, config::bundle_yaml, file);
    return file;
  }
  if (request.checkpoint.empty()) fail_no_checkpoint(context, request);
  export_from_checkpoint(context, request, file, known);
  return file;
}

}  // namespace matcher::pipeline
