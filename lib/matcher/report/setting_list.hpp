// The settings and where each comes from, as `matcher config` publishes them: plain data.
#pragma once

#include <string>
#include <vector>

namespace matcher::report {

struct ListedSetting {
  std::string name;    ///< the key of matcher.yaml, such as "server.timeout"; a variable of the environment: $NAME
  std::string value;   ///< empty: none; secrets are not shown
  std::string origin;  ///< "matcher.yaml:3", "--workdir", "$MATCHER_SERVER_TOKEN" or "default"
};

/// matcher.config/1.
struct SettingList {
  std::string file;  ///< the matcher.yaml that was read; empty: none
  std::vector<ListedSetting> settings;
};

}  // namespace matcher::report
