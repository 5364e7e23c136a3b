#include "matcher/files/hash.hpp"

#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

TEST_CASE("a content hash is XXH3 with 128 bits") {
  CHECK(content_hash({}) == "99aa06d3014798d86001c324468d497f");
  CHECK(content_hash(bytes_of("a")) != content_hash(bytes_of("b")));
}

TEST_CASE("a hasher fed in pieces agrees with the whole") {
  CHECK(Hasher().bytes(bytes_of("pho")).bytes(bytes_of("to")).hex() == content_hash(bytes_of("photo")));
}

TEST_CASE("the hash so far can be read before the end") {
  Hasher hasher;
  hasher.bytes(bytes_of("a"));
  CHECK(hasher.hex() == content_hash(bytes_of("a")));
  hasher.bytes(bytes_of("b"));
  CHECK(hasher.hex() == content_hash(bytes_of("ab")));
}

TEST_CASE("fields are told apart by where they end") {
  CHECK(Hasher().field("ab").field("c").hex() != Hasher().field("a").field("bc").hex());
  CHECK(Hasher().field("").field("a").hex() != Hasher().field("a").field("").hex());
}

TEST_CASE("numbers are fields") {
  CHECK(Hasher().field(0.5).hex() == Hasher().field(0.5).hex());
  CHECK(Hasher().field(0.5).hex() != Hasher().field(0.25).hex());
}

TEST_CASE("a file has the hash of its bytes, also when it is read in pieces") {
  const test::Scratch scratch;
  const std::string large((1 << 20) + 7, 'x');
  CHECK(file_hash(scratch.write("large", large)) == content_hash(bytes_of(large)));
  CHECK(file_hash(scratch.write("empty")) == content_hash({}));
}

TEST_CASE("the hash of an absent file is an error that names it") {
  CHECK(test::error_of(ErrorCode::input, [] { file_hash("no/such.pt"); }) ==
        "cannot read \"no/such.pt\": No such file or directory");
}

}  // namespace
}  // namespace matcher
