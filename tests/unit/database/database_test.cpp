#include <atomic>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "matcher/core/error.hpp"
#include "matcher/database/database.hpp"
#include "matcher/database/http/http.hpp"
#include "matcher/database/http/json_text.hpp"
#include "matcher/database/http/retry.hpp"
#include "matcher/database/milvus/rows.hpp"

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

TEST_CASE("an address that cannot be right is refused with the forms that are") {
  CHECK_THAT(error_of("http://host/products"),
             ContainsSubstring("has the scheme \"http\", which is no database; use chroma://"));
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

TEST_CASE("a version's name tells whose version it is") {
  CHECK(version_name("products", "3f9c1a2b44d05e66") == "products__3f9c1a2b44d0");
  CHECK(name_of_version("products__3f9c1a2b44d0") == "products");
  CHECK(name_of_version("a__b__3f9c1a2b44d0") == "a__b");
  CHECK(name_of_version("products").empty());
  CHECK(name_of_version("products__matcher").empty());
  CHECK(name_of_version("products__3F9C1A2B44D0").empty());
  CHECK(name_of_version("__3f9c1a2b44d0").empty());
}

TEST_CASE("floats as base64 are their little-endian bytes") {
  // Python: base64.b64encode(struct.pack("<4f", 1, -2.5, 0, 3.25))
  std::string body = "x";
  append_base64(body, std::vector<float>{1, -2.5f, 0, 3.25f});
  CHECK(body == "x\"AACAPwAAIMAAAAAAAABQQA==\"");
  body.clear();
  append_base64(body, std::vector<float>{1, -2.5f, 0});
  CHECK(body == "\"AACAPwAAIMAAAAAA\"");
  body.clear();
  append_base64(body, std::vector<float>{1, -2.5f});
  CHECK(body == "\"AACAPwAAIMA=\"");
}

TEST_CASE("floats as text read back to the same bits") {
  std::mt19937 random(3);
  std::vector<float> values{0, 1, -1, 0.1f, 1e-38f, 3.4e38f};
  while (values.size() < 2000) {
    const auto value = std::bit_cast<float>(std::uint32_t(random()));
    if (std::isfinite(value)) values.push_back(value);
  }
  std::string body;
  append_floats(body, values);
  CHECK(nlohmann::json::parse(body).get<std::vector<float>>() == values);
  body.clear();
  append_floats(body, {});
  CHECK(body == "[]");
}

TEST_CASE("text is quoted, and what is no UTF-8 does not spoil the body") {
  std::string body;
  append_text(body, "a\"b\\c\nü");
  CHECK(nlohmann::json::parse(body) == "a\"b\\c\nü");
  body.clear();
  append_text(body, "a\xff");
  CHECK(nlohmann::json::parse(body) == "a\xEF\xBF\xBD");
}

TEST_CASE("a row for Milvus holds every field, its vector and its bucket") {
  const Row row{"gallery/\"1\".jpg", {"p1", "/a b.jpg", "gallery", "", "", "box", "two\nlines", "abc", ""}};
  std::string body;
  milvus::append_row(body, row, std::vector<float>{0.5f, -1});
  const auto json = nlohmann::json::parse(body);
  CHECK(json.at("vector") == nlohmann::json{0.5, -1});
  CHECK(json.at("id") == row.id);
  CHECK(json.at("bucket") < milvus::buckets);
  CHECK(json.size() == 3 + std::size(field_names));
  CHECK(milvus::row_of(json) == row);
  const auto made = milvus::version_body("products", 2).at("schema").at("fields");
  CHECK(made.size() == json.size());
  for (const auto& field : made) CHECK(json.contains(field.at("fieldName").get<std::string>()));
  CHECK_THROWS_WITH(milvus::append_row(body, {std::string(1025, 'x'), {}}, {}),
                    ContainsSubstring("has 1025 bytes; Milvus takes 1024"));
}

TEST_CASE("ids in a filter are quoted") {
  const std::vector<std::string> ids{"a", "b\"c"};
  CHECK(milvus::in_list(ids) == R"(id in ["a","b\"c"])");
}

TEST_CASE("what may be repeated is tried again, longer and longer, and not for ever") {
  const RetryPolicy policy{4, 0.5, 1.5};
  const Outcome dropped{Transport::dropped, 0, std::nullopt, false};
  CHECK(wait_before_next(policy, dropped, true, true, 1) == 0.5);
  CHECK(wait_before_next(policy, dropped, true, true, 2) == 1.0);
  CHECK(wait_before_next(policy, dropped, true, true, 3) == 1.5);
  CHECK(!wait_before_next(policy, dropped, true, true, 4));
}

TEST_CASE("what may not be repeated is tried again only when nothing was done") {
  const RetryPolicy policy;
  const auto status = [](long code) { return Outcome{Transport::answered, code, std::nullopt, false}; };
  const auto transport = [](Transport t) { return Outcome{t, 0, std::nullopt, false}; };
  for (const long code : {408L, 500L, 502L, 503L, 504L}) {
    CHECK(wait_before_next(policy, status(code), true, true, 1));
    CHECK(!wait_before_next(policy, status(code), false, true, 1));
  }
  for (const auto t : {Transport::dropped, Transport::timed_out}) {
    CHECK(wait_before_next(policy, transport(t), true, true, 1));
    CHECK(!wait_before_next(policy, transport(t), false, true, 1));
  }
  CHECK(wait_before_next(policy, status(429), false, true, 1));
  CHECK(wait_before_next(policy, transport(Transport::refused), false, true, 1));
}

