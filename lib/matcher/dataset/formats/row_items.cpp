#include "matcher/dataset/formats/row_items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

/// True for a relative path that lexically_normal() would not change.
bool is_normal(std::string_view path) {
  return !path.empty() && path.front() != '/' && path.front() != '.' && path.find("//") == std::string_view::npos &&
         path.find("/.") == std::string_view::npos;
}

/// Returns the path relative to the root. With `image_root`, a leading '/' means that folder.
fs::path within_root(const Source& source, std::string_view written) {
  if (source.image_root.empty()) return fs::path(written).lexically_normal();
  return (source.image_root / fs::path(written).relative_path()).lexically_normal();
}

/// Returns an absolute path inside the root relative to the root, so that a dataset that is moved keeps its ids.
fs::path id_of(const fs::path& path, const fs::path& root) {
  if (!path.is_absolute()) return path;
  const auto relative = path.lexically_relative(absolute_path(root / ""));
  return relative.empty() || *relative.begin() == ".." ? path : relative;
}

std::string prefix_of(const fs::path& root) {
  auto text = root.lexically_normal().generic_string();
  if (text.empty() || text == "." || text == "./") return "";
  return text.ends_with('/') ? text : text + "/";
}

void check_area(const RowBox& box, const std::string& where) {
  const auto& v = box.values;
  if (box.corners ? v[2] > v[0] && v[3] > v[1] : v[2] > 0 && v[3] > 0) return;
  throw Error(ErrorCode::input,
              fmt::format("{}: the box is empty: {}. Correct the box, or remove the row", where,
                          box.corners ? fmt::format("x1 {}, y1 {}, x2 {}, y2 {}", v[0], v[1], v[2], v[3])
                                      : fmt::format("width {}, height {}", v[2], v[3])));
}

}  // namespace

double parse_box_number(std::string_view text, const std::string& where, const char* column) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value)) return value;
  throw Error(ErrorCode::input, fmt::format("{}: {} of the box is \"{}\", not a number", where, column, text));
}

RowItems::RowItems(const Source& source, const fs::path& root, bool has_boxes, Sink& sink)
    : source_(source),
      root_(root),
      root_prefix_(prefix_of(root)),
      file_((root / source.path).lexically_normal().string()),
      split_(source.split),
      has_boxes_(has_boxes),
      sink_(sink) {}

void RowItems::set_path(Item& item, std::string_view written) const {
  if (source_.image_root.empty() && is_normal(written)) {
    item.path.reserve(root_prefix_.size() + written.size());
    item.path.append(root_prefix_).append(written);
    if (item.id.empty()) item.id = written;
    return;
  }
  const auto relative = within_root(source_, written);
  item.path = (root_ / relative).lexically_normal().string();
  if (item.id.empty()) item.id = id_of(relative, root_).generic_string();
}

void RowItems::add(const Row& row, ColumnValues others) {
  Item item{std::string(row.id), "",       row.label, row.split, row.view,
            row.category,        row.text, file_,     row.line,  row.group};
  if (item.split.empty()) item.split = split_;
  if (!others.empty()) item.others.edit() = std::move(others);
  if (!row.path.empty()) {
    set_path(item, row.path);
  } else if (row.text.empty()) {
    throw Error(ErrorCode::input,
                fmt::format("{}: neither a path nor a text. Fill in one, or remove the row", where(row)));
  }
  if (item.id.empty()) item.id = fmt::format("{}:{}", source_.path, row.line);
  if (!has_boxes_) return sink_.add(std::move(item));
  if (row.box) check_area(*row.box, where(row));
  auto photo = item.path;
  kept_.push_back({std::move(item), std::move(photo), row.box, !row.id.empty()});
}

/// In a file of fractions no value is above 1; a box of one pixel alone does not make one.
bool RowItems::are_fractions() const {
  if (source_.box_unit != BoxUnit::automatic) return source_.box_unit == BoxUnit::fractions;
  return std::ranges::all_of(kept_, [](const Boxed& kept) {
    return !kept.box || std::ranges::all_of(kept.box->values, [](double v) { return v <= 1; });
  });
}

Box RowItems::make_box(const RowBox& box, bool fractions) const {
  const auto& v = box.values;
  Box made = box.corners ? box_of_corners(v[0], v[1], v[2], v[3]) : Box{v[0], v[1], v[2], v[3]};
  made.fractions = fractions;
  made.margin = source_.crop_margin;
  made.of_width = box.of_width;
  made.of_height = box.of_height;
  return made;
}

/// Boxes of one photo come one after the other, so that it is decoded once.
std::vector<std::size_t> RowItems::order_by_photo() const {
  std::unordered_map<std::string_view, std::size_t> first;
  std::vector<std::pair<std::size_t, std::size_t>> keys;
  for (std::size_t i = 0; i < kept_.size(); ++i) keys.emplace_back(first.emplace(kept_[i].photo, i).first->second, i);
  std::ranges::sort(keys);
  std::vector<std::size_t> order;
  for (const auto& [photo, i] : keys) order.push_back(i);
  return order;
}

void RowItems::finish() {
  const bool fractions = are_fractions();
  for (const auto i : order_by_photo()) {
    auto kept = std::move(kept_[i]);
    if (kept.box) {
      const auto box = make_box(*kept.box, fractions);
      kept.item.path += "#" + place_suffix(box);
      if (!kept.has_id) kept.item.id += "#" + to_string(box);
    }
    sink_.add(std::move(kept.item));
  }
  kept_.clear();
}

std::string RowItems::where(const Row& row) const {
  return row.line == 0 ? file_.text() : fmt::format("{}:{}", file_.text(), row.line);
}

}  // namespace matcher::dataset
