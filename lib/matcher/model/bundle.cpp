#include "matcher/model/bundle.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/bundle/archive.hpp"
#include "matcher/model/bundle/builtin.hpp"
#include "matcher/model/bundle/records.hpp"

namespace matcher::model {

std::uintmax_t size_bytes(const Bundle& bundle) {
  if (!bundle.builtin.empty()) return builtin_source(bundle.builtin).size();
  require_file(bundle);
  std::error_code error;
  const auto size = fs::file_size(bundle.path, error);
  if (error)
    throw Error(ErrorCode::input, fmt::format("\"{}\" cannot be read ({})", bundle.path.string(), error.message()));
  return size;
}

void require_file(const Bundle& bundle) {
  if (!bundle.builtin.empty() || (!bundle.path.empty() && path_exists(bundle.path))) return;
  const auto file = bundle.file.empty() ? bundle.name + ".pt" : bundle.file;
  const auto next = bundle.get.empty()
                        ? std::string("; put it into models/ or into a folder of $MATCHER_MODELS")
                        : fmt::format("; get it into models/ or a folder of $MATCHER_MODELS with: {}", bundle.get);
  throw Error(ErrorCode::input, fmt::format("the TorchScript file {} of model \"{}\" is missing{}",
                                            bundle.path.empty() ? file : bundle.path.string(), bundle.name, next));
}

std::string embedded_metadata(const fs::path& file) { return extra_record(file, description_record).value_or(""); }

}  // namespace matcher::model
