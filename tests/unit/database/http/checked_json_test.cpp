#include "matcher/database/http/checked_json.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "unit/database/memory_database.hpp"

using namespace matcher;
using namespace matcher::database;

namespace {

class BrokenDatabase : public test::MemoryDatabase {
 public:
  std::size_t count(const std::string&) override { return nlohmann::json::object().at("count"); }
};

}  // namespace

TEST_CASE("unexpected JSON is a resource error that names the server") {
  const auto server = check_json(std::make_shared<BrokenDatabase>(), "chroma://shop/products");
  try {
    server->count("v");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::resource);
    CHECK(
        std::string(error.what()) ==
        "chroma://shop/products answered with JSON that is not as documented (\"count\" is missing); use a version of "
        "the server that docs/guides names");
  }
  CHECK(server->live("products").empty());
}
