#include "matcher/dataset/vector_items.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "matcher/core/error.hpp"
#include "matcher/dataset/skipped.hpp"

using namespace matcher;
using dataset::read_vector_items;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "items-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("a role wins over the split, and an id over the path") {
  const Folder folder;
  const auto items = read_vector_items(folder.write("i.csv",
                                                    "id,path,label,split,role\n"
                                                    "a,x/1.jpg,p,test,\n"
                                                    ",x/2.jpg,p,test,gallery\n"
                                                    "c,,q,train,queries\n"
                                                    "a,x/3.jpg,q,,\n"),
                                       {});
  REQUIRE(items.size() == 4);
  CHECK(items[0].role == Role::queries);
  CHECK(items[0].item.path == (folder.path() / "x/1.jpg").string());
  CHECK(items[1].role == Role::gallery);
  CHECK(items[1].item.id == "x/2.jpg");
  CHECK(items[2].role == Role::queries);
  CHECK(items[2].item.path.empty());
  CHECK(items[3].role == Role::gallery);  // the id is used once in each role
  CHECK(items[3].line == 5);
}

TEST_CASE("columns of other names are read, and rows without an id are refused") {
  const Folder folder;
  const auto csv = folder.write("i.csv", "sku;name\n1;apple\n;pear\n");
  try {
    read_vector_items(csv, {{"id", "sku"}, {"label", "name"}});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::input);
    CHECK(error.what() == csv.string() + ":3: neither an id nor a path. Fill in one");
  }
}

TEST_CASE("files that no format reads are counted by extension, without hidden ones") {
  const Folder folder;
  folder.write("a/1.jpg", "");
  folder.write("a/notes.TXT", "");
  folder.write("a/b/more.txt", "");
  folder.write("a/README", "");
  folder.write(".git/x.txt", "");
  dataset::Description description;
  description.root = folder.path().string();
  dataset::Source source;
  source.format = "folder";
  source.path = ".";
  description.sources.push_back(source);
  const auto counts = dataset::count_skipped(description);
  CHECK(counts.size() == 2);
  CHECK(counts.at(".txt") == 2);
  CHECK(counts.at("files without an extension") == 1);
  description.sources[0].format = "csv";
  CHECK(dataset::count_skipped(description).empty());
}
