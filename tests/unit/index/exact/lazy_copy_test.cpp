#include "matcher/index/exact/lazy_copy.hpp"

#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

TEST_CASE("a copy is made once searches have cost more than it does, and given up if it proves too little") {
  if (!find_kernels()) SKIP("this processor has no kernels for rounded vectors");
  const auto vectors = clustered(2000, 16, 1);
  LazyCopy one(vectors.view());
  int searches = 1;
  while (!one.find(1, 10) && searches < 100) ++searches;
  CHECK(searches == 6);
  CHECK(one.find(1, 10));
  CHECK_FALSE(one.find(1, 1000));  // half of the vectors may be among the best

  LazyCopy many(vectors.view());
  CHECK(many.find(200, 10));
  many.report(40, 0);
  many.report(0, 41);
  CHECK(many.find(200, 10));
  many.report(0, 1);
  CHECK_FALSE(many.find(200, 10));
}

TEST_CASE("a small index, and one that must save memory, has no copy") {
  const auto vectors = clustered(2000, 16, 1);
  CHECK_FALSE(LazyCopy(vectors.view().slice(0, 200)).find(1000, 1));
  LazyCopy none(vectors.view());
  none.forbid();
  CHECK_FALSE(none.find(1000, 1));
}
