#include <signal.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/service.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

/// An index of the demo photos, and what queries it.
class Shelf {
 public:
  Shelf() {
    const auto built =
        cli::run(work, {"index", "--model", "colour-layout", "--dataset", cli::demo(), "--output", work.str("shelf")});
    REQUIRE(built.code == 0);
  }

  std::vector<std::string> query(const std::vector<std::string>& more) const {
    std::vector<std::string> all{"--workdir", work.str("w"), "query", "--index", work.str("shelf")};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  cli::Folder work;
};

std::string photo(const std::string& name) { return cli::demo() + "/gallery/" + name; }

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> lines;
  for (std::size_t start = 0, end = 0; (end = text.find('\n', start)) != std::string::npos; start = end + 1)
    lines.push_back(json::parse(text.substr(start, end - start)));
  return lines;
}

}  // namespace

TEST_CASE("query reads one image from standard input") {
  const Shelf shelf;
  const auto bytes = cli::text_of(photo("p0001/1.jpg"));
  const auto piped = cli::run_with_input(shelf.query({"--format", "json", "-"}), bytes);
  INFO(piped.err);
  CHECK(piped.code == 0);
  const auto query = json::parse(piped.out)["queries"][0];
  CHECK(query["query"] == "-");
  const auto by_path = cli::run(shelf.query({"--format", "json", photo("p0001/1.jpg")}));
  CHECK(query["answers"] == json::parse(by_path.out)["queries"][0]["answers"]);
  const auto boxes =
      cli::run_with_input(shelf.query({"--format", "csv", "--box", "0,0,20,20", "--box", "5,5,20,20", "-"}), bytes);
  CHECK_THAT(boxes.out, ContainsSubstring("\"'-#0,0,20,20\",1,") && ContainsSubstring("\"'-#5,5,20,20\",1,"));
}

TEST_CASE("query refuses what it cannot read from standard input") {
  const Shelf shelf;
  const auto error = [&](const std::vector<std::string>& more, const std::string& input) {
    const auto result = cli::run_with_input(shelf.query(more), input);
    return std::to_string(result.code) + " " + result.err;
  };
  CHECK(error({"-", "-"}, "") ==
        "2 matcher: error: \"-\" reads one image from standard input, but it was given twice\n");
  CHECK(error({"-", "--files-from", "-"}, "") ==
        "2 matcher: error: \"-\" reads an image and --files-from - reads a list, both from standard input. Give one of "
        "them\n");
  CHECK(error({"--files-from", "-", "--box", "1,1,2,2"}, "") ==
        "2 matcher: error: --box cuts one image, so it cannot be combined with --files-from\n");
  CHECK(error({"-0", photo("p0001/1.jpg")}, "") ==
        "2 matcher: error: --null needs --files-from; see matcher query --help\n");
  CHECK(error({"-"}, "no image") ==
        "3 matcher: error: no answers for \"-\": not an image, but text. Replace it with the "
        "image, or remove it\n");
  CHECK(error({"--files-from", "-"}, "\n\n") ==
        "3 matcher: error: the list on standard input names no image. Write one path per line, or with --null one "
        "before each NUL\n");
}

