#include "matcher/store/index_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "unit/core/scratch.hpp"

using namespace matcher;
using namespace matcher::store;
using Catch::Matchers::ContainsSubstring;
using test::error_of;

namespace {

IndexManifest manifest(const std::string& model = "m") {
  return {.model = {.name = model,
                    .fingerprint = "made by " + model,
                    .precision = "fp32",
                    .device = "cpu",
                    .dimension = 3,
                    .size_bytes = 1000},
          .data = {.name = "shop", .fingerprint = "d", .protocol = "one photo each"},
          .type = "IVF16,Flat",
          .count = 2,
          .failures = 1,
          .images_per_second = 12.5,
          .exact = false,
          .reason = "2 vectors",
          .recall_at_10 = 0.975,
          .sample = 200,
          .queries_per_second = 4000};
}

ItemRow item(const std::string& id, const std::string& hash = "h", const std::string& label = "l") {
  return {id, "/" + id, label, "gallery", "", "", "", "", hash};
}

void write(const fs::path& folder, const IndexManifest& m, const std::vector<ItemRow>& items) {
  IndexWriter writer(folder);
  write_atomically(writer.index_file(), "index of " + m.model.name);
  writer.commit(m, items);
}

}  // namespace

TEST_CASE("An index manifest comes back as it was written, but for the device", "[index-folder]") {
  const test::Scratch scratch;
  write(scratch / "shelf", manifest(), {item("a"), item("b")});
  const auto m = read_index_manifest(scratch / "shelf");
  CHECK(m.model.name == "m");
  CHECK(m.model.fingerprint == "made by m");
  CHECK(m.model.precision == "fp32");
  CHECK(m.model.device.empty());
  CHECK(m.model.dimension == 3);
  CHECK(m.model.size_bytes == 1000);
  CHECK(m.data.name == "shop");
  CHECK(m.data.fingerprint == "d");
  CHECK(m.data.protocol == "one photo each");
  CHECK(m.type == "IVF16,Flat");
  CHECK(m.count == 2);
  CHECK(m.failures == 1);
  CHECK(m.images_per_second == 12.5);
  CHECK_FALSE(m.exact);
  CHECK(m.reason == "2 vectors");
  CHECK(m.recall_at_10 == 0.975);
  CHECK(m.sample == 200);
  CHECK(m.queries_per_second == 4000);
  CHECK(m.made.created.size() == std::string("2026-03-01T12:00:00Z").size());
  CHECK_FALSE(m.made.host.empty());
  CHECK(m.made.seconds >= 0);
  CHECK(read_index_items(scratch / "shelf") == std::vector{item("a"), item("b")});
  CHECK(read_text(index_file(scratch / "shelf")) == "index of m");
}

TEST_CASE("A manifest says only that an index may not have a rounded copy", "[index-folder]") {
  const test::Scratch scratch;
  auto m = manifest();
  write(scratch / "with", m, {item("a"), item("b")});
  m.rounded_copy = false;
  write(scratch / "without", m, {item("a"), item("b")});
  CHECK(read_index_manifest(scratch / "with").rounded_copy);
  CHECK_FALSE(read_index_manifest(scratch / "without").rounded_copy);
  CHECK_THAT(read_text(scratch / "with" / "manifest.json"), !ContainsSubstring("rounded_copy"));
  CHECK_THAT(read_text(scratch / "without" / "manifest.json"), ContainsSubstring("\"rounded_copy\": false"));
}

TEST_CASE("A manifest without quality counts as exact and not measured", "[index-folder]") {
  auto text = index_manifest_text(manifest());
  const auto from = text.find("  \"quality\""), to = text.find("  \"speed\"");
  text.erase(from, to - from);
  const auto m = parse_index_manifest(text);
  CHECK(m.recall_at_10 == 1);
  CHECK(m.sample == 0);
}

TEST_CASE("A folder that is not a complete index is refused with the command that builds it", "[index-folder]") {
  const test::Scratch scratch;
  const auto folder = scratch / "shelf";
  const auto build = ". Build it: matcher index --model M --dataset D --output " + folder.string();
  CHECK(error_of(ErrorCode::input, [&] { read_index_manifest(folder); }) ==
        "there is no index at \"" + folder.string() + "\": the folder does not exist" + build);
  fs::create_directory(folder);
  CHECK(error_of(ErrorCode::input, [&] { read_index_manifest(folder); }) ==
        "\"" + folder.string() + "\" is not a complete index: manifest.json is missing" + build);
  scratch.write("shelf/manifest.json", "{\"schema\": \"matcher.run/1\"}");
  CHECK_THAT(error_of(ErrorCode::mismatch, [&] { read_index_manifest(folder); }),
             ContainsSubstring("its schema is \"matcher.run/1\", not matcher.index/1"));
  const auto whole = index_manifest_text(manifest());
  scratch.write("shelf/manifest.json", whole.substr(0, whole.size() / 2));
  CHECK_THAT(error_of(ErrorCode::input, [&] { read_index_manifest(folder); }), ContainsSubstring("is damaged"));
  scratch.write("shelf/manifest.json", "{\"schema\": \"matcher.index/1\"}");
  CHECK(
      error_of(ErrorCode::input, [&] { read_index_manifest(folder); }) ==
      "\"" + (folder / "manifest.json").string() +
          "\" is damaged: \"model\" is missing. Build the index again: matcher index --model M --dataset D --output " +
          folder.string());
}

