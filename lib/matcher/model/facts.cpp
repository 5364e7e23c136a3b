#include "matcher/model/facts.hpp"

#include <string>
#include <string_view>

#include "matcher/model/adapted.hpp"
#include "matcher/model/bundle/archive.hpp"
#include "matcher/model/bundle/records.hpp"

namespace matcher::model {

namespace {

Facts add_bases(const Bundle& bundle) {
  const auto [map, photos] = read_map(bundle.path);
  Facts all{.parameters = map.mean.size() + map.matrix.data.size(), .takes_texts = true};
  for (const auto& base : bundle.adaptation.bases) {
    const auto facts = read_facts(base.bundle);
    all.parameters += facts.parameters;
    all.takes_texts = all.takes_texts && facts.takes_texts;
  }
  return all;
}

}  // namespace

Facts read_facts(const Bundle& bundle) {
  if (bundle.is_adapted()) return add_bases(bundle);
  if (!bundle.builtin.empty()) return {};
  require_file(bundle);
  const bool is_half = bundle.precision == Precision::bf16 || bundle.precision == Precision::fp16;
  Facts facts;
  for (const auto& record : stored_records(bundle.path)) {
    const std::string_view name = record.name;
    if (name == std::string("extra/") + tokenizer_record) facts.takes_texts = true;
    if (name.starts_with("data/") || name.starts_with("constants/"))
      facts.parameters += record.size / (is_half ? 2 : 4);
  }
  return facts;
}

}  // namespace matcher::model
