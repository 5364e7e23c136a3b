#include "matcher/pipeline/models.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "flags.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/units.hpp"

namespace matcher::app {
namespace {

report::Table table_of(const std::vector<pipeline::ModelStatus>& models) {
  report::Table table{{}, {"model", "dim", "size", "state", "source"}, {}, {}};
  for (const auto& m : models) {
    const auto& b = m.bundle;
    const auto state = !m.ready ? "missing" : b.builtin.empty() ? "ready" : "built in";
    table.rows.push_back(
        {b.name, fmt::format("{}", b.dimension), m.ready ? human_bytes(m.size_bytes) : "", state, b.source});
    if (!m.ready) table.notes.push_back(fmt::format("{} is missing; next: {}", b.name, m.next_command));
  }
  return table;
}

std::string json_of(const std::vector<pipeline::ModelStatus>& models) {
  using json = nlohmann::ordered_json;
  json rows = json::array();
  for (const auto& m : models) {
    const auto& b = m.bundle;
    rows.push_back({{"name", b.name},
                    {"dimension", b.dimension},
                    {"ready", m.ready},
                    {"size_bytes", m.size_bytes},
                    {"path", b.path.string()},
                    {"source", b.source},
                    {"license", b.license},
                    {"next_command", m.next_command}});
  }
  return json{{"schema", "matcher.models/1"}, {"models", rows}}.dump(2) + '\n';
}

void add_list(Program& program) {
  auto flags = std::make_shared<OutputFlags>();
  auto& command = *program.app.add_subcommand("models", "List the models and what each still needs");
  add_output_flags(command, *flags);
  command.footer(
      "\nA model is described by a YAML file in configs/models or a folder of $MATCHER_MODELS; its TorchScript file "
      "is\n"
      "looked for there and in models/ of the work folder.");
  command.callback([&program, flags] {
    program.action = [flags](Session& session) {
      const auto format = report::parse_format(flags->format);
      const auto models = pipeline::list_models(session.context);
      write_output(*flags, format == report::Format::json ? json_of(models) : report::render(table_of(models), format));
      return 0;
    };
  });
}

void add_export(Program& program) {
  struct Flags {
    pipeline::ExportRequest options;
    std::string precision = "fp32";
  };
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("export", "Make a TorchScript file of a checkpoint or a built-in model");
  command.add_option("name", flags->options.name, "Name of the model")->required();
  command.add_option("--checkpoint", flags->options.checkpoint,
                     "Folder with config.json, preprocessor_config.json and model.safetensors");
  command.add_option("--output", flags->options.output, "File to write (default: models/NAME.pt in the work folder)");
  command.add_option("--precision", flags->precision, "Of the weights in the file: fp32, bf16 or fp16")
      ->check(CLI::IsMember({"fp32", "bf16", "fp16"}))
      ->capture_default_str();
  command.add_option("--vocabulary", flags->options.vocabulary,
                     "The public CLIP vocabulary (bpe_simple_vocab_16e6.txt.gz), for a checkpoint without vocab.json");
  command.footer(R"(
Examples:
  matcher export dinov2-large --checkpoint ~/checkpoints/dinov2-large
  matcher export shelf-clip --checkpoint tuned/ --precision fp16 --output shelf-clip.pt
  matcher export colour-layout --output colour-layout.pt)");
  command.callback([&program, flags] {
    program.action = [flags](Session& session) {
      auto options = flags->options;
      options.precision = parse_precision(flags->precision);
      fmt::print("{}\n", pipeline::export_model(session.context, options).string());
      return 0;
    };
  });
}

}  // namespace

void add_models(Program& program) {
  add_list(program);
  add_export(program);
}

}  // namespace matcher::app
