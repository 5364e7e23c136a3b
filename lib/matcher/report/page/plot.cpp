#include "matcher/report/page/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "matcher/report/escape.hpp"

namespace matcher::report {
namespace {

constexpr double label_height = 6;  ///< percent of the plot's height that a line of text takes

/// The place of a value on its axis, in percent.
double place(const Axis& axis, double value) {
  const auto scale = [&](double v) { return axis.logarithmic ? std::log(v) : v; };
  const double width = scale(axis.high) - scale(axis.low);
  return width > 0 ? 100 * (scale(value) - scale(axis.low)) / width : 50;
}

std::string ticks_of(const Plot& p) {
  std::string out;
  for (const auto& [value, text] : p.y.ticks)
    out +=
        fmt::format("<span class=\"y tick\" style=\"bottom:{:.1f}%\">{}</span>", place(p.y, value), escape_xml(text));
  for (const auto& [value, text] : p.x.ticks)
    out += fmt::format("<span class=\"x tick\" style=\"left:{:.1f}%\">{}</span>", place(p.x, value), escape_xml(text));
  return out;
}

/// "x,y x,y ..." in percent from the top left, as SVG counts.
std::string corners(const Plot& p, const Line& line) {
  std::string out;
  for (const auto& point : line.points)
    out += fmt::format("{:.2f},{:.2f} ", place(p.x, point[0]), 100 - place(p.y, point[1]));
  return out;
}

std::string whisker(const Plot& p, double x, double low, double high) {
  return fmt::format("<line class=\"whisker\" x1=\"{0:.2f}\" x2=\"{0:.2f}\" y1=\"{1:.2f}\" y2=\"{2:.2f}\"/>",
                     place(p.x, x), 100 - place(p.y, low), 100 - place(p.y, high));
}

std::string shape_of(const Plot& p) {
  std::string out;
  for (const auto& [value, text] : p.y.ticks)
    out += fmt::format("<line class=\"grid\" x1=\"0\" x2=\"100\" y1=\"{0:.2f}\" y2=\"{0:.2f}\"/>",
                       100 - place(p.y, value));
  for (std::size_t i = 0; i < p.lines.size(); ++i) {
    out += fmt::format("<polyline class=\"line l{}\" points=\"{}\"/>", i % 8, corners(p, p.lines[i]));
    for (const auto& point : p.lines[i].points)
      if (point.size() >= 4) out += whisker(p, point[0], point[2], point[3]);
  }
  for (const auto& dot : p.dots) out += whisker(p, dot.x, dot.low, dot.high);
  return fmt::format("<svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}</svg>", out);
}

/// Moves labels apart that would cover each other: from the top down, each at least a line below the last.
std::vector<double> label_places(const Plot& p, const std::vector<const Dot*>& from_top) {
  std::vector<double> places;
  for (const auto* dot : from_top) {
    const double wanted = place(p.y, dot->y);
    places.push_back(places.empty() ? wanted : std::min(wanted, places.back() - label_height));
  }
  return places;
}

std::string dots_of(const Plot& p) {
  std::vector<const Dot*> from_top;
  for (const auto& dot : p.dots) from_top.push_back(&dot);
  std::ranges::stable_sort(from_top, std::greater(), [](const Dot* dot) { return dot->y; });
  const auto places = label_places(p, from_top);
  std::string out;
  for (std::size_t i = 0; i < from_top.size(); ++i) {
    const auto& dot = *from_top[i];
    const double x = place(p.x, dot.x);
    const char* style = dot.soft ? " soft" : "";
    out += fmt::format("<i class=\"dot{}\" style=\"left:{:.1f}%;bottom:{:.1f}%\"></i>", style, x, place(p.y, dot.y));
    out += fmt::format("<span class=\"label{} {}\" style=\"{}:{:.1f}%;bottom:{:.1f}%\">{}</span>", style,
                       x > 50 ? "left" : "right", x > 50 ? "right" : "left", x > 50 ? 100 - x : x, places[i],
                       escape_xml(dot.name));
  }
  return out;
}

std::string legend_of(const Plot& p) {
  std::string out;
  for (std::size_t i = 0; i < p.lines.size(); ++i)
    out += fmt::format("<li><i class=\"swatch l{}\"></i>{}</li>", i % 8, escape_xml(p.lines[i].name));
  return out.empty() ? out : fmt::format("<ul class=\"legend\">{}</ul>\n", out);
}

}  // namespace

Axis percent_axis(std::string name) {
  return {std::move(name), 0, 1, false, {{0, "0 %"}, {0.25, "25 %"}, {0.5, "50 %"}, {0.75, "75 %"}, {1, "100 %"}}};
}

std::string draw(const Plot& p) {
  return fmt::format(
      "<figure class=\"chart\" id=\"{}\">\n<figcaption>{}</figcaption>\n{}<p class=\"axis\">{}</p>\n"
      "<div class=\"plot\" role=\"img\" aria-label=\"{}\">{}{}{}</div>\n<p class=\"axis x-name\">{}</p>\n</figure>\n",
      p.id, escape_xml(p.caption), legend_of(p), escape_xml(p.y.name), escape_xml(p.caption), shape_of(p), ticks_of(p),
      dots_of(p), escape_xml(p.x.name));
}

}  // namespace matcher::report
