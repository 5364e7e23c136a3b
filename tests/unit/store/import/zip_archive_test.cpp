#include "matcher/store/import/zip_archive.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

#include "matcher/files/file.hpp"
#include "unit/core/scratch.hpp"

using namespace matcher;
using Catch::Matchers::MessageMatches;
using Catch::Matchers::StartsWith;
using store::ArchiveError;
using store::ZipArchive;
using test::Scratch;

namespace {

const fs::path data = fs::path(MATCHER_TEST_DATA) / "import";

void write_file(const fs::path& file, const std::string& content) { std::ofstream(file, std::ios::binary) << content; }

std::string read_record(ZipArchive& archive) {
  std::string content;
  std::array<char, 100> piece{};
  while (const auto count = archive.read(piece)) content.append(piece.data(), count);
  return content;
}

std::string read_all(const fs::path& file) {
  ZipArchive archive(file);
  std::string content;
  while (archive.next_record()) content += read_record(archive);
  return content;
}

std::string read_changed(const fs::path& file, const std::string& bytes) {
  write_file(file, bytes);
  try {
    return read_all(file);
  } catch (const ArchiveError& error) {
    CHECK(error.code() == ErrorCode::input);
    return "error";
  }
}

}  // namespace

TEST_CASE("the records of a stored and a deflated archive are read in order") {
  ZipArchive stored(data / "stored.npz");
  CHECK(stored.next_record() == "embeddings.npy");
  CHECK(read_record(stored) == read_text(data / "fp32.npy"));
  CHECK(stored.next_record() == "names.npy");
  CHECK(stored.next_record() == std::nullopt);
  ZipArchive deflated(data / "deflated.npz");
  CHECK(deflated.next_record() == "arr_0.npy");
  CHECK(read_record(deflated) == read_text(data / "fp16.npy"));
  CHECK(deflated.next_record() == std::nullopt);
}

TEST_CASE("after a flipped byte or a cut there is an error, the same content, or none") {
  const Scratch scratch;
  for (const auto* name : {"stored.npz", "deflated.npz"}) {
    const auto whole = read_text(data / name), content = read_all(data / name);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      INFO(name << ' ' << i);
      auto flipped = whole;
      flipped[i] = char(flipped[i] ^ 0x41);
      const auto after_flip = read_changed(scratch / name, flipped),
                 after_cut = read_changed(scratch / name, whole.substr(0, i));
      CHECK((after_flip == "error" || after_flip == content));
      CHECK((after_cut == "error" || after_cut == content || after_cut.empty()));
    }
  }
}

TEST_CASE("an archive of another method, and a file that is none") {
  const Scratch scratch;
  auto other = read_text(data / "deflated.npz");
  const auto listed = other.find("PK\1\2");
  REQUIRE(listed != std::string::npos);
  other[listed + 10] = 12;  // bzip2
  write_file(scratch / "bzip2.npz", other);
  CHECK_THROWS_WITH(
      ZipArchive(scratch / "bzip2.npz").next_record(),
      "\"" + (scratch / "bzip2.npz").string() +
          "\" is not an archive of numpy.savez, or is damaged (a record is compressed by method 12, not by "
          "deflate). Save it again with numpy.savez");
  write_file(scratch / "text.npz", "not a zip");
  CHECK_THROWS_MATCHES(
      ZipArchive(scratch / "text.npz"), ArchiveError,
      MessageMatches(StartsWith("\"" + (scratch / "text.npz").string() +
                                "\" is not an archive of numpy.savez, or is damaged (it has no list of "
                                "records at its end). Save it again with numpy.savez")));
  CHECK_THROWS_AS(ZipArchive(scratch / "missing.npz"), Error);
}
