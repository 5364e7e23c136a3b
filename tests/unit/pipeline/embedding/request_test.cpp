#include "matcher/pipeline/embedding/request.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using pipeline::find_up_to_date;
using pipeline::request_fingerprint;

namespace {

bool plugin_exists() {
  try {
    return !model::libtorch_plugin().empty();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("A set is up to date if request, source and model name agree", "[request]") {
  const test::Scratch scratch;
  const auto folder = test::write_set(scratch / "set", {test::item("a"), test::item("b")}, test::manifest());
  const auto found = find_up_to_date(folder, test::manifest());
  REQUIRE(found);
  CHECK(found->count == 2);
  auto other = test::manifest();
  SECTION("another request") { other.request = "of another device"; }
  SECTION("another source") { other.source_fingerprint = "with a newer photo"; }
  SECTION("another model") { other.model.name = "n"; }
  CHECK_FALSE(find_up_to_date(folder, other));
}

TEST_CASE("A set is up to date whatever its batch size, its speed and its fingerprints are", "[request]") {
  const test::Scratch scratch;
  const auto folder = test::write_set(scratch / "set", {test::item("a")}, test::manifest());
  auto wanted = test::manifest();
  wanted.batch_size = 7;
  wanted.images_per_second = 0;
  wanted.model.fingerprint = "not known before the network is loaded";
  CHECK(find_up_to_date(folder, wanted));
}

TEST_CASE("A missing or damaged set is not up to date", "[request]") {
  const test::Scratch scratch;
  CHECK_FALSE(find_up_to_date(scratch / "none", test::manifest()));
  const auto folder = test::write_set(scratch / "set", {test::item("a")}, test::manifest());
  SECTION("the manifest is cut short") { fs::resize_file(folder / "manifest.json", 40); }
  SECTION("a vector is missing") { fs::resize_file(folder / "vectors.npy", 128 + 4); }
  SECTION("the items are missing") { fs::remove(folder / "items.csv"); }
  CHECK_FALSE(find_up_to_date(folder, test::manifest()));
}

TEST_CASE("A set without an image is up to date until the image can be used", "[request]") {
  const test::Scratch scratch;
  const auto png = image::encode_png({1, 1, {1, 2, 3}});
  const auto photo = scratch.write("photo.png", {reinterpret_cast<const char*>(png.data()), png.size()});
  const auto damaged = scratch.write("damaged.png", "no image");
  const auto is_up_to_date = [&](const fs::path& path, const std::string& reason) {
    const auto folder = scratch / "set";
    fs::remove_all(folder);
    store::EmbeddingWriter writer(folder, "key", 2);
    writer.append(Matrix(1, 2).view(), std::vector{test::item("a")},
                  std::vector<store::FailureRow>{{"b", path.string(), "gallery", reason}}, 2);
    writer.finish(test::manifest());
    return find_up_to_date(folder, test::manifest()).has_value();
  };
  CHECK_FALSE(is_up_to_date(photo, "cannot be read: Input/output error"));
  CHECK_FALSE(is_up_to_date(photo, "not enough memory for this image. Make the image smaller, or use fewer threads"));
  CHECK(is_up_to_date(scratch / "none.png", "cannot be read: No such file or directory"));
  CHECK(is_up_to_date(damaged, "cannot be read: Input/output error"));
  CHECK(is_up_to_date(photo, "the vector has NaN or infinity"));
}

TEST_CASE("The request changes with the models, their weights, the device and the precision", "[request]") {
  if (!plugin_exists()) SKIP("the LibTorch plugin is not built");
  const test::Surroundings around;
  around.describe_model("a");
  around.describe_model("b", "builtin: gradient-layout\n");
  const auto request = [&](const std::string& models, const pipeline::ExecutionOptions& execution = {}) {
    return request_fingerprint(around.context, choose_model(around.context, models, execution), execution);
  };
  const auto with = [](auto change) {
    pipeline::ExecutionOptions execution;
    change(execution);
    return execution;
  };
  const std::set<std::string> different{
      request("a"),
      request("b"),
      request("a+b"),
      request("b+a"),
      request("a:2+b"),
      request("a", with([](auto& e) { e.device.kind = Device::Kind::cpu; })),
      request("a", with([](auto& e) { e.precision = Precision::bf16; })),
  };
  CHECK(different.size() == 7);
  CHECK(request("a", with([](auto& e) {
                  e.batch_size = 1;
                  e.threads = 3;
                  e.cache = false;
                })) == request("a"));
}
