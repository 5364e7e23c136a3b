#include "matcher/run/folder/trec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/run/folder/hashed_lines.hpp"

namespace matcher::run {
namespace {

constexpr std::string_view blanks = " \t\r", byte_order_mark = "\xEF\xBB\xBF";

std::string_view next_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  const auto word = rest.substr(0, rest.find_first_of(blanks));
  rest.remove_prefix(word.size());
  return word;
}

template <std::size_t columns>
std::array<std::string_view, columns> split(std::string_view line) {
  std::array<std::string_view, columns> words;
  for (auto& word : words) word = next_word(line);
  if (!words.back().empty() && next_word(line).empty()) return words;
  throw std::out_of_range(fmt::format("not {} words", columns));
}

template <class T>
T parse(std::string_view word, const char* kind) {
  T value{};
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error == std::errc() && stop == word.data() + word.size() && value == value) return value;  // not NaN
  throw std::out_of_range(fmt::format("\"{}\" is not a {}", word, kind));
}

/// Calls `use` with the words and the number of every line that is not blank. Returns the hash of the file.
template <std::size_t columns, class Use>
std::string for_each_line(const fs::path& file, const char* form, Use use) {
  LineReader lines(file);
  for (std::string line; lines.next(line);) {
    const auto number = lines.number();
    if (number == 1 && line.starts_with(byte_order_mark)) line.erase(0, byte_order_mark.size());
    if (line.find_first_not_of(blanks) == std::string::npos) continue;
    try {
      use(split<columns>(line), number);
    } catch (const std::out_of_range& error) {
      throw Error(ErrorCode::input, fmt::format("{}:{}: {}; a line is: {}", file.string(), number, error.what(), form));
    }
  }
  return lines.hash();
}

bool is_plain(char c) { return (c > ' ' && c != '%' && c != 0x7f) || (c & 0x80); }

}  // namespace

std::string escape_id(std::string_view id) {
  std::string word;
  for (const char c : id)
    word += is_plain(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return word;
}

std::string unescape_id(std::string_view word) {
  std::string id;
  for (std::size_t i = 0; i < word.size(); ++i) {
    unsigned code = 0;
    const bool escaped = word[i] == '%' && i + 2 < word.size() &&
                         std::from_chars(&word[i + 1], &word[i + 1] + 2, code, 16).ptr == &word[i + 1] + 2;
    id += escaped ? char(code) : word[i];
    if (escaped) i += 2;
  }
  return id;
}

std::string for_each_answer(const fs::path& file, const std::function<void(const AnswerLine&)>& use) {
  return for_each_line<6>(file, "query Q0 item rank score tag", [&](const auto& words, std::size_t) {
    use({words[0], words[2], words[3], words[5], float(parse<double>(words[4], "number"))});
  });
}

std::string for_each_judgement(const fs::path& file, const std::function<void(const JudgementLine&)>& use) {
  return for_each_line<4>(file, "query 0 item grade", [&](const auto& words, std::size_t number) {
    use({words[0], words[2], parse<long>(words[3], "whole number"), number});
  });
}

std::string answer_lines(const RankedQuery& query, const std::string& model) {
  const auto query_id = escape_id(query.id), tag = escape_id(model);
  const auto scores = falling_scores(query.answers);
  std::string lines;
  for (std::size_t i = 0; i < scores.size(); ++i)
    lines += fmt::format("{} Q0 {} {} {:.9g} {}\n", query_id, escape_id(query.answers[i].id), i + 1, scores[i], tag);
  return lines;
}

std::string judgement_lines(const RankedQuery& query) {
  std::string lines;
  for (const auto& id : query.relevant_ids) lines += fmt::format("{} 0 {} 1\n", escape_id(query.id), escape_id(id));
  return lines;
}

}  // namespace matcher::run
