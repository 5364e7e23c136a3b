// The names of all formats that matcher prints or stores, and the salts of its hashes. Each stands here only.
// Never change a name: other programs read it. A format that changes its meaning gets a new number.
#pragma once

namespace matcher::schema {

// Printed by --format json; written in report/json/.
inline constexpr const char* adaptation = "matcher.adaptation/1";
inline constexpr const char* answers = "matcher.answers/1";
inline constexpr const char* audit = "matcher.audit/1";
inline constexpr const char* cache_list = "matcher.cache/1";
inline constexpr const char* collection_check = "matcher.collection_check/1";
inline constexpr const char* comparison = "matcher.comparison/1";
inline constexpr const char* config = "matcher.config/1";
inline constexpr const char* detection = "matcher.detection/1";
inline constexpr const char* doctor = "matcher.doctor/1";
inline constexpr const char* error = "matcher.error/1";
inline constexpr const char* fusion = "matcher.fusion/1";
inline constexpr const char* models = "matcher.models/1";
inline constexpr const char* report = "matcher.report/1";
inline constexpr const char* trend = "matcher.trend/1";
inline constexpr const char* tuning = "matcher.tuning/1";
inline constexpr const char* verification = "matcher.verification/1";
inline constexpr const char* views = "matcher.views/1";

// Stored on disk or in a vector database. Two formats share a name with another one: keep the bytes.
inline constexpr const char* cache_pack = "matcher.cache/1";  ///< header of a pack; `cache_list` is printed
inline constexpr const char* collection = "matcher.collection/1";
inline constexpr const char* embeddings = "matcher.embeddings/1";
inline constexpr const char* index_folder = "matcher.index/1";
inline constexpr const char* index_file = "matcher.index/1";  ///< last line of index.faiss
inline constexpr const char* run = "matcher.run/1";
inline constexpr const char* threshold = "matcher.threshold/1";
inline constexpr const char* tokenizer = "matcher.tokenizer/1";
inline constexpr const char* gemma_tokenizer = "matcher.gemma_tokenizer/1";
inline constexpr const char* styled_tokenizer = "matcher.styled_tokenizer/1";
inline constexpr const char* sentencepiece_tokenizer = "matcher.sentencepiece_tokenizer/1";

}  // namespace matcher::schema

/// The first field of a hash, so that two kinds of hashes never agree. A changed byte changes fingerprints, the
/// halves of tuned queries, or both.
namespace matcher::salt {

inline constexpr const char* adapted = "matcher.adapted/1";
inline constexpr const char* ensemble = "matcher.ensemble/1";
inline constexpr const char* imported_model = "matcher.imported/1";
inline constexpr const char* fused_model = "matcher.fusion/1";
inline constexpr const char* model = "matcher.model/1";
inline constexpr const char* request = "matcher.request/1";
inline constexpr const char* steps = "matcher.steps/1";
inline constexpr const char* tuning_half = "matcher.fusion/1";

}  // namespace matcher::salt