TEST_CASE("A changed byte of a manifest or of the items is seen, and the file is named", "[index-folder]") {
  const test::Scratch scratch;
  const auto folder = scratch / "shelf";
  write(folder, manifest(), {item("a"), item("b")});
  const auto stored = read_index_manifest(folder);
  for (const std::string name : {"manifest.json", "items.csv"}) {
    const auto text = read_text(folder / name);
    for (std::size_t i = 0; i < text.size(); ++i) {
      auto changed = text;
      changed[i] = char(changed[i] ^ 1);
      scratch.write("shelf/" + name, changed);
      INFO(name << ", byte " << i);
      bool refused = false;
      try {
        read_index_items(folder, read_index_manifest(folder));
      } catch (const Error& error) {
        refused = std::string(error.what()).find(name) != std::string::npos;
      }
      CHECK(refused);
    }
    scratch.write("shelf/" + name, text);
  }
  CHECK(read_index_items(folder, stored).size() == 2);
}

TEST_CASE("An index of matcher 0.1, without hashes, is read as before", "[index-folder]") {
  const test::Scratch scratch;
  scratch.write("old/manifest.json", index_manifest_text(manifest()));
  write_items(scratch / "old/items.csv", {item("a")});
  const auto m = read_index_manifest(scratch / "old");
  CHECK(m.items_hash.empty());
  CHECK(read_index_items(scratch / "old", m) == std::vector{item("a")});
}

TEST_CASE("Changes are counted by id, and by what an item is", "[index-folder]") {
  const test::Scratch scratch;
  const auto folder = scratch / "shelf";
  CHECK_FALSE(find_changes(folder, {item("a")}, manifest().model));
  write(folder, manifest(), {item("same"), item("bytes"), item("label"), item("gone"), item("moved")});
  auto moved = item("moved");
  moved.path = "/elsewhere";
  const std::vector items{item("same"), item("bytes", "other"), item("label", "h", "other"), moved, item("new")};
  const auto changes = find_changes(folder, items, manifest().model);
  REQUIRE(changes);
  CHECK(changes->added == 1);
  CHECK(changes->changed == 2);
  CHECK(changes->removed == 1);
  CHECK_FALSE(changes->other_model);
  CHECK(find_changes(folder, items, manifest("n").model)->other_model);
}

TEST_CASE("A replaced index is kept and can be restored, and restored again", "[index-folder]") {
  const test::Scratch scratch;
  const auto folder = scratch / "shelf";
  write(folder, manifest("first"), {item("a")});
  CHECK_FALSE(fs::exists(previous_of(folder)));
  write(folder, manifest("second"), {item("b")});
  CHECK(read_index_manifest(previous_of(folder)).model.name == "first");
  CHECK(restore_index(folder).model.name == "first");
  CHECK(read_index_items(folder) == std::vector{item("a")});
  CHECK(read_text(index_file(folder)) == "index of first");
  CHECK(restore_index(folder).model.name == "second");
  CHECK(read_index_manifest(folder).model.name == "second");
}

TEST_CASE("An index that is built again keeps the index before it", "[index-folder]") {
  const test::Scratch scratch;
  const auto folder = scratch / "shelf";
  auto second = manifest("second");
  second.index_hash = "of second";
  write(folder, manifest("first"), {item("a")});
  write(folder, second, {item("b")});
  write(folder, second, {item("b")});
  CHECK(read_index_manifest(previous_of(folder)).model.name == "first");
  write(folder, second, {item("c")});
  CHECK(read_index_items(previous_of(folder)) == std::vector{item("b")});
}

TEST_CASE("The previous index lies beside the folder, however the folder is written", "[index-folder]") {
  CHECK(previous_of("work/shelf") == "work/shelf.previous");
  CHECK(previous_of("work/shelf/") == "work/shelf.previous");
}

TEST_CASE("Nothing is exchanged unless both indexes are complete", "[index-folder]") {
  const test::Scratch scratch;
  const auto folder = scratch / "shelf";
  write(folder, manifest("only"), {item("a")});
  CHECK_THAT(error_of(ErrorCode::input, [&] { restore_index(folder); }),
             ContainsSubstring(previous_of(folder).string() + "\" does not exist"));
  scratch.write("shelf.previous/manifest.json", "{");
  CHECK_THAT(error_of(ErrorCode::input, [&] { restore_index(folder); }), ContainsSubstring("is damaged"));
  CHECK(read_index_manifest(folder).model.name == "only");
}

TEST_CASE("An index never replaces a folder that holds something else", "[index-folder]") {
  const test::Scratch scratch;
  scratch.write("photos/a.jpg");
  error_of(ErrorCode::usage, [&] { check_index_folder(scratch / "photos"); });
  scratch.write("shelf.previous/notes.txt");
  error_of(ErrorCode::usage, [&] { check_index_folder(scratch / "shelf"); });
  error_of(ErrorCode::usage, [&] { restore_index(scratch / "photos"); });
  write(scratch / "index", manifest(), {item("a")});
  check_index_folder(scratch / "index");
  CHECK(fs::exists(scratch / "photos/a.jpg"));
}

TEST_CASE("An index that was never committed leaves nothing", "[index-folder]") {
  const test::Scratch scratch;
  {
    const IndexWriter writer(scratch / "shelf");
    write_atomically(writer.index_file(), "half");
  }
  CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("An index behind a link is replaced and restored there, and the link stays", "[index-folder]") {
  const test::Scratch scratch;
  write(scratch / "disk/shelf", manifest("first"), {item("a")});
  fs::create_directory_symlink("disk/shelf", scratch / "link");
  write(scratch / "link", manifest("second"), {item("b")});
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(read_index_manifest(scratch / "disk/shelf").model.name == "second");
  CHECK(read_index_manifest(scratch / "disk/shelf.previous").model.name == "first");
  CHECK(restore_index(scratch / "link").model.name == "first");
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(read_index_manifest(scratch / "disk/shelf").model.name == "first");
  CHECK_FALSE(fs::exists(scratch / "link.previous"));
}
