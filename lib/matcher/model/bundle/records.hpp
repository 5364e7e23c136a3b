// Names the records that matcher adds to a TorchScript file, below `extra/`.
#pragma once

namespace matcher::model {

inline constexpr const char *description_record = "matcher.yaml", *tokenizer_record = "tokenizer.json",
                            *golden_input_record = "golden/input.npy",
                            *golden_embedding_record = "golden/embedding.npy", *golden_text_record = "golden/text.txt",
                            *golden_text_embedding_record = "golden/text_embedding.npy";

}  // namespace matcher::model
