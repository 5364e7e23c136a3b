// Cleans texts as the programs do that the text networks were trained with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace matcher::model {

/// `siglip`: transformers' for SigLIP. The others are open_clip's "tokenizer_kwargs.clean".
enum class Cleaning {
  siglip,        ///< lower case, without ASCII punctuation, one space between words
  canonicalize,  ///< the same after repairs; an underscore is a space
  lower,         ///< repairs, lower case, one space between words
  whitespace     ///< repairs, one space between words
};

std::string_view to_string(Cleaning cleaning);

/// Returns nothing for an unknown name.
std::optional<Cleaning> find_cleaning(std::string_view name);

/// Cleans a text. Throws Error(input) for a text that is not UTF-8.
std::string clean(std::string_view text, Cleaning cleaning);

}  // namespace matcher::model
