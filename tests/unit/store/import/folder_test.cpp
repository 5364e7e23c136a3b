#include "matcher/store/import/folder.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher::store;

TEST_CASE("numbers in names of files are sorted as numbers") {
  std::vector<fs::path> files{"d/v_10.npy",  "d/v_2.npy", "d/w.npy",   "d/v_1.npy",
                              "d/v_02b.npy", "d/v.npy",   "d/v_2a.npy"};
  sort_naturally(files);
  CHECK(files == std::vector<fs::path>{"d/v.npy", "d/v_1.npy", "d/v_2.npy", "d/v_2a.npy", "d/v_02b.npy", "d/v_10.npy",
                                       "d/w.npy"});
}

TEST_CASE("files of vectors are recognised by their extension in any case") {
  CHECK(find_import_format("a.NPY") == &npy_format);
  CHECK(find_import_format("a.fvecs") == find_import_format("a.ivecs"));
  CHECK(find_import_format("a.bin") == nullptr);
  CHECK(find_import_format("npy") == nullptr);
}
