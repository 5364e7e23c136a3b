// A tokenizer behind the cleaning and the padding that open_clip adds to it.
#pragma once

#include <optional>

#include "matcher/model/text/cleaning.hpp"
#include "matcher/model/text/tokenizer.hpp"

namespace matcher::model {

struct TextStyle {
  Cleaning cleaning = Cleaning::lower;
  std::int64_t pad = 0;
};

class StyledTokenizer final : public Tokenizer {
 public:
  StyledTokenizer(AnyTokenizer inner, TextStyle style) : inner_(std::move(inner)), style_(style) {}

  std::vector<std::int64_t> encode(std::string_view text, std::size_t context_length) const override {
    return inner_->encode(clean(text, style_.cleaning), context_length);
  }
  std::size_t size() const override { return inner_->size(); }
  std::int64_t end() const override { return inner_->end(); }
  std::int64_t pad() const override { return style_.pad; }
  std::string serialise() const override;

 private:
  AnyTokenizer inner_;
  TextStyle style_;
};

}  // namespace matcher::model
