#include "matcher/report/page/plot.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "matcher/report/escape.hpp"
#include "matcher/report/page/markup.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t label_letters = 24;  ///< as many as a phone has room for
constexpr double label_height = 6;         ///< percent of the height of a plot that a line of text takes
constexpr double letter_width = 1.2;       ///< percent of the width of a plot between those of a phone and a desk
constexpr double dot_radius = 1;           ///< percent of the plot

/// Eight colours and four kinds of dashes: 32 lines that differ.
std::string style_of_line(std::size_t i) { return fmt::format("line c{} d{}", i % 8, (i + i / 8) % 4); }

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
    out += fmt::format("<polyline class=\"{}\" points=\"{}\"/>", style_of_line(i), corners(p, p.lines[i]));
    for (const auto& point : p.lines[i].points)
      if (point.size() >= 4) out += whisker(p, point[0], point[2], point[3]);
  }
  for (const auto& dot : p.dots) out += whisker(p, dot.x, dot.low, dot.high);
  return fmt::format("<svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}</svg>", out);
}

/// A rectangle in percent of the plot, from the bottom left.
struct Box {
  double left = 0, right = 0, bottom = 0, top = 0;
};

bool overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.bottom < b.top && b.bottom < a.top;
}

/// A label beside its dot, or some lines higher or lower.
struct Label {
  bool before = false;  ///< left of the dot
  double y = 0;
};

Box box_of(const Dot& dot, const Label& label, double x) {
  const double width = letter_width * double(std::min(dot.text().size(), label_letters)), half = label_height / 2;
  const double near = label.before ? x - dot_radius : x + dot_radius;
  return {label.before ? near - width : near, label.before ? near : near + width, label.y - half, label.y + half};
}

/// Places labels so that none covers another one, or a dot. `taken` begins with the boxes of the dots.
Label place_label(const Plot& p, const Dot& dot, std::vector<Box>& taken) {
  const double x = place(p.x, dot.x), y = place(p.y, dot.y);
  const Label beside{x > 50, y};
  for (const double lines : {0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0}) {
    for (const bool before : {x > 50, x <= 50}) {
      const Label label{before, y + lines * label_height};
      const auto box = box_of(dot, label, x);
      if (box.left < 0 || box.right > 100 || label.y < 0 || label.y > 100) continue;
      if (std::ranges::any_of(taken, [&](const Box& other) { return overlap(box, other); })) continue;
      taken.push_back(box);
      return label;
    }
  }
  return beside;
}

std::string draw(const Dot& dot, const Label& label, double x, double y) {
  const char* style = dot.soft ? " soft" : "";
  return fmt::format(
      "<i class=\"dot{0}\" style=\"left:{1:.1f}%;bottom:{2:.1f}%\"></i><span class=\"label{0} {3}\" "
      "style=\"{4}:{5:.1f}%;bottom:{6:.1f}%\" title=\"{7}\">{8}</span>",
      style, x, y, label.before ? "left" : "right", label.before ? "right" : "left", label.before ? 100 - x : x,
      label.y, escape_xml(dot.name), escape_xml(shortened(dot.text(), label_letters)));
}

/// Dots that are not grey get their labels first.
std::string dots_of(const Plot& p) {
  std::vector<const Dot*> order;
  std::vector<Box> taken;
  for (const auto& dot : p.dots) {
    order.push_back(&dot);
    const double x = place(p.x, dot.x), y = place(p.y, dot.y);
    taken.push_back({x - dot_radius, x + dot_radius, y - dot_radius, y + dot_radius});
  }
  std::ranges::stable_sort(order, {}, &Dot::soft);
  std::string out;
  for (const auto* dot : order) out += draw(*dot, place_label(p, *dot, taken), place(p.x, dot->x), place(p.y, dot->y));
  return out;
}

std::string legend_of(const Plot& p) {
  std::string out;
  for (std::size_t i = 0; i < p.lines.size(); ++i)
    out += fmt::format(
        "<li><svg class=\"swatch\" viewBox=\"0 0 32 4\" aria-hidden=\"true\"><line class=\"{}\" x1=\"0\" x2=\"32\" "
        "y1=\"2\" y2=\"2\"/></svg>{}</li>",
        style_of_line(i), escape_xml(p.lines[i].name));
  return out.empty() ? out : fmt::format("<ul class=\"legend\">{}</ul>\n", out);
}

/// The name of a chart for readers of screens: "top-1 by images/s: a, b. ...".
std::string spoken(const Plot& p) {
  std::vector<std::string> names;
  for (const auto& line : p.lines) names.push_back(line.name);
  for (const auto& dot : p.dots) names.push_back(dot.name);
  return fmt::format("{} by {}: {}. {}", p.y.name, p.x.name, fmt::join(names, ", "), p.caption);
}

}  // namespace

Axis percent_axis(std::string name) {
  return {std::move(name), 0, 1, false, {{0, "0 %"}, {0.25, "25 %"}, {0.5, "50 %"}, {0.75, "75 %"}, {1, "100 %"}}};
}

Axis tens_axis(std::string name, double low, double high) {
  const double first = std::floor(10 * low), last = std::max(std::ceil(10 * high), first + 1);
  Axis axis{std::move(name), first / 10, last / 10};
  for (double tick = first; tick <= last; ++tick)
    axis.ticks.emplace_back(tick / 10, fmt::format("{:.0f} %", 10 * tick));
  return axis;
}

std::string draw(const Plot& p) {
  return fmt::format(
      "<figure class=\"chart\" id=\"{}\">\n<figcaption>{}</figcaption>\n{}<p class=\"axis\">{}</p>\n"
      "<div class=\"plot\" role=\"img\" aria-label=\"{}\">{}{}{}</div>\n<p class=\"axis x-name\">{}</p>\n</figure>\n",
      p.id, escape_xml(p.caption), legend_of(p), escape_xml(p.y.name), escape_xml(spoken(p)), shape_of(p), ticks_of(p),
      dots_of(p), escape_xml(p.x.name));
}

}  // namespace matcher::report
