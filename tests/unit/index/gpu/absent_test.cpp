// Errors if a GPU, or GPU support of FAISS, is missing.
#include "matcher/index/gpu.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a GPU that is missing is an error, and a FAISS without GPUs says so") {
  const auto vectors = clustered(100, 8, 1), queries = clustered(3, 8, 2);
  const auto ids = shuffled_ids(100);
  const auto index = exact_search(vectors.view(), ids);
  const auto before = plain(index->search(queries.view(), 5));
  constexpr int no_such = 97;
  if (why_no_gpu().empty()) {
    const auto refusal = error_of([&] { search_on_gpu(*index, no_such); });
    CHECK(refusal.code == ErrorCode::resource);
    CHECK_THAT(refusal.text,
               ContainsSubstring("device cuda:97 is not available: ") && ContainsSubstring("use --device cpu"));
    CHECK(error_of([&] { build(vectors.view(), ids, {"IVF2,Flat", 1, no_such}); }).text == refusal.text);
    CHECK(why_not_built_on_gpu("IVF2,Flat", 8) == "");
    CHECK(why_not_built_on_gpu("HNSW32,Flat", 8) ==
          "an index of type \"HNSW32,Flat\" has no lists that a GPU could learn");
  } else {
    CHECK_THAT(search_on_gpu(*index, no_such), ContainsSubstring("FAISS that has no GPU support"));
    CHECK(why_not_built_on_gpu("IVF2,Flat", 8) == why_no_gpu());
    CHECK(error_of([&] { build(vectors.view(), ids, {"IVF2,Flat", 1, 0}); }).code == ErrorCode::resource);
  }
  CHECK(plain(index->search(queries.view(), 5)) == before);
}
