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
    if (!m.ready) table.notes.push_back(fmt::format("{} is missing; next: {}", m.name, m.next_command));
  }
  return table;
}

}  // namespace matcher::report
