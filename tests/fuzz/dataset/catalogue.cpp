// Catalogues: a CSV with its images.
#include "fuzz/target.hpp"
#include "matcher/dataset/dataset.hpp"
#include "matcher/dataset/describe_path.hpp"

namespace {

using namespace matcher;

const fuzz::Target target("catalogue", [](std::string_view input) {
  fuzz::write_file("catalogue/a.jpg", "x");
  dataset::load(dataset::describe_path(fuzz::write_file("catalogue/items.csv", input)));
});

}  // namespace
