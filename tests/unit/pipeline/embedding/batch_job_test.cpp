// Batches that are under way at the same time, as they are on a GPU.
#include "matcher/pipeline/embedding/batch_job.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <functional>
#include <limits>
#include <thread>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "unit/core/scratch.hpp"

using namespace matcher;

namespace {

/// A text's vector is (its length, 1); batches take different times, so that later ones end before earlier ones.
class Slow : public model::Embedder {
 public:
  explicit Slow(int lanes) : lanes_(lanes) {}
  std::size_t dimension() const override { return 2; }
  std::string fingerprint() const override { return "slow"; }
  Device device() const override { return {Device::Kind::cpu, 0}; }
  Precision precision() const override { return Precision::fp32; }
  bool takes_texts() const override { return true; }
  model::Sample prepare(image::LazyImage&) const override { return {}; }
  int lanes() const override { return lanes_; }

  Matrix embed(std::span<const model::Sample> batch) override {
    most = std::max(most.load(), ++now_);
    on_caller = on_caller && std::this_thread::get_id() == caller_;
    std::this_thread::sleep_for(std::chrono::milliseconds(5 * (3 - begun_++ % 4)));
    --now_;
    Matrix vectors(batch.size(), 2);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (batch[i].text == fails_at) throw Error(ErrorCode::resource, "no memory for " + fails_at);
      vectors.row(i)[0] = float(batch[i].text.size());
      if (gives_nan(batch[i].text.size())) vectors.row(i)[0] = std::numeric_limits<float>::quiet_NaN();
      vectors.row(i)[1] = 1;
    }
    return vectors;
  }

  std::string fails_at;
  std::function<bool(std::size_t)> gives_nan = [](std::size_t) { return false; };
  std::atomic<int> most = 0;
  std::atomic<bool> on_caller = true;

 private:
  const std::thread::id caller_ = std::this_thread::get_id();
  int lanes_;
  std::atomic<int> now_ = 0, begun_ = 0;
};

/// 100 texts in batches of 7.
struct Job {
  explicit Job(int lanes) : embedder(lanes) {
    for (std::size_t i = 1; i <= 100; ++i) {
      auto& item = items.emplace_back();
      item.id = std::to_string(i);
      item.text = std::string(i, 'x');
    }
    for (const auto& item : items) works.push_back({&item, Role::gallery});
    execution.batch_size = 7;
    execution.threads = 2;
  }

  std::string run() {
    store::EmbeddingWriter writer(scratch / "set", "key", 2);
    pipeline::BatchJob job(observer, execution, embedder, writer, nullptr);
    job.run(works, "texts");
    CHECK(job.reused() == 0);
    writer.finish({});
    return read_text(scratch / "set/vectors.npy") + read_text(scratch / "set/items.csv");
  }

  test::Scratch scratch;
  SilentObserver observer;
  Slow embedder;
  std::vector<dataset::Item> items;
  std::vector<pipeline::Work> works;
  pipeline::ExecutionOptions execution;
};

}  // namespace

TEST_CASE("batches that are under way at once are written in the order of the dataset") {
  Job one(1), several(3);
  const auto alone = one.run();
  CHECK(one.embedder.most == 1);
  CHECK(one.embedder.on_caller);
  CHECK(several.run() == alone);
  CHECK(several.embedder.most > 1);
  CHECK(several.embedder.most <= 4);  // those of the lanes, and one that waits for a lane
}

TEST_CASE("a batch that fails stops the job with its error, whatever else is under way") {
  Job job(GENERATE(1, 3));
  job.embedder.fails_at = std::string(50, 'x');
  CHECK_THROWS_MATCHES(job.run(), Error, Catch::Matchers::Message("no memory for " + job.embedder.fails_at));
  CHECK(!fs::exists(job.scratch / "set"));
}

TEST_CASE("a job stops after one more unusable item than it may have, and names the last") {
  Job job(1);
  job.items[3].text = "";
  job.items[3].path = (job.scratch / "none.jpg").string();
  job.items[5] = job.items[3];
  job.execution.max_failures = 2;
  CHECK_NOTHROW(job.run());
  job.execution.max_failures = 1;
  CHECK(test::error_of(ErrorCode::input, [&] { job.run(); }) ==
        "2 images cannot be used, more than --max-failures 1 allows; the last: " + job.items[3].path +
            ": cannot be read: No such file or directory");
}

TEST_CASE("an item whose vector is NaN is a failure with its reason, and the others stay") {
  Job job(GENERATE(1, 3));
  job.embedder.gives_nan = [](std::size_t length) { return length == 10 || length == 100; };
  const auto set = job.run();
  CHECK(set.find("\n9,") != std::string::npos);
  CHECK(set.find("\n10,") == std::string::npos);
  const std::string reason = "the model returns NaN or infinity for it in fp32. Use another export of the model";
  CHECK(read_text(job.scratch / "set/failures.csv") ==
        "id,path,role,reason\n10,,gallery," + reason + "\n100,,gallery," + reason + "\n");
}

TEST_CASE("broken vectors count as unusable items") {
  Job job(1);
  job.embedder.gives_nan = [](std::size_t length) { return length == 10; };
  job.execution.max_failures = 0;
  CHECK(test::error_of(ErrorCode::input, [&] {
          job.run();
        }).starts_with("1 images cannot be used, more than --max-failures 0 allows; the last: "));
}

TEST_CASE("a model that returns NaN for everything stops the job early") {
  Job job(1);
  job.embedder.gives_nan = [](std::size_t) { return true; };
  CHECK(test::error_of(ErrorCode::mismatch, [&] { job.run(); }) ==
        "none of the first 64 vectors can be used; the last: 64: the model returns NaN or infinity for it in fp32. Use "
        "another export of the model");
}

TEST_CASE("time counts as busy once, however many are at work") {
  pipeline::BusyTime busy;
  const auto start = pipeline::BusyTime::Clock::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        busy.begin();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        busy.end();
      });
    }
  }
  CHECK(busy.total() >= std::chrono::milliseconds(20));
  CHECK(busy.total() <= pipeline::BusyTime::Clock::now() - start);
}

TEST_CASE("a job whose network waited for decoding names the share and the option") {
  CHECK(pipeline::describe_slow_decoding({10, 4, 100, 90}) ==
        "the network waited for decoded images 60 % of the time. --decode fast decodes 90 of the 100 images at a "
        "reduced size. To measure what that costs in accuracy, compare the models NAME and NAME@fast");
  CHECK(pipeline::describe_slow_decoding({10, 8, 100, 90}).empty());  // the network was busy
  CHECK(pipeline::describe_slow_decoding({10, 4, 100, 50}).empty());  // most images are small
  CHECK(pipeline::describe_slow_decoding({1, 0.4, 100, 90}).empty());
  CHECK(pipeline::describe_slow_decoding({10, 0, 0, 0}).empty());
}
