#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/model/bundle.hpp"
#include "matcher/model/bundle/archive.hpp"
#include "unit/model/scratch.hpp"
#include "unit/model/zip_writer.hpp"

using Catch::Matchers::ContainsSubstring;
using matcher::ErrorCode;
using matcher::model::embedded_metadata;
using matcher::test::error_of;
using matcher::test::make_zip;
using matcher::test::Scratch;

namespace {

const std::string metadata = "name: shelf\ndimension: 7\n";

std::string torchscript(bool wide = true) {
  return make_zip({{"net/data.pkl", "x"},
                   {"net/code/__torch__.py", "class Net: pass"},
                   {"net/extra/matcher.yaml", metadata},
                   {"net/constants.pkl", "y"}},
                  wide);
}

/// The message of embedded_metadata() for these bytes.
std::string complaint(const Scratch& scratch, std::string_view bytes) {
  const auto file = scratch.write("x.pt", bytes);
  const auto error = error_of([&] { embedded_metadata(file); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::input);
  return error->what();
}

void put(std::string& bytes, std::size_t at, std::uint64_t value, int width) {
  bytes.replace(at, std::size_t(width), matcher::test::little_endian(value, width));
}

}  // namespace

TEST_CASE("metadata is read from archives with 32 and with 64 bit records") {
  const Scratch scratch;
  CHECK(embedded_metadata(scratch.write("narrow.pt", torchscript(false))) == metadata);
  CHECK(embedded_metadata(scratch.write("wide.pt", torchscript(true))) == metadata);
}

TEST_CASE("a TorchScript file without metadata gives an empty text") {
  const Scratch scratch;
  CHECK(embedded_metadata(scratch.write("x.pt", make_zip({{"net/constants.pkl", "y"}}))).empty());
  CHECK(embedded_metadata(scratch.write("deep.pt", make_zip({{"net/code/a.py", ""}, {"a/b/extra/matcher.yaml", "z"}})))
            .empty());
}

TEST_CASE("every record that is not compressed is listed with its position and size") {
  const Scratch scratch;
  const auto wide = GENERATE(true, false);
  auto bytes = torchscript(wide);
  const auto file = scratch.write("x.pt", bytes);
  std::vector<std::string> names;
  for (const auto& [name, offset, size] : matcher::model::stored_records(file)) {
    names.push_back(name);
    if (name == "extra/matcher.yaml") CHECK(bytes.substr(offset, size) == metadata);
    if (name == "constants.pkl") CHECK(bytes.substr(offset, size) == "y");
  }
  CHECK(names == std::vector<std::string>{"data.pkl", "code/__torch__.py", "extra/matcher.yaml", "constants.pkl"});

  put(bytes, bytes.rfind("net/extra/matcher.yaml") - 46 + 10, 8, 2);
  CHECK(matcher::model::stored_records(scratch.write("x.pt", bytes)).size() == 3);
}

TEST_CASE("a file truncated at any length is refused") {
  const Scratch scratch;
  const auto whole = torchscript();
  for (std::size_t length = 2; length < whole.size(); ++length) {
    INFO("length " << length);
    const auto said = complaint(scratch, std::string_view(whole).substr(0, length));
    CHECK_THAT(said, ContainsSubstring("is truncated"));
    CHECK(said.ends_with("; export or copy it again"));
  }
}

TEST_CASE("a file that is not TorchScript is refused with what it is") {
  const Scratch scratch;
  CHECK_THAT(complaint(scratch, ""), ContainsSubstring("x.pt is not a TorchScript file (it is empty)"));
  CHECK_THAT(complaint(scratch, "<!DOCTYPE html><html>"), ContainsSubstring("(it starts with \"<!DOCTYPE html><\")"));
  CHECK_THAT(complaint(scratch, make_zip({{"model/data.pkl", "x"}, {"model/data/0", "y"}})),
             ContainsSubstring("is a checkpoint of weights, not TorchScript"));
  CHECK_THAT(complaint(scratch, make_zip({{"model/archive_format", "pt2"}, {"model/models/model.json", "{}"}})),
             ContainsSubstring("was made by torch.export, which is not TorchScript"));
  CHECK_THAT(complaint(scratch, make_zip({{"word/document.xml", "x"}})), ContainsSubstring("is a ZIP archive but not"));
  CHECK(error_of([&] { embedded_metadata(scratch / "none.pt"); })->code() == ErrorCode::input);
}

TEST_CASE("numbers that point outside the file are refused") {
  const Scratch scratch;
  auto bytes = torchscript(false);
  const auto end = bytes.size() - 22;
  SECTION("directory offset") { put(bytes, end + 16, 0xfffffff0, 4); }
  SECTION("directory size") { put(bytes, end + 12, 0xfffffff0, 4); }
  SECTION("directory of odd size") { put(bytes, end + 12, 47, 4); }
  SECTION("record") {
    const auto entry = bytes.rfind("net/extra/matcher.yaml") - 46;
    SECTION("size") {
      put(bytes, entry + 20, 0x7ffffff0, 4);
      put(bytes, entry + 24, 0x7ffffff0, 4);
    }
    SECTION("offset") { put(bytes, entry + 42, 0xfffffffe, 4); }
    SECTION("header") { put(bytes, entry + 42, 1, 4); }
    SECTION("compression") { put(bytes, entry + 10, 8, 2); }
    SECTION("length of the name") { put(bytes, entry + 28, 0xffff, 2); }
  }
  CHECK_THAT(complaint(scratch, bytes), ContainsSubstring("is damaged"));
}

TEST_CASE("64 bit numbers that point outside the file are refused") {
  const Scratch scratch;
  auto bytes = torchscript(true);
  const auto locator = bytes.size() - 22 - 20, end64 = locator - 56;
  SECTION("locator") { put(bytes, locator + 8, ~0ULL, 8); }
  SECTION("locator to elsewhere") { put(bytes, locator + 8, 3, 8); }
  SECTION("directory offset") { put(bytes, end64 + 48, ~0ULL - 5, 8); }
  SECTION("directory size") { put(bytes, end64 + 40, ~0ULL, 8); }
  CHECK_THAT(complaint(scratch, bytes), ContainsSubstring("is damaged"));
}

TEST_CASE("no single changed byte of the directory does harm") {
  const Scratch scratch;
  const auto whole = torchscript();
  for (std::size_t at = whole.find("PK\1\2"); at < whole.size(); ++at) {
    for (const char value : {'\0', '\x7f', '\xff'}) {
      auto bytes = whole;
      bytes[at] = value;
      const auto file = scratch.write("x.pt", bytes);
      const auto error = error_of([&] { embedded_metadata(file); });
      CHECK((!error || error->code() == ErrorCode::input));
    }
  }
}
