#include "matcher/report/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"
#include "matcher/report/formats/formats.hpp"

namespace matcher::report {
namespace {

struct Writer {
  const char* name;
  std::string (*write)(const Table&, const Screen&);
};

/// In the order of Format, JSON left out.
#define MATCHER_WRITER(name) Writer{#name, write_##name},
constexpr std::array writers{MATCHER_TABLE_FORMATS(MATCHER_WRITER)};
#undef MATCHER_WRITER

std::string format_names() {
  std::vector<std::string> names;
  for (const auto& writer : writers) names.emplace_back(writer.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Format parse_format(const std::string& name) {
  if (name == "json") return Format::json;
  const auto found = std::ranges::find_if(writers, [&](const Writer& writer) { return name == writer.name; });
  if (found != writers.end()) return Format(found - writers.begin());
  throw Error(ErrorCode::usage, fmt::format("unknown format \"{}\"; use {} or json", name, format_names()));
}

std::string render(const Table& table, Format format, const Screen& screen) {
  if (format == Format::json) throw Error(ErrorCode::unexpected, "a table has no JSON form");
  return writers.at(std::size_t(format)).write(table, screen);
}

}  // namespace matcher::report