TEST_CASE("query answers a list of paths with a line of JSON each, in order") {
  const Shelf shelf;
  cli::write(shelf.work / "two words.jpg", cli::text_of(photo("p0002/1.jpg")));
  cli::write(shelf.work / "broken.jpg", "no image");
  cli::fs::create_directories(shelf.work / "empty");
  const auto list = photo("p0001/1.jpg") + "\r\n\n" + shelf.work.str("two words.jpg") + "\n" +
                    shelf.work.str("broken.jpg") + "\n" + shelf.work.str("none.jpg") + "\n" + photo("p0003") + "\n" +
                    shelf.work.str("empty") + "\n" + photo("p0004/2.jpg");
  cli::write(shelf.work / "list", list);
  const auto from_file = cli::run(shelf.query({"--files-from", shelf.work.str("list"), "--format", "ndjson"}));
  CHECK(from_file.code == 3);
  CHECK(from_file.err.empty());
  const auto lines = lines_of(from_file.out);
  REQUIRE(lines.size() == 8);
  CHECK(lines[0]["query"] == photo("p0001/1.jpg"));
  CHECK(lines[0]["kind"] == "image");
  CHECK(lines[0]["answers"].size() == 5);
  CHECK(lines[0]["answers"][0]["rank"] == 1);
  CHECK(lines[0]["answers"][0]["label"] == "p0001");
  CHECK(lines[0]["answers"][0]["id"] == "gallery/p0001/1.jpg");
  CHECK(lines[0]["answers"][0]["score"].get<double>() > 0.999);
  CHECK(lines[1]["answers"][0]["label"] == "p0002");
  CHECK(lines[2] == json{{"query", shelf.work.str("broken.jpg")},
                         {"error", "not an image, but text. Replace it with the image, or remove it"}});
  CHECK(lines[3] ==
        json{{"query", shelf.work.str("none.jpg")}, {"error", "cannot be read: No such file or directory"}});
  CHECK(lines[4]["query"] == photo("p0003/1.jpg"));
  CHECK(lines[5]["query"] == photo("p0003/2.jpg"));
  CHECK(lines[6] == json{{"query", shelf.work.str("empty")}, {"error", "it is a folder without images"}});
  CHECK(lines[7]["answers"][0]["label"] == "p0004");
  CHECK(cli::run_with_input(shelf.query({"--files-from", "-", "--format", "ndjson"}), list).out == from_file.out);

  const auto into_file = cli::run(
      shelf.query({"--files-from", shelf.work.str("list"), "--format", "ndjson", "--write-to", shelf.work.str("out")}));
  CHECK(into_file.out.empty());
  CHECK(cli::text_of(shelf.work / "out") == from_file.out);
}

TEST_CASE("paths of a list may end with NUL") {
  const Shelf shelf;
  cli::write(shelf.work / "two\nlines.jpg", cli::text_of(photo("p0002/1.jpg")));
  const auto list = shelf.work.str("two\nlines.jpg") + '\0' + photo("p0001/1.jpg") + '\0';
  const auto result = cli::run_with_input(shelf.query({"--files-from", "-", "-0", "--format", "ndjson"}), list);
  CHECK(result.code == 0);
  const auto lines = lines_of(result.out);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0]["query"] == shelf.work.str("two\nlines.jpg"));
  CHECK(lines[0]["answers"][0]["label"] == "p0002");
  const auto without = cli::run_with_input(shelf.query({"--files-from", "-", "--format", "ndjson"}), list);
  CHECK(without.code == 3);
  CHECK(json::parse(without.err)["message"] ==
        "cannot read the list on standard input: a line contains a NUL byte. If the paths end with NUL, as find "
        "-print0 writes them, add --null");
}

TEST_CASE("a folder of query stands for its images") {
  const Shelf shelf;
  const auto result = cli::run(shelf.query({"--format", "ndjson", cli::demo() + "/gallery"}));
  CHECK(result.code == 0);
  const auto lines = lines_of(result.out);
  REQUIRE(lines.size() == 24);
  CHECK(lines[0]["query"] == photo("p0001/1.jpg"));
  CHECK(lines[23]["query"] == photo("p0012/2.jpg"));
  CHECK(std::ranges::all_of(lines, [](const json& line) { return line["answers"][0]["score"].get<double>() > 0.999; }));
  const auto box = cli::run(shelf.query({"--box", "0,0,9,9", cli::demo()}));
  CHECK(box.code == 2);
  CHECK(box.err ==
        "matcher: error: --box cuts one image, but \"" + cli::demo() + "\" is a folder; give the path of an image\n");
}

