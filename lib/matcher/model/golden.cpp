#include "matcher/model/golden.hpp"

#include <fmt/format.h>

#include "matcher/files/file.hpp"
#include "matcher/model/bundle/archive.hpp"
#include "matcher/model/bundle/records.hpp"

namespace matcher::model {

std::optional<GoldenSample> read_golden(const fs::path& file) {
  const auto input = extra_record(file, golden_input_record), embedding = extra_record(file, golden_embedding_record);
  if (!input || !embedding) return std::nullopt;
  GoldenSample golden{parse_npy(*input, fmt::format("the golden input in {}", file.string())),
                      parse_npy(*embedding, fmt::format("the golden embedding in {}", file.string())),
                      {},
                      {}};
  const auto text = extra_record(file, golden_text_record), vector = extra_record(file, golden_text_embedding_record);
  if (text && vector) {
    golden.text = *text;
    golden.text_embedding = parse_npy(*vector, fmt::format("the golden embedding of a text in {}", file.string()));
  }
  return golden;
}

}  // namespace matcher::model
