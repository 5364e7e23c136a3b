#include "matcher/run/split.hpp"

#include <algorithm>
#include <set>

#include "unit/core/scratch.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::test::Scratch;

namespace {

RankedQuery text_query(const std::string& id, const std::string& text) {
  auto made = test::query(id, "tea", {});
  made.details.edit().text = text;
  return made;
}

RankedQuery photo_query(const std::string& id, const matcher::fs::path& photo) {
  auto made = test::query(id, "tea", {});
  made.path = photo.string();
  return made;
}

std::vector<RankedQuery> many_queries(const std::string& prefix) {
  std::vector<RankedQuery> queries;
  for (int i = 0; i < 200; ++i) queries.push_back(text_query(prefix + std::to_string(i), prefix + std::to_string(i)));
  return queries;
}

}  // namespace

TEST_CASE("two halves hold every query once, in order") {
  const auto split = split_in_halves(many_queries("q"));
  auto all = split.tuning;
  all.insert(all.end(), split.reported.begin(), split.reported.end());
  CHECK(std::set(all.begin(), all.end()).size() == 200);
  CHECK(all.size() == 200);
  CHECK(split.tuning.size() > 70);
  CHECK(split.reported.size() > 70);
  CHECK(std::ranges::is_sorted(split.tuning));
  CHECK(std::ranges::is_sorted(split.reported));
}

TEST_CASE("the halves are those of version 0.1: other ones would change every tuned result") {
  std::vector<RankedQuery> queries;
  for (const char* id : {"q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7"}) queries.push_back(text_query(id, id));
  CHECK(split_in_halves(queries).tuning == std::vector<std::size_t>{0, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("queries of the same bytes are in one half, wherever they are stored") {
  const Scratch folder;
  const auto a = folder.write("a.jpg", "photo"), b = folder.write("b.jpg", "photo");
  for (int i = 0; i < 20; ++i) {
    const auto number = std::to_string(i);
    const auto split = split_in_halves({photo_query("x" + number, a), photo_query("y" + number, b)});
    CHECK((split.tuning.size() == 2 || split.reported.size() == 2));
    CHECK(split.unread == 0);
  }
}

TEST_CASE("a photo that cannot be read is a photo of its own, and counted") {
  const auto split = split_in_halves({photo_query("x", "/nowhere/a.jpg"), photo_query("y", "/nowhere/a.jpg")});
  CHECK(split.unread == 2);
  CHECK(split.tuning.size() + split.reported.size() == 2);
}

TEST_CASE("apart, queries of the same id or bytes do not tune") {
  const auto split =
      split_apart({text_query("same id", "x"), text_query("other id", "same text"), text_query("c", "z")},
                  {text_query("same id", "y"), text_query("b", "same text")});
  CHECK(split.tuning == std::vector<std::size_t>{2});
  CHECK(split.reported == std::vector<std::size_t>{0, 1});
  CHECK(split.left_out == 2);
}
