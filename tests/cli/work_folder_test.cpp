#include "cli/work_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include "cli/drawn_photos.hpp"

namespace cli {

Result WorkFolder::operator()(std::vector<std::string> arguments, bool quiet) const {
  if (quiet) arguments.insert(arguments.begin(), "--quiet");
  return run(folder_, std::move(arguments));
}

nlohmann::json WorkFolder::parsed(std::vector<std::string> arguments) const {
  arguments.insert(arguments.end(), {"--format", "json"});
  const auto result = (*this)(std::move(arguments));
  INFO(result.err);
  REQUIRE(result.code == 0);
  return nlohmann::json::parse(result.out);
}

std::string WorkFolder::refused(std::vector<std::string> arguments, int code) const {
  const auto result = (*this)(std::move(arguments));
  INFO(result.err);
  CHECK(result.code == code);
  CHECK(result.out.empty());
  return result.err;
}

std::string shop_photos() {
  static const Folder folder;
  static const auto path = draw_photos(folder, {"--products", "16", "--gallery-views", "4", "--query-views", "2",
                                                "--unknown", "2", "--size", "64", "--seed", "5"});
  return path;
}

}  // namespace cli
