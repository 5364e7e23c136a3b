#include "matcher/index/faiss/factory_string.hpp"

#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

namespace {

Refusal refusal(const std::string& type, std::size_t n, std::size_t d) {
  return error_of([&] { factory_string(type, n, d); });
}

}  // namespace

TEST_CASE("factory strings are sized to the vectors") {
  CHECK(factory_string("auto", 10, 64) == "Flat");
  CHECK(factory_string("flat", 10, 64) == "Flat");
  CHECK(factory_string("hnsw", 10, 64) == "HNSW32,Flat");
  CHECK(factory_string("ivf-flat", 1, 64) == "IVF1,Flat");
  CHECK(factory_string("ivf-flat", 5000, 64) == "IVF128,Flat");
  CHECK(factory_string("ivf-flat", 1000000, 64) == "IVF4000,Flat");
  CHECK(factory_string("ivf-pq", 1000000, 768) == "IVF4000,PQ384");
  CHECK(factory_string("ivf-pq", 20000, 6) == "IVF512,PQ3");
  CHECK(factory_string("ivf-pq", 20000, 65) == "IVF512,PQ65");
  CHECK(factory_string("IVF16,SQ8", 1000, 64) == "IVF16,SQ8");
}

TEST_CASE("wrong types are refused in a sentence") {
  const std::string names = "use auto, flat, hnsw, ivf-flat, ivf-pq or a FAISS factory string";
  CHECK(refusal("hnw", 1000, 64) ==
        Refusal(ErrorCode::usage, std::string("FAISS refuses index type \"hnw\" for 64-d vectors (could not parse "
                                              "index string hnw); did you mean \"hnsw\"?")));
  CHECK(refusal("annoyance", 1000, 64) ==
        Refusal(ErrorCode::usage,
                "FAISS refuses index type \"annoyance\" for 64-d vectors (could not parse index "
                "string annoyance); " +
                    names));
  CHECK(refusal("PQ7x4", 1000, 64) ==
        Refusal(ErrorCode::usage,
                "FAISS refuses index type \"PQ7x4\" for 64-d vectors (The dimension of the vector (d) "
                "should be a multiple of the number of subquantizers (M)); " +
                    names));
  CHECK(refusal("LSH", 1000, 64) == Refusal(ErrorCode::usage,
                                            "FAISS refuses index type \"LSH\" for 64-d vectors (Error: "
                                            "'metric == METRIC_L2' failed); " +
                                                names));
  CHECK(refusal("IVF4,ITQ32,SH", 1000, 64) ==
        Refusal(ErrorCode::usage, "index type \"IVF4,ITQ32,SH\" does not rank by inner product; " + names));
  CHECK(refusal("", 1000, 64).code == ErrorCode::usage);
  CHECK(refusal("IVF99999999999999,Flat", 1000, 64).code == ErrorCode::usage);
}

TEST_CASE("types that would crash FAISS are refused") {
  for (const std::string type : {"PQ0", "IVF0,Flat", "IVF00,Flat", "HNSW0", "HNSW1", "HNSW01,Flat", "PQ16x0", "NSG32",
                                 "PQ16x32", "PQ16x64", "HNSW\n", "PCA0,Flat"}) {
    INFO(type);
    CHECK(refusal(type, 500, 64).code == ErrorCode::usage);
  }
  CHECK(refusal(std::string(100000, '('), 500, 64).code == ErrorCode::usage);
}

TEST_CASE("too few vectors to train are refused with both numbers") {
  const std::string rest = "; use --type flat, hnsw or ivf-flat, or a factory string with fewer lists or bits";
  CHECK(refusal("ivf-pq", 5000, 64) ==
        Refusal(ErrorCode::usage,
                "index type \"ivf-pq\" (IVF128,PQ32) needs at least 9984 vectors to train, but there "
                "are 5000" +
                    rest));
  CHECK(refusal("IVF256,Flat", 5000, 64) ==
        Refusal(ErrorCode::usage,
                "index type \"IVF256,Flat\" needs at least 9984 vectors to train, but there are 5000" + rest));
  CHECK(refusal("OPQ8,IVF4,PQ8x4", 5000, 64).code == ErrorCode::usage);
  CHECK(refusal("IVF4,PQ8x4", 623, 64).code == ErrorCode::usage);
  CHECK(refusal("IVF4,PQ8x4", 624, 64).code == ErrorCode::ok);
}
