// Catalogues: a CSV with its images, a COCO file, JSON Lines, a tar shard.
#include "fuzz/target.hpp"
#include "matcher/dataset/dataset.hpp"
#include "matcher/dataset/describe_path.hpp"

namespace {

using namespace matcher;

const fuzz::Target target("catalogue", [](std::string_view input) {
  fuzz::write_file("catalogue/a.jpg", "x");
  dataset::load(dataset::describe_path(fuzz::write_file("catalogue/items.csv", input)));
});

void load(const char* name, std::string_view input) {
  fuzz::write_file("catalogue/a.jpg", "x");
  dataset::load(dataset::describe_path(fuzz::write_file(name, input)));
}

const fuzz::Target coco("coco", [](std::string_view input) { load("catalogue/boxes.json", input); });
const fuzz::Target json_lines("json_lines", [](std::string_view input) { load("catalogue/items.jsonl", input); });
const fuzz::Target tar(
    "tar", [](std::string_view input) { load("catalogue/shard.tar", input); },
    [] { return fuzz::files_in("tests/data/dataset", {".tar"}, 32 << 10); });

}  // namespace
