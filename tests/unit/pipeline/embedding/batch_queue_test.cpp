#include "matcher/pipeline/embedding/batch_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using pipeline::BatchQueue;
using pipeline::Prepared;

namespace {

/// A text's vector is (its length, 0, 0).
Prepared text(const std::string& words, const std::string& reason = "") {
  Prepared made{.item = test::item(words), .sample = {}, .reason = reason, .vector = {}};
  made.sample.text = words;
  return made;
}

std::vector<std::string> ids(const std::vector<Prepared>& batch) {
  std::vector<std::string> all;
  for (const auto& each : batch) all.push_back(each.item.id);
  return all;
}

}  // namespace

TEST_CASE("a batch is sent when it is full; items that cannot be used do not count", "[batch]") {
  test::FirstPixel embedder(true);
  BatchQueue queue(embedder, 2);
  queue.add(text("a"));
  queue.add(text("lost", "is lost"));
  CHECK_FALSE(queue.next(BatchQueue::Take::all));
  queue.add(text("bb"));
  const auto batch = queue.next();
  REQUIRE(batch);
  CHECK(ids(*batch) == std::vector<std::string>{"a", "lost", "bb"});
  CHECK((*batch)[0].vector == std::vector<float>{1, 0, 0});
  CHECK((*batch)[1].vector.empty());
  CHECK((*batch)[2].vector == std::vector<float>{2, 0, 0});
  CHECK_FALSE(queue.next(BatchQueue::Take::all));
}

TEST_CASE("what is gathered can be sent early, also if it is lost items alone", "[batch]") {
  test::FirstPixel embedder(true);
  BatchQueue queue(embedder, 8);
  queue.flush();
  CHECK_FALSE(queue.next(BatchQueue::Take::all));
  queue.add(text("lost", "is lost"));
  queue.flush();
  CHECK(ids(queue.next().value()) == std::vector<std::string>{"lost"});
}

TEST_CASE("a vector of the cache is not computed again", "[batch]") {
  test::FirstPixel embedder(true);
  BatchQueue queue(embedder, 2);
  auto cached = text("cached");
  cached.vector = {7, 8, 9};
  queue.add(std::move(cached));
  queue.add(text("ccc"));
  const auto batch = queue.next().value();
  CHECK(batch[0].from_cache);
  CHECK(batch[0].vector == std::vector<float>{7, 8, 9});
  CHECK_FALSE(batch[1].from_cache);
  CHECK(batch[1].vector == std::vector<float>{3, 0, 0});
}

TEST_CASE("the items that still wait are known", "[batch]") {
  test::FirstPixel embedder(true);
  BatchQueue queue(embedder, 1);
  queue.add(text("sent"));
  queue.add(text("lost", "is lost"));
  std::vector<std::string> waiting;
  queue.for_each_waiting([&](const Prepared& each) { waiting.push_back(each.item.id); });
  CHECK(waiting == std::vector<std::string>{"sent", "lost"});
}
