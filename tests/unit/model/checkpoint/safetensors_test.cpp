#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "matcher/model/checkpoint/safetensors.hpp"
#include "unit/model/safetensors_writer.hpp"
#include "unit/model/scratch.hpp"

using namespace matcher;
using namespace matcher::test;
using model::ElementType;

namespace {

/// Reads the file, and returns what a message says after its name.
std::string complaint_of(const fs::path& file) {
  const auto error = error_of([&] { model::read_safetensors(matcher::MappedFile(file), file); });
  if (!error) return "no complaint";
  CHECK(error->code() == ErrorCode::input);
  const std::string text = error->what(), start = file.string() + ' ';
  return text.starts_with(start) ? text.substr(start.size()) : text;
}

std::string complaint(const std::string& bytes) {
  const Scratch scratch;
  return complaint_of(scratch.write("x.safetensors", bytes));
}

std::string complaint(const std::string& header, std::size_t data) {
  return complaint(safetensors(header, std::string(data, '\1')));
}

/// A header with the one tensor "a", and 16 bytes of data.
std::string complaint_about(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return complaint(R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}", 16);
}

std::string damage(const std::string& reason) { return "is damaged: tensor \"a\" " + reason + "; fetch it again"; }

std::string entry(const std::string& name, const std::string& offsets, const std::string& shape) {
  return '"' + name + R"(":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + '}';
}

}  // namespace

TEST_CASE("a complete file gives its tensors, and their bytes in place") {
  const Scratch scratch;
  const auto file = scratch.write("x.safetensors", safetensors({{"half", {"F16", {3}, "abcdef"}},
                                                                {"long", {"I64", {1}, "12345678"}},
                                                                {"none", {"F32", {0, 5}, ""}},
                                                                {"one", {"BF16", {}, "xy"}}}));
  const matcher::MappedFile mapped(file);
  const auto tensors = model::read_safetensors(mapped, file);
  REQUIRE(tensors.size() == 4);
  CHECK(tensors.at("half").type == ElementType::fp16);
  CHECK(tensors.at("half").shape == std::vector<std::int64_t>{3});
  CHECK(std::memcmp(tensors.at("half").bytes.data(), "abcdef", 6) == 0);
  CHECK(tensors.at("half").file == file);
  CHECK(tensors.at("long").type == ElementType::other);
  CHECK(tensors.at("long").type_name == "I64");
  CHECK(tensors.at("none").bytes.empty());
  CHECK(tensors.at("one").shape.empty());
  CHECK(tensors.at("one").type == ElementType::bf16);
}

TEST_CASE("a file without tensors is a file") {
  CHECK(complaint(safetensors("{}")) == "no complaint");
  CHECK(complaint(safetensors(R"({"__metadata__":{"format":"pt"}}   )")) == "no complaint");
}

TEST_CASE("a file that is too short for a header is refused") {
  CHECK(complaint("") == "is not a safetensors file: it has 0 bytes; fetch it again");
  CHECK(complaint("1234567") == "is not a safetensors file: it has 7 bytes; fetch it again");
}

TEST_CASE("a header that reaches beyond the file is refused") {
  CHECK(complaint(little_endian(3, 8) + "{}") ==
        "is truncated: its header has 3 bytes, but the file only 10; fetch it again");
  CHECK(complaint(little_endian(std::uint64_t(1) << 63, 8) + "{}") ==
        "is not a safetensors file: its header would have 9223372036854775808 bytes; fetch it again");
  CHECK(complaint(little_endian(~std::uint64_t(0), 8) + "{}") ==
        "is not a safetensors file: its header would have 18446744073709551615 bytes; fetch it again");
}

TEST_CASE("a file that is truncated at any length is refused") {
  const auto whole = safetensors({{"a", {"F32", {2}, "12345678"}}});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO("length " << length);
    const auto said = complaint(whole.substr(0, length));
    CHECK((said.find("truncated") != std::string::npos || length < 8));
    CHECK(said != "no complaint");
  }
  CHECK(complaint(whole.substr(0, whole.size() - 1)) ==
        damage("reaches to byte 8 of the data, but the file has only 7; the file is truncated"));
}

TEST_CASE("bytes after the last tensor are refused") {
  CHECK(complaint(safetensors({{"a", {"F32", {2}, "12345678"}}}) + "xyz") ==
        "is damaged: its last 3 bytes belong to no tensor; fetch it again");
  CHECK(complaint(safetensors("{}") + "x") == "is damaged: its last 1 bytes belong to no tensor; fetch it again");
}