TEST_CASE("what waiting does not mend is not tried again") {
  const RetryPolicy policy;
  for (const long code : {400L, 401L, 403L, 404L, 409L, 413L, 422L}) {
    CHECK(!wait_before_next(policy, {Transport::answered, code, std::nullopt, false}, true, true, 1));
  }
  CHECK(!wait_before_next(policy, {Transport::insecure, 0, std::nullopt, false}, true, true, 1));
  CHECK(!wait_before_next(policy, {Transport::answered, 500, std::nullopt, true}, true, true, 1));
  CHECK(!wait_before_next(policy, {Transport::refused, 0, std::nullopt, false}, true, false, 1));
  CHECK(!wait_before_next(policy, {Transport::unresolved, 0, std::nullopt, false}, true, false, 1));
}

TEST_CASE("a server says how long to wait, within reason") {
  const RetryPolicy policy{6, 0.25, 8};
  CHECK(wait_before_next(policy, {Transport::answered, 429, 3.0, false}, true, true, 1) == 3.0);
  CHECK(wait_before_next(policy, {Transport::answered, 429, 3600.0, false}, true, true, 1) == 8.0);
}

TEST_CASE("full disks are known by what servers say of them") {
  CHECK(says_disk_full(R"({"error":"InternalError","message":"database or disk is full"})"));
  CHECK(says_disk_full("write: No space left on device (os error 28)"));
  CHECK(!says_disk_full("the collection is full of items"));
}

namespace {

/// Takes bodies of `limit` rows; remembers what it was given.
class Narrow : public Database {
 public:
  explicit Narrow(std::size_t limit) : limit_(limit) {}
  std::string type() const override { return "narrow"; }
  Limits limits() override { return {8, 1 << 20, 100}; }
  void upsert(const std::string&, std::span<const Row> rows, MatrixView vectors) override {
    if (rows.size() > limit_) throw TooLarge(ErrorCode::resource, "too large");
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      wrong += std::to_string(int(vectors.row(i)[0])) != rows[i].id || !seen.insert(rows[i].id).second;
    }
  }
  std::string live(const std::string&) override { return {}; }
  void make_live(const std::string&, const std::string&) override {}
  std::optional<Collection> describe(const std::string&) override { return {}; }
  std::vector<Collection> versions(const std::string&) override { return {}; }
  void create(const std::string&, std::size_t, const std::string&) override {}
  void note(const std::string&, const std::string&) override {}
  void drop(const std::string&) override {}
  void remove(const std::string&, std::span<const std::string>) override {}
  std::size_t count(const std::string&) override { return 0; }
  void read(const std::string&, bool, const Reader&) override {}
  std::vector<std::pair<std::string, std::vector<float>>> vectors(const std::string&,
                                                                  std::span<const std::string>) override {
    return {};
  }
  std::vector<std::vector<Found>> search(const std::string&, MatrixView queries, std::size_t) override {
    std::vector<std::vector<Found>> found(queries.rows, answers);
    return found;
  }
  std::set<std::string> seen;
  std::size_t wrong = 0;  ///< rows with another's vector, or sent twice
  std::vector<Found> answers;

 private:
  std::size_t limit_;
  std::mutex mutex_;
};

}  // namespace

TEST_CASE("every row is sent once with its own vector, whatever fits a request") {
  const auto limit = GENERATE(1, 3, 8);
  Narrow server{std::size_t(limit)};
  Matrix vectors(37, 2);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    vectors.row(i)[0] = float(i);
    rows.push_back({std::to_string(i), {}});
  }
  std::size_t told = 0;
  push(server, "v", rows, vectors.view(), Access{}, [&](std::size_t count) { told += count; });
  CHECK(server.seen.size() == 37);
  CHECK(server.wrong == 0);
  CHECK(told == 37);
}

TEST_CASE("one row that is too large is an error, not an endless halving") {
  Narrow server(0);
  Matrix vectors(4, 2);
  const std::vector<Row> rows{{"0", {}}, {"1", {}}, {"2", {}}, {"3", {}}};
  CHECK_THROWS_WITH(push(server, "v", rows, vectors.view(), Access{}, [](std::size_t) {}), "too large");
}

TEST_CASE("answers of a collection are ordered by score and id") {
  const auto server = std::make_shared<Narrow>(8);
  server->answers = {{"b", 0.5f}, {"a", 0.5f}, {"c", 0.9f}};
  const std::vector<std::string> ids{"b", "c", "a"};
  const auto index = open(server, "v", 2, ids);
  CHECK(!index->exact());
  CHECK(index->dimension() == 2);
  Matrix query(1, 2);
  const auto hits = index->search(query.view(), 3)[0];
  REQUIRE(hits.size() == 3);
  CHECK((hits[0].row == 1 && hits[1].row == 2 && hits[2].row == 0));
  CHECK(hits[0].score == 0.9f);
  server->answers.front().id = "stranger";
  CHECK_THROWS_WITH(index->search(query.view(), 3), ContainsSubstring("the item \"stranger\""));
}
