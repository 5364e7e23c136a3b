// Draws charts of HTML and SVG: the text keeps its size, whatever the width of the page.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace matcher::report {

struct Axis {
  std::string name;
  double low = 0, high = 1;
  bool logarithmic = false;
  std::vector<std::pair<double, std::string>> ticks{};
};

/// A labelled point with an interval of y.
struct Dot {
  std::string name;
  double x = 0, y = 0, low = 0, high = 0;
  bool soft = false;    ///< drawn in grey
  std::string label{};  ///< text beside the point; empty: the name, shortened

  const std::string& text() const { return label.empty() ? name : label; }
};

/// Points as x, y and, optionally, the ends of an interval of y.
struct Line {
  std::string name;
  std::vector<std::vector<double>> points;
};

struct Plot {
  std::string id, caption;  ///< the caption is what readers of screens hear
  Axis x, y;
  std::vector<Line> lines{};
  std::vector<Dot> dots{};
};

/// From 0 to 100 %, with five ticks.
Axis percent_axis(std::string name);

/// From tens of percent below `low` to tens above `high`.
Axis tens_axis(std::string name, double low, double high);

std::string draw(const Plot& plot);

}  // namespace matcher::report
