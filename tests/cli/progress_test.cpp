// Progress on a terminal and without one, and Ctrl-C.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "cli/running.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// Ten photos; the fourth is a pipe, which stops the job until somebody opens and closes it.
class SlowPhotos {
 public:
  SlowPhotos() {
    std::string rows = "path\n";
    for (int i = 1; i <= 10; ++i) {
      const auto name = "p" + std::to_string(i) + ".jpg";
      rows += name + "\n";
      if (i != 4) cli::write(folder_ / name, cli::text_of(cli::demo() + "/gallery/p0001/1.jpg") + std::to_string(i));
    }
    REQUIRE(::mkfifo((folder_ / "p4.jpg").c_str(), 0600) == 0);
    cli::write(folder_ / "photos.csv", rows);
  }

  std::vector<std::string> embed() const {
    return {"--workdir",
            folder_.str("w"),
            "embed",
            "--model",
            "colour-layout",
            "--dataset",
            folder_.str("photos.csv"),
            "--output",
            folder_.str("set"),
            "--threads",
            "1",
            "--batch-size",
            "1"};
  }

  /// Sends the signal while the job waits for the pipe.
  cli::Result stop_by(int signal) const {
    cli::Running running(embed());
    const int pipe = ::open((folder_ / "p4.jpg").c_str(), O_WRONLY);  // waits until the job reads
    running.send(signal);
    ::close(pipe);
    return running.wait();
  }

  const cli::Folder& folder() const { return folder_; }

 private:
  cli::Folder folder_;
};

/// The lines that progress draws over each other.
std::vector<std::string> drawn_lines(const std::string& shown) {
  const std::string start = "\r\033[K";
  std::vector<std::string> lines;
  for (auto at = shown.find(start); at != std::string::npos;) {
    const auto next = shown.find(start, at + start.size());
    auto line = shown.substr(at + start.size(), next == std::string::npos ? next : next - at - start.size());
    if (line.find('\n') == std::string::npos && !line.empty()) lines.push_back(std::move(line));
    at = next;
  }
  return lines;
}

}  // namespace

TEST_CASE("Ctrl-C keeps what is done, and the same command continues") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const SlowPhotos photos;
    const auto stopped = photos.stop_by(signal);
    CHECK(stopped.code == 128 + signal);
    CHECK(stopped.out.empty());
    const auto finished = cli::between(stopped.err, "matcher: stopped after ", " of 10");
    CHECK(stopped.err == "matcher: stopped after " + finished + " of 10; the same command continues\n");
    CHECK(finished >= "1");
    CHECK(finished <= "9");
    CHECK_FALSE(cli::fs::exists(photos.folder() / "set"));
    const auto again = cli::run(photos.embed());
    CHECK(again.code == 0);
    CHECK_THAT(again.err, ContainsSubstring("continued after " + finished + " finished images"));
    CHECK_THAT(again.out, ContainsSubstring("set: 9 vectors"));
  }
}

TEST_CASE("a signal before the first step ends the command at once") {
  const cli::Folder folder;
  REQUIRE(::mkfifo((folder / "matcher.yaml").c_str(), 0600) == 0);
  cli::Running running({"--config", folder.str("matcher.yaml"), "models"});
  const int pipe = ::open((folder / "matcher.yaml").c_str(), O_WRONLY);
  running.send(SIGINT);
  const auto stopped = running.wait();
  ::close(pipe);
  CHECK(stopped.code == 128 + SIGINT);
  CHECK(stopped.err == "\nmatcher: stopped; run the same command again to continue\n");
}

TEST_CASE("progress names the step, the model and the side, and fits the terminal") {
  const cli::Folder work;
  const auto shown = cli::run_on_terminal(
      {"--workdir", work.str("w"), "compare", "--models", "colour-layout,gradient-layout", "--dataset", cli::demo()},
      44);
  for (const std::string start : {"[1/2] colour-layout, gallery ", "[1/2] colour-layout, queries ",
                                  "[2/2] gradient-layout, gallery ", "[2/2] gradient-layout, queries "})
    CHECK_THAT(shown, ContainsSubstring("\r\033[K" + start));
  const auto lines = drawn_lines(shown);
  REQUIRE(lines.size() >= 4);
  for (const auto& line : lines) CHECK(line.size() < 44);
}

TEST_CASE("a short job without a terminal prints no progress, and the cache names the model once") {
  const cli::Folder work;
  const auto embed = [&](const std::string& output) {
    return cli::run({"--workdir", work.str("w"), "embed", "--model", "colour-layout", "--dataset", cli::demo(),
                     "--output", work.str(output)});
  };
  CHECK(embed("a").err.empty());
  CHECK(embed("b").err == "matcher: colour-layout: all vectors from the cache\n");
}

TEST_CASE("without a terminal progress is a line after the chosen time") {
  const cli::Folder work;
  cli::write(work / "often.yaml", "progress_seconds: 0\n");
  cli::write(work / "seldom.yaml", "progress_seconds: 3600\n");
  int runs = 0;
  const auto embed = [&](const std::string& config, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"--config", work.str(config), "--workdir", work.str("w"), "embed", "--model",
                               "colour-layout", "--dataset", cli::demo(), "--split", "gallery", "--batch-size", "8",
                               "--no-cache", "--output", work.str("set-" + std::to_string(++runs))});
    return cli::run(more).err;
  };
  const auto lines = embed("often.yaml");
  CHECK(std::ranges::count(lines, '\n') == 3);  // 24 images in batches of 8
  CHECK_THAT(lines, StartsWith("matcher: colour-layout, gallery 8/24, ") && ContainsSubstring(" a second, ") &&
                        ContainsSubstring("\nmatcher: colour-layout, gallery 24/24, "));
  CHECK(embed("seldom.yaml").empty());
  CHECK(embed("often.yaml", {"--quiet"}).empty());
}

TEST_CASE("eval says once that all vectors are from the cache") {
  const cli::Folder work;
  const auto eval = [&] {
    return cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset", cli::demo()});
  };
  eval();
  cli::fs::remove_all(work / "w/embeddings");
  CHECK(eval().err == "matcher: colour-layout: all vectors from the cache\nmatcher: the run is in " + work.str("w") +
                          "/runs/demo-colour-layout\n");
}
