// Checks the folder: its photos and lists, and that it is complete or absent.
#include "demo-photos/dataset.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "demo-photos/product.hpp"
#include "matcher/core/error.hpp"
#include "matcher/files/csv.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::demo {
namespace {

using test::error_of;
using test::Scratch;

Parameters small() {
  Parameters parameters;
  parameters.products = 4;
  parameters.unknown = 2;
  parameters.size = 32;
  return parameters;
}

Outcome write(const Parameters& parameters, const fs::path& output, std::size_t threads = 1, bool force = false) {
  return write_dataset(parameters, {output, threads, force});
}

/// Every file below `folder` by its relative path.
std::map<std::string, std::string> contents_of(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = read_text(entry.path());
  }
  return files;
}

TEST_CASE("threads are of no influence") {
  const Scratch scratch;
  CHECK(write(small(), scratch / "one", 1) == Outcome::drawn);
  CHECK(write(small(), scratch / "four", 4) == Outcome::drawn);
  CHECK(contents_of(scratch / "one") == contents_of(scratch / "four"));
}

TEST_CASE("more products, unknown ones and views leave the earlier photos as they are") {
  const Scratch scratch;
  Parameters more = small();
  more.products = 9;
  more.unknown = 5;
  more.gallery_views = 4;
  more.query_views = 3;
  write(small(), scratch / "few");
  write(more, scratch / "more");
  const auto many = contents_of(scratch / "more");
  for (const auto& [path, bytes] : contents_of(scratch / "few")) {
    if (path.ends_with(".jpg")) CHECK(many.at(path) == bytes);
  }
}

TEST_CASE("the lists name every photo and every product, and unknown products are queries only") {
  const Scratch scratch;
  const Parameters parameters = small();
  write(parameters, scratch / "photos");
  const auto items = read_csv(scratch / "photos" / "items.csv");
  CHECK(items.size() == 1 + 4 * 3 + 6 * 2);
  CHECK(items[0].fields == std::vector<std::string>{"path", "label", "split", "view", "category"});
  std::map<std::string, std::map<std::string, int>> counts;
  for (std::size_t i = 1; i < items.size(); ++i) {
    CHECK(fs::is_regular_file(scratch / "photos" / items[i].fields[0]));
    ++counts[items[i].fields[1]][items[i].fields[2]];
  }
  CHECK(counts["p0004"] == std::map<std::string, int>{{"gallery", 3}, {"query", 2}});
  CHECK(counts["u0002"] == std::map<std::string, int>{{"query", 2}});
  const auto labels = read_csv(scratch / "photos" / "labels.csv");
  CHECK(labels.size() == 1 + counts.size());
  const Product product = make_product(parameters.seed, Range::unknown, 1);
  CHECK(labels.back().fields == std::vector<std::string>{"u0002", product.name(), product.traits().name});
}

TEST_CASE("the description handed out is that of the folder but for the root") {
  const fs::path handed_out = fs::path(MATCHER_TEST_DATA).parent_path().parent_path() / "datasets/demo/dataset.yaml";
  CHECK(read_text(handed_out) == dataset_yaml({}, "${MATCHER_DEMO_ROOT:-demo-photos}"));
  Parameters parameters;
  parameters.products = 7;
  parameters.unknown = 0;
  const std::string text = dataset_yaml(parameters, ".");
  CHECK(text.find("--output demo-photos --products 7 --unknown 0\n") != std::string::npos);
  CHECK(text.find("unknown products among them") == std::string::npos);
}

TEST_CASE("a folder of the same parameters is left alone, one of others needs force") {
  const Scratch scratch;
  const fs::path output = scratch / "photos";
  write(small(), output);
  const auto before = contents_of(output);
  CHECK(write(small(), output) == Outcome::up_to_date);
  Parameters other = small();
  other.seed = 2;
  CHECK(error_of(ErrorCode::input, [&] { write(other, output); }).find("--force") != std::string::npos);
  CHECK(contents_of(output) == before);
  CHECK(write(other, output, 1, true) == Outcome::drawn);
  CHECK(contents_of(output) != before);
  CHECK(std::distance(fs::directory_iterator(scratch.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("nothing that is not ours is replaced, whatever the flags") {
  const Scratch scratch;
  fs::create_directory(scratch / "mine");
  write_atomically(scratch / "file", "text");
  write_atomically(scratch / "mine" / manifest_name, "[1, 2]");
  for (const char* name : {"mine", "file"}) {
    const std::string message = error_of(ErrorCode::input, [&] { write(small(), scratch / name, 1, true); });
    CHECK(message.find((scratch / name).string()) == 0);
    CHECK(message.find("--output") != std::string::npos);
  }
  CHECK(read_text(scratch / "file") == "text");
  CHECK(read_text(scratch / "mine" / manifest_name) == "[1, 2]");
}

TEST_CASE("a disk that cannot be written is named, and leaves nothing") {
  CHECK(error_of(ErrorCode::resource, [] { write(small(), "/proc/photos"); }).find("/proc/photos") !=
        std::string::npos);
}

}  // namespace
}  // namespace matcher::demo
