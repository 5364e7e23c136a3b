#include "matcher/report/model_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/units.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::report {
namespace {

const char* state_of(const ListedModel& m) { return !m.ready ? "missing" : m.built_in ? "built in" : "ready"; }

std::string input_of(const ListedModel& m) { return m.height == 0 ? "" : fmt::format("{}x{}", m.height, m.width); }

std::string texts_of(const ListedModel& m) { return !m.ready ? "" : m.takes_texts ? "yes" : "no"; }

Table csv_table(const ModelList& list) {
  Table table{{},
              {"model", "dimension", "size_bytes", "state", "source", "parameters", "input", "texts", "license", "path",
               "family"},
              {},
              {}};
  for (const auto& m : list.models) {
    table.rows.push_back({m.name, fmt::format("{}", m.dimension), m.ready ? fmt::format("{}", m.size_bytes) : "",
                          state_of(m), m.source, fmt::format("{}", m.parameters), input_of(m), texts_of(m), m.license,
                          m.path, m.family});
  }
  return table;
}

std::vector<std::string> text_row(const ListedModel& m) {
  return {m.name,
          m.family,
          state_of(m),
          fmt::format("{}", m.dimension),
          input_of(m),
          m.parameters > 0 ? human_count(m.parameters) : "",
          m.ready ? human_bytes(m.size_bytes) : "",
          texts_of(m),
          m.license,
          m.source,
          m.path};
}

struct NextStep {
  std::string command;  ///< without the model's name at its end
  std::vector<const ListedModel*> models;
};

/// The commands that get the missing models. Those that differ by the model's name alone are one.
std::vector<NextStep> next_steps(const ModelList& list) {
  std::vector<NextStep> steps;
  for (const auto& m : list.models) {
    if (m.ready) continue;
    auto command = m.next_command;
    if (command.ends_with(" " + m.name)) command.resize(command.size() - m.name.size());
    const auto same = std::ranges::find(steps, command, &NextStep::command);
    if (same == steps.end())
      steps.push_back({command, {&m}});
    else
      same->models.push_back(&m);
  }
  return steps;
}

std::string describe(const NextStep& step) {
  const auto& first = *step.models[0];
  if (step.models.size() == 1) return fmt::format("{} is missing; next: {}", first.name, first.next_command);
  return fmt::format("{} models are missing; next: {}NAME, for example {}", step.models.size(), step.command,
                     first.next_command);
}

}  // namespace

Table table_of(const ModelList& list, Format format) {
  if (format == Format::csv) return csv_table(list);
  Table table{{},
              {"model", "family", "state", "dim", "input", "parameters", "size", "texts", "licence", "source", "path"},
              {},
              {},
              {"path", "source", "licence", "texts"}};
  for (const auto& m : list.models) {
    table.rows.push_back(text_row(m));
  }
  for (const auto& step : next_steps(list)) table.notes.push_back(describe(step));
  return table;
}

}  // namespace matcher::report
