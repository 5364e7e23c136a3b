#include "matcher/index/exact/certified.hpp"

#include <cmath>

#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;

TEST_CASE("answers are certified only below the k-th score, and complete if rows are lacking") {
  const std::vector<std::uint32_t> order{3, 2, 1, 0};
  const std::vector<Candidate> found{{0, 0.9f}, {1, 0.5f}};
  const std::vector<double> scores{0.9f, 0.5f};
  CHECK(certify(found, scores, order, 1, 0.1));
  CHECK_FALSE(certify(found, scores, order, 1, 0.5));   // a third could have up to 1.0
  CHECK_FALSE(certify(found, scores, order, 2, 1e-9));  // a third could have 0.5 too
  const std::vector<Candidate> fewer{{0, 0.9f}, {-1, 0}};
  const std::vector<double> their{0.9f, 0};
  CHECK(certify(fewer, their, order, 2, 1)->size() == 1);  // no more can be reached
  const std::vector<Candidate> none{{-1, 0}};
  CHECK(certify(none, std::vector<double>{0}, order, 1, 1)->empty());
  const std::vector<Candidate> odd{{0, NAN, 0.9f}, {1, 0.5f}};
  CHECK_FALSE(certify(odd, std::vector<double>{NAN, 0.5}, order, 1, 0.1));
}
