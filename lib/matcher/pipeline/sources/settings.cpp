#include "matcher/pipeline/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <vector>

#include "matcher/core/log_level.hpp"
#include "matcher/pipeline/context.hpp"

namespace matcher::pipeline {
namespace {

using config::Settings;

std::string hidden(bool is_set) { return is_set ? "(set, not shown)" : ""; }

struct Value {
  const char* name;
  std::string text;
  const char* variable = nullptr;  ///< the variable of the environment that goes before the file
};

std::vector<Value> values_of(const Settings& s, const Context& context) {
  return {{"model", s.model},
          {"dataset", s.dataset},
          {"workdir", context.workdir.string()},
          {"device", to_string(s.device)},
          {"precision", to_string(s.precision)},
          {"decode", s.decode ? std::string(image::to_string(*s.decode)) : ""},
          {"batch_size", fmt::format("{}", s.batch_size)},
          {"threads", fmt::format("{}", s.threads)},
          {"max_failures", s.max_failures ? fmt::format("{}", *s.max_failures) : ""},
          {"index", s.index},
          {"top_k", fmt::format("{}", s.top_k)},
          {"depth", fmt::format("{}", s.depth)},
          {"ks", fmt::format("{}", fmt::join(s.ks, ", "))},
          {"log_level", to_string(s.log_level)},
          {"progress_seconds", fmt::format("{}", s.progress_seconds)},
          {"server.token", hidden(!s.server.token.empty()), "MATCHER_SERVER_TOKEN"},
          {"server.headers", hidden(!s.server.headers.empty()), "MATCHER_SERVER_HEADERS"},
          {"server.ca_file", s.server.ca_file},
          {"server.timeout", fmt::format("{}", s.server.timeout)},
          {"server.requests", fmt::format("{}", s.server.requests)}};
}

std::string origin_of(const Value& value, const Settings& settings, const std::string& unset) {
  if (value.variable != nullptr && std::getenv(value.variable) != nullptr) return fmt::format("${}", value.variable);
  const auto line = settings.lines.find(value.name);
  return line == settings.lines.end() ? unset : fmt::format("{}:{}", settings.origin, line->second);
}

std::string folders(const std::vector<std::filesystem::path>& all) {
  std::string text;
  for (const auto& folder : all) text += (text.empty() ? "" : ":") + folder.string();
  return text;
}

std::string variable_or_default(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? fmt::format("${}, and the usual folders", name) : "default";
}

/// The origin of a value that no file gives.
std::string unset_origin(const Value& value, const config::WorkFolders& own) {
  return value.name == std::string("workdir") && !own.origin.empty() ? own.origin : "default";
}

/// The origin of a folder that is inside the work folder, or one of the user's, which a variable may name.
std::string folder_origin(const std::filesystem::path& folder, const config::WorkFolders& own, const char* variable) {
  if (folder.parent_path() == own.work) return "workdir";
  const char* value = std::getenv(variable);
  return value != nullptr && *value == '/' ? fmt::format("${}", variable) : "default";
}

}  // namespace

report::SettingList list_settings(const Context& context, const Settings& settings,
                                  const std::map<std::string, std::string>& flags) {
  report::SettingList list{settings.origin, {}};
  const auto& own = context.places.own;
  for (const auto& value : values_of(settings, context)) {
    const auto flag = flags.find(value.name);
    if (flag == flags.end())
      list.settings.push_back({value.name, value.text, origin_of(value, settings, unset_origin(value, own))});
    else
      list.settings.push_back({value.name, flag->second, "the command line"});
  }
  list.settings.push_back(
      {"folders of models", folders(context.places.model_folders), variable_or_default("MATCHER_MODELS")});
  list.settings.push_back(
      {"folders of datasets", folders(context.places.dataset_folders), variable_or_default("MATCHER_DATASETS")});
  list.settings.push_back(
      {"folder of new models", own.models.string(), folder_origin(own.models, own, "XDG_DATA_HOME")});
  list.settings.push_back({"folder of the cache", own.cache.string(), folder_origin(own.cache, own, "XDG_CACHE_HOME")});
  return list;
}

}  // namespace matcher::pipeline
