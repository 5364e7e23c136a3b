#include "matcher/pipeline/index.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/core/error.hpp"
#include "matcher/pipeline/search/loaded_index.hpp"
#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using namespace matcher::pipeline;
using Catch::Matchers::ContainsSubstring;
using matcher::test::error_of;
using matcher::test::item;
using matcher::test::write_set;

namespace {

struct Shelf : test::Surroundings {
  fs::path folder = scratch / "shelf";

  IndexResult build(const std::vector<store::ItemRow>& items, store::Manifest manifest = test::manifest(),
                    const std::string& type = "auto", float first = 0) {
    fs::remove_all(scratch / "set");
    IndexOptions options;
    options.input.embeddings = {write_set(scratch / "set", items, std::move(manifest), first)};
    options.output = folder;
    options.type = type;
    return build_index(context, options);
  }
};

}  // namespace

TEST_CASE("an index is built from embedding sets, with the identities of model and data") {
  Shelf shelf;
  const auto result = shelf.build({item("a", "p1"), item("b", "p2"), item("c", "p2")});
  CHECK(!result.changes);
  const auto loaded = load_index(shelf.folder);
  CHECK(loaded.manifest.model.name == "m");
  CHECK(loaded.manifest.data.name == "shop");
  CHECK(loaded.manifest.type == "Flat");
  CHECK(loaded.manifest.exact);
  CHECK(loaded.manifest.count == 3);
  CHECK(loaded.manifest.sample == 3);
  CHECK(loaded.ids == std::vector<std::string>{"a", "b", "c"});
  Matrix query(1, 2);
  query.row(0)[0] = 1;
  CHECK(loaded.index->search(query.view(), 1)[0][0].row == 2);  // (2, 1) is the nearest to (1, 0)
}

TEST_CASE("only gallery items are indexed, unless all items are queries") {
  Shelf shelf;
  CHECK(shelf.build({item("a"), item("q", "", "queries")}).manifest.count == 1);
  CHECK(shelf.build({item("q", "", "queries")}).manifest.count == 1);
  CHECK_THROWS_WITH(shelf.build({}), ContainsSubstring("the gallery of \"shop\" is empty"));
}

TEST_CASE("a new index reports what changed, keeps the old one, and restoring exchanges them") {
  Shelf shelf;
  shelf.build({item("a"), item("b"), item("c")});
  auto other = test::manifest();
  other.model.fingerprint = "other";
  const auto changes = shelf.build({item("a"), item("b", "relabelled"), item("d")}, other).changes;
  REQUIRE(changes);
  CHECK((changes->added == 1 && changes->changed == 1 && changes->removed == 1));
  CHECK(changes->other_model);
  CHECK(restore_index(shelf.folder).manifest.model.fingerprint == "f");
  CHECK(load_index(shelf.folder).ids == std::vector<std::string>{"a", "b", "c"});
  CHECK(restore_index(shelf.folder).manifest.model.fingerprint == "other");
}

TEST_CASE("a damaged index is replaced with a warning") {
  Shelf shelf;
  shelf.build({item("a")});
  shelf.scratch.write("shelf/items.csv", "not,a,header\n");
  CHECK(!shelf.build({item("b")}).changes);
  REQUIRE(shelf.observer.messages.size() == 1);
  CHECK_THAT(shelf.observer.messages[0], ContainsSubstring("cannot compare with the replaced index"));
  CHECK(load_index(shelf.folder).ids == std::vector<std::string>{"b"});
}

TEST_CASE("another folder is not replaced, and nothing is written without an output") {
  Shelf shelf;
  shelf.scratch.write("shelf/notes.txt", "mine");
  CHECK_THROWS_WITH(shelf.build({item("a")}), ContainsSubstring("nothing was written"));
  shelf.folder.clear();
  CHECK_THROWS_WITH(shelf.build({item("a")}), ContainsSubstring("index needs --output"));
}

TEST_CASE("files of different indexes do not load together") {
  Shelf shelf;
  shelf.build({item("a"), item("b")});
  fs::copy(shelf.folder / "items.csv", shelf.scratch / "items.csv");
  shelf.build({item("a"), item("c")});
  fs::copy(shelf.scratch / "items.csv", shelf.folder / "items.csv", fs::copy_options::overwrite_existing);
  CHECK_THROWS_WITH(load_index(shelf.folder),
                    ContainsSubstring("items.csv\" is damaged, or belongs to another index: its hash is ") &&
                        ContainsSubstring("matcher index --model m --dataset shop --output " + shelf.folder.string()));
}

TEST_CASE("an index file of another model with the same dimension is refused and named") {
  Shelf shelf;
  shelf.build({item("a"), item("b")});
  fs::copy(shelf.folder / "index.faiss", shelf.scratch / "index.faiss");
  const auto old = store::read_index_manifest(shelf.folder).index_hash;
  shelf.build({item("a"), item("b")}, test::manifest(), "auto", 5);
  const auto wanted = store::read_index_manifest(shelf.folder).index_hash;
  fs::copy(shelf.scratch / "index.faiss", shelf.folder / "index.faiss", fs::copy_options::overwrite_existing);
  const auto message = error_of(ErrorCode::mismatch, [&] { load_index(shelf.folder); });
  CHECK(message == "index file \"" + (shelf.folder / "index.faiss").string() +
                       "\" belongs to another index: its hash is " + old.substr(0, 8) + ", but manifest.json has " +
                       wanted.substr(0, 8) + "; rebuild it with: matcher index --model M --dataset D --output " +
                       shelf.folder.string());
}

TEST_CASE("an index is not restored unless all of its files are sound") {
  Shelf shelf;
  shelf.build({item("a"), item("b")});
  shelf.build({item("c")});
  const auto previous = store::previous_of(shelf.folder);
  for (const std::string name : {"index.faiss", "items.csv"}) {
    const auto file = previous / name;
    const auto text = read_text(file);
    shelf.scratch.write("shelf.previous/" + name, text.substr(0, text.size() / 2));
    CHECK_THROWS_WITH(restore_index(shelf.folder),
                      ContainsSubstring("cannot restore \"" + shelf.folder.string() + "\", which stays as it is: ") &&
                          ContainsSubstring(file.string()));
    fs::remove(file);
    CHECK_THROWS_WITH(restore_index(shelf.folder), ContainsSubstring(file.string()));
    shelf.scratch.write("shelf.previous/" + name, text);
  }
  CHECK(load_index(shelf.folder).ids == std::vector<std::string>{"c"});
  restore_index(shelf.folder);
  CHECK(load_index(shelf.folder).ids == std::vector<std::string>{"a", "b"});
}

TEST_CASE("queries of another model are refused with both models and the command") {
  Shelf shelf;
  shelf.build({item("a")});
  const auto loaded = load_index(shelf.folder);
  CHECK_NOTHROW(check_belongs(loaded, test::manifest().model));
  const ModelIdentity asked{
      .name = "m2", .fingerprint = "f2", .precision = "bf16", .device = {}, .dimension = 3, .size_bytes = 0};
  CHECK_THROWS_WITH(check_belongs(loaded, asked),
                    ContainsSubstring("m (2-d, fp32, f)") && ContainsSubstring("m2 (3-d, bf16, f2)") &&
                        ContainsSubstring("--model m2 --dataset shop --output " + shelf.folder.string()));
  CHECK(place_flag("milvus://host/products") == "--to milvus://host/products --reindex");
}
