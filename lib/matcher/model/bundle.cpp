#include "matcher/model/bundle.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/mapped_file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/bundle/archive.hpp"
#include "matcher/model/bundle/builtin.hpp"
#include "matcher/model/bundle/records.hpp"
#include "matcher/model/checkpoint/safetensors.hpp"

namespace matcher::model {

namespace {

std::uintmax_t file_size(const Bundle& bundle) {
  require_file(bundle);
  std::error_code error;
  const auto size = fs::file_size(bundle.path, error);
  if (error)
    throw Error(ErrorCode::input, fmt::format("\"{}\" cannot be read ({})", bundle.path.string(), error.message()));
  return size;
}

void require_base(const std::string& name, const BaseModel& base) try {
  if (!base.problem.empty()) throw Error(ErrorCode::input, base.problem);
  require_file(base.bundle);
} catch (const Error& error) {
  throw Error(error.code(),
              fmt::format("the adapted model \"{}\" needs its base \"{}\": {}", name, base.name, error.what()));
}

}  // namespace

std::uintmax_t size_bytes(const Bundle& bundle) {
  if (!bundle.builtin.empty()) return builtin_source(bundle.builtin).size();
  auto size = file_size(bundle);
  for (const auto& base : bundle.adaptation.bases) size += size_bytes(base.bundle);
  return size;
}

void require_file(const Bundle& bundle) {
  for (const auto& base : bundle.adaptation.bases) require_base(bundle.name, base);
  if (!bundle.builtin.empty() || (!bundle.path.empty() && path_exists(bundle.path))) return;
  const auto file = bundle.file.empty() ? bundle.name + ".pt" : bundle.file;
  const auto next = bundle.get.empty()
                        ? std::string("; put it into models/ or into a folder of $MATCHER_MODELS")
                        : fmt::format("; get it into models/ or a folder of $MATCHER_MODELS with: {}", bundle.get);
  throw Error(ErrorCode::input, fmt::format("the TorchScript file {} of model \"{}\" is missing{}",
                                            bundle.path.empty() ? file : bundle.path.string(), bundle.name, next));
}

std::string embedded_metadata(const fs::path& file) {
  if (file.extension() == ".safetensors") return read_metadata(MappedFile(file), file, description_record);
  return extra_record(file, description_record).value_or("");
}

}  // namespace matcher::model
