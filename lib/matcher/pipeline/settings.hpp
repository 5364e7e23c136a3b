// Lists the settings and where each comes from: `matcher config`.
#pragma once

#include <map>
#include <string>

#include "matcher/pipeline/context.hpp"
#include "matcher/report/setting_list.hpp"

namespace matcher::pipeline {

/// `settings` as loaded; `flags`: values of global flags by key, such as {"workdir", "/tmp/w"}. Secrets are not shown.
report::SettingList list_settings(const Context& context, const config::Settings& settings,
                                  const std::map<std::string, std::string>& flags);

}  // namespace matcher::pipeline
