#include "matcher/database/address.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/core/error.hpp"

using namespace matcher;
using namespace matcher::database;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string error_of(const std::string& address) {
  try {
    parse_address(address);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an address names server, database and collection") {
  const auto plain = parse_address("chroma://shop.example/products");
  CHECK(plain.kind == Kind::chroma);
  CHECK(plain.origin() == "http://shop.example:8000");
  CHECK(plain.collection == "products");
  CHECK((plain.tenant.empty() && plain.database.empty()));
  const auto full = parse_address("chroma+https://shop.example/acme/prod-1/products.v2");
  CHECK(full.origin() == "https://shop.example:443");
  CHECK(full.tenant == "acme");
  CHECK(full.database == "prod-1");
  CHECK(full.collection == "products.v2");
  const auto milvus = parse_address("milvus://[::1]/shop/products");
  CHECK(milvus.kind == Kind::milvus);
  CHECK(milvus.origin() == "http://[::1]:19530");
  CHECK(milvus.database == "shop");
  CHECK(parse_address("milvus+https://[::1]:8443/products").origin() == "https://[::1]:8443");
  CHECK(is_address("chroma://x/y"));
  CHECK(!is_address("shelf"));
  CHECK(!is_address("./chroma:/x"));
}

TEST_CASE("an invalid address is refused with the valid forms") {
  CHECK_THAT(error_of("http://host/products"),
             ContainsSubstring("has the scheme \"http\", which is not a database; use chroma://"));
  CHECK_THAT(error_of("chroma://host"), ContainsSubstring("names no collection"));
  CHECK_THAT(error_of("chroma:///products"), ContainsSubstring("names no host"));
  CHECK_THAT(error_of("chroma://host:99999/products"), ContainsSubstring("has the port \"99999\""));
  CHECK_THAT(error_of("chroma://host:/products"), ContainsSubstring("has the port \"\""));
  CHECK_THAT(error_of("milvus://host/a12/b12/c12"), ContainsSubstring("has more than 2 names after the host"));
  CHECK_THAT(error_of("milvus://host/my-products"), ContainsSubstring("has the name \"my-products\""));
  CHECK_THAT(error_of("milvus://host/1products"), ContainsSubstring("has the name \"1products\""));
  CHECK_THAT(error_of("chroma://host/products?x=1"), ContainsSubstring("has the name \"products?x=1\""));
  CHECK_THAT(error_of("chroma://host/ab"), ContainsSubstring("3 to 200"));
  CHECK_THAT(error_of("chroma://host/-products"), ContainsSubstring("has the name \"-products\""));
}

TEST_CASE("a password in an address is refused and not repeated") {
  const auto error = error_of("milvus://root:secret@host/products");
  CHECK_THAT(error, ContainsSubstring("$MATCHER_SERVER_TOKEN"));
  CHECK_THAT(error, !ContainsSubstring("secret"));
}
