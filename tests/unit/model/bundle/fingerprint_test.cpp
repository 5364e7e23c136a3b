#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <functional>
#include <set>

#include "matcher/model/bundle.hpp"
#include "matcher/model/bundle/builtin.hpp"
#include "unit/model/scratch.hpp"

using Catch::Matchers::ContainsSubstring;
using matcher::ErrorCode;
using matcher::image::Filter;
using matcher::image::Preprocess;
using matcher::model::Bundle;
using matcher::model::fingerprint;
using matcher::test::error_of;
using matcher::test::Scratch;
namespace fs = std::filesystem;

namespace {

Bundle bundle_of(const fs::path& file) {
  Bundle bundle;
  bundle.name = "shelf";
  bundle.path = file;
  bundle.preprocess.crop = {224, 224};
  return bundle;
}

Bundle builtin(const std::string& name) {
  Bundle bundle;
  bundle.name = bundle.builtin = name;
  return bundle;
}

}  // namespace

TEST_CASE("every preprocessing field is part of the fingerprint") {
  const std::vector<std::function<void(Preprocess&)>> changes{
      [](Preprocess&) {},
      [](Preprocess& p) { p.apply_orientation = false; },
      [](Preprocess& p) { p.resize_shortest_edge = 256; },
      [](Preprocess& p) {
        p.resize = {224, 225};
      },
      [](Preprocess& p) {
        p.resize = {225, 224};
      },
      [](Preprocess& p) { p.filter = Filter::bilinear; },
      [](Preprocess& p) { p.transparent = matcher::image::Transparent::white; },
      [](Preprocess& p) { p.crop_rounding = matcher::image::CropRounding::half_to_even; },
      [](Preprocess& p) { p.decode = matcher::image::Decode::fast; },
      [](Preprocess& p) { p.round = false; },
      [](Preprocess& p) { p.crop.height = 225; },
      [](Preprocess& p) { p.crop.width = 225; },
      [](Preprocess& p) { p.scale = 1; },
      [](Preprocess& p) { p.mean[0] = 0.5f; },
      [](Preprocess& p) { p.mean[1] = 0.5f; },
      [](Preprocess& p) { p.mean[2] = 0.5f; },
      [](Preprocess& p) { p.deviation[0] = 0.5f; },
      [](Preprocess& p) { p.deviation[1] = 0.5f; },
      [](Preprocess& p) { p.deviation[2] = 0.5f; },
  };
  const Scratch scratch;
  const auto file = scratch.write("x.pt", "weights");
  std::set<std::string> seen;
  for (const auto& change : changes) {
    auto bundle = bundle_of(file);
    change(bundle.preprocess);
    seen.insert(fingerprint(bundle));
  }
  CHECK(seen.size() == changes.size());
}

TEST_CASE("descriptions from before the keys transparent, decode and round keep their fingerprints") {
  const Scratch scratch;
  auto bundle = bundle_of(scratch.write("x.pt", "weights"));
  const auto before = fingerprint(bundle);
  bundle.preprocess.transparent = matcher::image::Transparent::drop;
  bundle.preprocess.decode = matcher::image::Decode::exact;
  bundle.preprocess.round = true;
  CHECK(fingerprint(bundle) == before);
}

TEST_CASE("the fingerprint follows the bytes of the model and not its name or place") {
  const Scratch scratch;
  const auto first = fingerprint(bundle_of(scratch.write("a.pt", "weights")));
  auto copy = bundle_of(scratch.write("b.pt", "weights"));
  copy.name = "another";
  CHECK(fingerprint(copy) == first);
  CHECK(fingerprint(bundle_of(scratch.write("a.pt", "weightS"))) != first);
}

TEST_CASE("the cache of file hashes is used, updated, and ignored if invalid") {
  const Scratch scratch;
  const auto file = scratch.write("a.pt", "weights"), known = scratch / "known", cache = known / "hashes";
  const auto expected = fingerprint(bundle_of(file));
  CHECK(fingerprint(bundle_of(file), known) == expected);
  const auto remembered = matcher::read_text(cache);
  CHECK_THAT(remembered, ContainsSubstring(file.string()));

  SECTION("a stored hash is used") {
    auto changed = remembered;
    changed[0] = changed[0] == '0' ? '1' : '0';
    matcher::write_atomically(cache, changed);
    CHECK(fingerprint(bundle_of(file), known) != expected);
  }
  SECTION("invalid lines are skipped") {
    matcher::write_atomically(cache, "nonsense\n\n0123\n" + remembered.substr(0, 40));
    CHECK(fingerprint(bundle_of(file), known) == expected);
    CHECK(matcher::read_text(cache) == remembered);
  }
  SECTION("a changed file of the same size is read again, and its old line is removed") {
    scratch.write("a.pt", "WEIGHTS");
    fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(2));
    CHECK(fingerprint(bundle_of(file), known) == fingerprint(bundle_of(file)));
    const auto text = matcher::read_text(cache);
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  }
  SECTION("a place that cannot be written is not an error") {
    CHECK(fingerprint(bundle_of(file), file / "known") == expected);
  }
}

TEST_CASE("built-in models have source, a fingerprint each, and need no file") {
  std::set<std::string> seen;
  for (const auto& name : matcher::model::builtin_names()) {
    const auto bundle = builtin(name);
    CHECK_NOTHROW(matcher::model::require_file(bundle));
    CHECK(matcher::model::size_bytes(bundle) == matcher::model::builtin_source(name).size());
    seen.insert(fingerprint(bundle));
  }
  CHECK(seen.size() == 2);
  const auto error = error_of([] { fingerprint(builtin("color-layout")); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::usage);
  CHECK(std::string(error->what()) == R"(there is no built-in model "color-layout"; did you mean "colour-layout"?)");
}

TEST_CASE("a missing model is reported with the command that fetches it") {
  Bundle bundle;
  bundle.name = "shelf";
  bundle.get = "cp /media/shelf.pt models/";
  for (const auto& path : {fs::path(), fs::path("models/shelf.pt")}) {
    bundle.path = path;
    const auto error = error_of([&] { fingerprint(bundle); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::input);
    CHECK_THAT(error->what(), ContainsSubstring("shelf.pt of model \"shelf\" is missing"));
    CHECK_THAT(error->what(), ContainsSubstring(bundle.get));
  }
}
