#include "matcher/model/blocks/rotary.hpp"

#include <fmt/format.h>

#include <numbers>

namespace matcher::model {
namespace {

/// The coordinates along one side, an expression of `count`.
std::string along(const RotaryShape& shape, const char* count) {
  const auto number = fmt::format("torch.arange({}, device=self.patch_weight.device).float()", count);
  if (shape.coordinates == Coordinates::unit) return fmt::format("2.0 * (({} + 0.5) / {}) - 1.0", number, count);
  const auto moved = fmt::format("({} + {})", number, shape.offset);
  return shape.reference_side == 0 ? moved : fmt::format("{} / {} * {}", moved, count, shape.reference_side);
}

}  // namespace

std::string turns_source(const RotaryShape& shape) {
  const auto turn = shape.coordinates == Coordinates::unit ? 2 * std::numbers::pi : 1.0;
  return fmt::format(
      "def {method}(self, rows: int, columns: int) -> Tensor:\n"
      "    step = torch.arange({quarter}, device=self.patch_weight.device).float() * {part}\n"
      "    frequencies = 1.0 / torch.pow({theta}, step)\n"
      "    y = ({y}).view(-1, 1, 1).expand(-1, columns, -1)\n"
      "    x = ({x}).view(1, -1, 1).expand(rows, -1, -1)\n"
      "    angles = torch.cat([{first} * {turn} * frequencies, {second} * {turn} * frequencies], 2)"
      ".view(rows * columns, {half})\n"
      "    angles = torch.cat([torch.zeros([{front}, {half}], device=angles.device), angles], 0)\n"
      "    return torch.stack([torch.cos(angles), torch.sin(angles)])\n",
      fmt::arg("method", turns_method), fmt::arg("quarter", shape.head / 4), fmt::arg("part", 4.0 / double(shape.head)),
      fmt::arg("theta", shape.theta), fmt::arg("y", along(shape, "rows")), fmt::arg("x", along(shape, "columns")),
      fmt::arg("first", shape.column_first ? "x" : "y"), fmt::arg("second", shape.column_first ? "y" : "x"),
      fmt::arg("turn", turn), fmt::arg("half", shape.head / 2), fmt::arg("front", shape.front));
}

}  // namespace matcher::model
