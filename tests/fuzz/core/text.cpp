// CSV tables and numpy arrays.
#include "fuzz/target.hpp"
#include "matcher/files/csv.hpp"
#include "matcher/files/npy.hpp"

namespace {

using namespace matcher;

void read_tables(std::string_view input) {
  for (const char separator : {',', '\0'}) {
    for (const bool trim : {false, true}) parse_csv(input, "input", {trim, separator});
  }
  read_foreign_csv(fuzz::write_file("table.csv", input), true);
}

const fuzz::Target csv("csv", read_tables);

const fuzz::Target npy(
    "npy", [](std::string_view input) { parse_npy(input, "input"); },
    [] {
      return std::vector{to_npy({{2, 3}, {1, 2, 3, 4, 5, 6}}), to_npy({{1}, {0.5F}})};
    });

}  // namespace