TEST_CASE("a header that is not a JSON object is refused") {
  for (const auto* header : {"", "{", "{}{}", "{'a':1}", "weights", "{\"a\":\xff\"\"}"}) {
    INFO(header);
    CHECK(complaint(safetensors(header)) == "is not a safetensors file: its header is not JSON; fetch it again");
  }
  for (const auto* header : {"[]", "7", "null", "\"text\""}) {
    INFO(header);
    CHECK(complaint(safetensors(header)) ==
          "is not a safetensors file: its header is not a JSON object; fetch it again");
  }
}

TEST_CASE("a header that is nested too deeply is refused before it is parsed") {
  const std::string deep(100'000, '['), pairs = [] {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "{\"a\":";
    return text;
  }();
  for (const auto& header : {deep, pairs, "{\"a\":" + deep + std::string(100'000, ']') + "}"})
    CHECK(complaint(safetensors(header)) ==
          "is not a safetensors file: its header is nested too deeply; fetch it again");
  const auto brackets = std::string(40, '[') + "\\\"" + std::string(40, '{');  // in a name they nest nothing
  CHECK(complaint("{\"" + brackets + "\":1}", 0).ends_with("has no description; fetch it again"));
}

TEST_CASE("a Git LFS pointer is reported as one") {
  CHECK(complaint("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n") ==
        "is only a Git LFS pointer to the weights; fetch it again");
}

TEST_CASE("a tensor that is twice in the header is refused") {
  const auto a = entry("a", "[0,4]", "[1]");
  CHECK(complaint('{' + a + ',' + entry("b", "[4,8]", "[1]") + ',' + a + '}', 8) == damage("is twice in the header"));
}

TEST_CASE("a tensor with a duplicate field is refused") {
  CHECK(complaint(R"({"a":{"dtype":"F32","shape":[1],"shape":[2],"data_offsets":[0,8]}})", 8) ==
        damage("has \"shape\" twice"));
  CHECK(complaint(R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                  R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8],"dtype":"F16"}})",
                  8) == damage("has \"dtype\" twice"));
}

TEST_CASE("offsets that are not two whole numbers are refused") {
  for (const auto* offsets : {"[-1,16]", "[0,-16]", "[0.0,16]", "[0,16.5]", "[0]", "[0,8,16]", "[]", "[\"0\",16]",
                              "[0,18446744073709551615]", "[0,1e99]", "[null,16]"}) {
    INFO(offsets);
    CHECK(complaint_about(R"("F32")", "[4]", offsets) == damage("has data_offsets that are not two whole numbers"));
  }
  CHECK(complaint_about(R"("F32")", "[4]", "16") == damage("has no data_offsets"));
  CHECK(complaint_about(R"("F32")", "[4]", "null") == damage("has no data_offsets"));
}

TEST_CASE("offsets that point to the wrong place are refused") {
  CHECK(complaint_about(R"("F32")", "[4]", "[16,0]") == damage("ends at byte 0, before it begins at 16"));
  CHECK(complaint_about(R"("F32")", "[5]", "[0,20]") ==
        damage("reaches to byte 20 of the data, but the file has only 16; the file is truncated"));
  CHECK(complaint_about(R"("F32")", "[0]", "[9223372036854775807,9223372036854775807]") ==
        damage("reaches to byte 9223372036854775807 of the data, but the file has only 16; the file is truncated"));
}

TEST_CASE("tensors that overlap or leave gaps are refused") {
  const auto both = [](const std::string& a, const std::string& b) {
    return '{' + entry("a", a, "[2]") + ',' + entry("b", b, "[2]") + '}';
  };
  CHECK(complaint(both("[4,12]", "[0,8]"), 12) == damage("overlaps another tensor"));
  CHECK(complaint(both("[0,8]", "[0,8]"), 8).find("overlaps another tensor") != std::string::npos);
  CHECK(complaint(both("[12,20]", "[0,8]"), 20) == damage("has bytes before it that belong to no tensor"));
  CHECK(complaint(both("[1,9]", "[9,17]"), 17) == damage("has bytes before it that belong to no tensor"));
  CHECK(complaint(both("[8,16]", "[0,8]"), 16) == "no complaint");
}

