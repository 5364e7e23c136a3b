#include "matcher/pipeline/settings.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using namespace matcher::pipeline;

namespace {

report::ListedSetting setting(const report::SettingList& list, const std::string& name) {
  return *std::ranges::find(list.settings, name, &report::ListedSetting::name);
}

}  // namespace

TEST_CASE("a setting comes from a line of the file, from the command line, or is a default") {
  test::Surroundings here;
  const auto settings = config::parse_settings("depth: 50\nserver:\n  timeout: 7\nworkdir: a\n", "m.yaml");
  const auto list = list_settings(here.context, settings, {{"workdir", "b"}});
  CHECK(list.file == "m.yaml");
  CHECK(setting(list, "depth").value == "50");
  CHECK(setting(list, "depth").origin == "m.yaml:1");
  CHECK(setting(list, "server.timeout").value == "7");
  CHECK(setting(list, "server.timeout").origin == "m.yaml:3");
  CHECK(setting(list, "workdir").value == "b");
  CHECK(setting(list, "workdir").origin == "the command line");
  CHECK(setting(list, "top_k").value == "5");
  CHECK(setting(list, "top_k").origin == "default");
  CHECK(setting(list, "folder of the cache").value == (here.scratch / "work" / "cache").string());
}

TEST_CASE("secrets are not shown") {
  test::Surroundings here;
  const auto settings = config::parse_settings("server:\n  token: abc\n  headers: [\"X-Key: abc\"]\n", "m.yaml");
  const auto list = list_settings(here.context, settings, {});
  CHECK(setting(list, "server.token").value == "(set, not shown)");
  for (const auto& listed : list.settings) CHECK(listed.value.find("abc") == std::string::npos);
}