TEST_CASE("query answers each path at once while its writer waits, and goes on after a broken one") {
  const Shelf shelf;
  cli::Service service(shelf.query({"--files-from", "-", "--format", "ndjson"}));
  for (const char* name : {"p0001", "p0002", "p0003"}) {
    service.write(photo(name) + "/1.jpg\n");
    CHECK(json::parse(service.read_line())["answers"][0]["label"] == name);
  }
  service.write("none.jpg\n");
  CHECK(json::parse(service.read_line())["error"] == "cannot be read: No such file or directory");
  service.write(photo("p0004/1.jpg") + "\n" + photo("p0005/1.jpg"));
  CHECK(json::parse(service.read_line())["answers"][0]["label"] == "p0004");
  service.close_input();
  CHECK(json::parse(service.read_line())["answers"][0]["label"] == "p0005");
  const auto end = service.finish();
  CHECK(end.code == 3);
  CHECK(end.out.empty());
  CHECK(end.err.empty());
}

TEST_CASE("a signal ends query while it waits for paths, and a reader that goes away ends it silently") {
  const Shelf shelf;
  const auto arguments = shelf.query({"--files-from", "-", "--format", "ndjson"});
  cli::Service waiting(arguments);
  waiting.write(photo("p0001/1.jpg") + "\n");
  CHECK_FALSE(waiting.read_line().empty());
  waiting.send(SIGINT);
  CHECK(waiting.finish().code == 128 + SIGINT);
  cli::Service left(arguments);
  left.write(photo("p0001/1.jpg") + "\n");
  CHECK_FALSE(left.read_line().empty());
  left.close_output();
  left.write(photo("p0002/1.jpg") + "\n");
  const auto end = left.finish();
  CHECK(end.code == 128 + SIGPIPE);
  CHECK(end.err.empty());
}

TEST_CASE("CSV of query can leave out its header") {
  const Shelf shelf;
  const auto with = cli::run(shelf.query({"--format", "csv", photo("p0001/1.jpg")}));
  const auto without = cli::run(shelf.query({"--format", "csv", "--no-header", photo("p0001/1.jpg")}));
  CHECK(without.code == 0);
  CHECK(with.out == "query,rank,label,score,id,path,nearest,nearest_score\n" + without.out);
  const auto refused = cli::run(shelf.query({"--no-header", photo("p0001/1.jpg")}));
  CHECK(refused.code == 2);
  CHECK(refused.err == "matcher: error: --no-header is for --format csv, not table\n");
}

TEST_CASE("with --format json, lost queries are lines of JSON on stderr; with ndjson they are in the result alone") {
  const Shelf shelf;
  const auto json_result = cli::run(shelf.query({"--format", "json", "none.jpg", photo("p0001/1.jpg")}));
  CHECK(json_result.code == 3);
  CHECK(json_result.err ==
        "{\"schema\":\"matcher.error/1\",\"code\":3,\"kind\":\"input\",\"message\":\"cannot open \\\"none.jpg\\\": No "
        "such file or directory. Correct the path\"}\n");
  const auto lines = cli::run(shelf.query({"--format", "ndjson", "none.jpg"}));
  CHECK(lines.code == 3);
  CHECK(lines.out == "{\"query\":\"none.jpg\",\"error\":\"cannot be read: No such file or directory\"}\n");
  CHECK(lines.err.empty());
}

TEST_CASE("below the threshold a line has no answers but the nearest product") {
  const Shelf shelf;
  const auto line = [&](const std::string& threshold) {
    return json::parse(
        cli::run(shelf.query({"--format", "ndjson", "--threshold", threshold, photo("p0001/1.jpg")})).out);
  };
  const auto none = line("1.5");
  CHECK(none["match"] == false);
  CHECK(none["answers"].empty());
  CHECK(none["nearest"]["label"] == "p0001");
  CHECK(line("-1")["match"] == true);
}

TEST_CASE("other commands have no format ndjson") {
  const auto result = cli::run({"models", "--format", "ndjson"});
  CHECK(result.code == 2);
  CHECK_THAT(result.err,
             ContainsSubstring("only matcher query has the format ndjson; use table, markdown, csv, latex or json"));
}