TEST_CASE("a length that contradicts shape and dtype is refused") {
  CHECK(complaint_about(R"("F32")", "[3]", "[0,16]") == damage("has 16 bytes, but its shape and dtype need 12"));
  CHECK(complaint_about(R"("F16")", "[4]", "[0,16]") == damage("has 16 bytes, but its shape and dtype need 8"));
  CHECK(complaint_about(R"("F32")", "[]", "[0,16]") == damage("has 16 bytes, but its shape and dtype need 4"));
  CHECK(complaint_about(R"("F32")", "[0,4]", "[0,16]") == damage("has 16 bytes, but its shape and dtype need 0"));
}

TEST_CASE("a shape whose size does not fit into 64 bits is refused") {
  CHECK(complaint_about(R"("F32")", "[1099511627776,1099511627776]", "[0,16]") ==
        damage("has an impossible shape [1099511627776, 1099511627776]"));
  CHECK(complaint_about(R"("F32")", "[4611686018427387905]", "[0,4]") ==
        damage("has an impossible shape [4611686018427387905]"));
}

TEST_CASE("a shape that is not of whole numbers is refused") {
  for (const auto* shape : {"[-4]", "[4.0]", "[0.5]", "[\"4\"]", "[null]", "[[4]]", "[9223372036854775808]"}) {
    INFO(shape);
    CHECK(complaint_about(R"("F32")", shape, "[0,16]") == damage("has a shape that is not of whole numbers"));
  }
  CHECK(complaint_about(R"("F32")", "4", "[0,16]") == damage("has no shape"));
  CHECK(complaint_about(R"("F32")", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,4]", "[0,16]") == damage("has 17 dimensions"));
}

TEST_CASE("an unknown dtype is refused") {
  CHECK(complaint_about(R"("F33")", "[4]", "[0,16]") == damage("has the unknown dtype \"F33\""));
  CHECK(complaint_about(R"("f32")", "[4]", "[0,16]") == damage("has the unknown dtype \"f32\""));
  CHECK(complaint_about("32", "[4]", "[0,16]") == damage("has no dtype"));
}

TEST_CASE("an entry that lacks a field is refused") {
  CHECK(complaint(R"({"a":{}})", 0) == damage("has no dtype"));
  CHECK(complaint(R"({"a":{"dtype":"F32"}})", 0) == damage("has no shape"));
  CHECK(complaint(R"({"a":{"dtype":"F32","shape":[]}})", 0) == damage("has no data_offsets"));
  CHECK(complaint(R"({"a":[0,4]})", 0) == damage("has no description"));
  CHECK(complaint(R"({"a":null})", 0) == damage("has no description"));
}

TEST_CASE("a hostile name does not break the message") {
  CHECK(complaint(R"({"a\n\u001b[31mred":{}})", 0) == "is damaged: tensor \"a??[31mred\" has no dtype; fetch it again");
  CHECK(complaint("{\"" + std::string(5000, 'n') + "\":{}}", 0) ==
        "is damaged: tensor \"" + std::string(120, 'n') + "...\" has no dtype; fetch it again");
  std::string letters;
  for (int i = 0; i < 100; ++i) letters += "\u20ac";  // three bytes each
  CHECK(model::printable("x" + letters) == "x" + letters.substr(0, 117) + "...");
}

TEST_CASE("a folder, a missing file and a pipe are refused, without waiting for a writer") {
  const Scratch scratch;
  const auto cannot_read = [](const fs::path& file, const std::string& why) {
    return "cannot read \"" + file.string() + "\": " + why;
  };
  CHECK(complaint_of(scratch / "none") == cannot_read(scratch / "none", "No such file or directory"));
  fs::create_directory(scratch / "folder");
  CHECK(complaint_of(scratch / "folder") == cannot_read(scratch / "folder", "Is a directory"));
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  CHECK(complaint_of(scratch / "pipe") == cannot_read(scratch / "pipe", "Invalid argument"));
}

TEST_CASE("every header with one byte changed is read or refused in one line") {
  const auto whole = safetensors({{"a", {"F32", {2, 1}, "12345678"}}, {"b", {"BF16", {1}, "12"}}});
  for (std::size_t at = 0; at < whole.size() - 10; ++at) {
    for (const char c : {'\0', '"', '9', '[', '\xff'}) {
      auto bytes = whole;
      bytes[at] = c;
      INFO("byte " << at << " is " << int(c));
      const auto said = complaint(bytes);
      CHECK(std::ranges::count(said, '\n') == 0);
    }
  }
}
