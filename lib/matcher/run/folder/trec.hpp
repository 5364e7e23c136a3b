// Reads and writes the lines of run.trec and qrels.trec, the files of trec_eval.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "matcher/run/run.hpp"

namespace matcher::run {

/// An id as a single word: blanks, control characters and '%' become "%20" and so on.
std::string escape_id(std::string_view id);
std::string unescape_id(std::string_view word);

/// "query Q0 item rank score tag"; the words are borrowed from the line, ids as they are in the file.
struct AnswerLine {
  std::string_view query, item, rank, tag;
  float score = 0;
};

/// "query 0 item grade"; right if the grade is above 0.
struct JudgementLine {
  std::string_view query, item;
  long grade = 0;
  std::size_t number = 0;  ///< line number, from 1
};

/// Calls `use` with every line that is not blank. Returns the hash of the file. Throws Error(input) with file and line
/// for a damaged line, and for one at which `use` throws.
std::string for_each_answer(const std::filesystem::path& file, const std::function<void(const AnswerLine&)>& use);
std::string for_each_judgement(const std::filesystem::path& file, const std::function<void(const JudgementLine&)>& use);

/// The lines of a known query: its answers with strictly falling scores, and its relevant items.
std::string answer_lines(const RankedQuery& query, const std::string& model);
std::string judgement_lines(const RankedQuery& query);

}  // namespace matcher::run
