// Makes items of rows, whatever the format of the file: paths, ids, splits and boxes.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/core/box.hpp"
#include "matcher/dataset/dataset.hpp"
#include "matcher/dataset/formats/formats.hpp"

namespace matcher::dataset {

/// The four numbers of a box as a row has them.
struct RowBox {
  std::array<double, 4> values{};
  bool corners = false;             ///< x1, y1, x2, y2; otherwise x, y, width, height
  int of_width = 0, of_height = 0;  ///< the image's size, if the file has it
};

/// One row; borrows its texts.
struct Row {
  std::string_view path, label, split, view, category, text, id, group;
  std::optional<RowBox> box{};
  std::uint32_t line = 0;  ///< its line in the file; 0: none
};

/// Parses a number of a box. Throws Error(input) with `where` and the column.
double parse_box_number(std::string_view text, const std::string& where, const char* column);

class RowItems {
 public:
  /// `has_boxes`: rows are kept until finish(), which sorts them by photo. Borrows source and sink.
  RowItems(const Source& source, const std::filesystem::path& root, bool has_boxes, Sink& sink);

  /// `others`: the values of other columns. Throws Error(input) for a row without a path and a text, and for a box
  /// without an area.
  void add(const Row& row, ColumnValues others = {});
  void finish();

 private:
  struct Boxed {
    Item item;
    std::string photo;  ///< the path without the box
    std::optional<RowBox> box;
    bool has_id = false;
  };

  void set_path(Item& item, std::string_view written) const;
  Box make_box(const RowBox& box, bool fractions) const;
  bool are_fractions() const;
  std::vector<std::size_t> order_by_photo() const;
  std::string where(const Row& row) const;

  const Source& source_;
  std::filesystem::path root_;
  std::string root_prefix_;
  SharedText file_, split_;
  bool has_boxes_;
  Sink& sink_;
  std::vector<Boxed> kept_;
};

}  // namespace matcher::dataset
