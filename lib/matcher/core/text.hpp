// Checks, repairs and measures texts: UTF-8, byte order marks, files that are not text, columns on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace matcher {

/// Returns the text as UTF-8 without a byte order mark. Converts UTF-16, with a mark or recognised by its zeros. Throws
/// Error(input) that names what `name` is if it is compressed, a workbook or another binary file.
std::string to_utf8(std::string bytes, const std::string& name);

/// The ways to write a text in bytes; automatic: UTF-16 with a mark or recognised by its zeros, otherwise UTF-8.
enum class Encoding { automatic, utf8, utf16, latin1 };

/// Parses utf-8, utf-16 or latin-1 in any case and with or without the dash. Throws Error(usage).
Encoding parse_encoding(std::string_view text);

/// Converts as to_utf8() from a chosen encoding. Throws Error(input), with the line, for bytes that are not of it, and
/// for a text that mixes UTF-8 and another encoding.
std::string to_valid_utf8(std::string bytes, const std::string& name, Encoding encoding);

/// Throws as to_valid_utf8() for bytes that are not UTF-8.
void check_utf8(std::string_view text, const std::string& name);

/// Throws as to_utf8() for files that are not texts.
void refuse_binary(std::string_view start, const std::string& name);

/// Returns the length of the valid UTF-8 sequence at the start of `text`, which is not empty; 0 for an invalid byte.
std::size_t sequence_length(std::string_view text);

/// Replaces each byte that is not part of valid UTF-8 by U+FFFD.
std::string valid_utf8(std::string_view text);

/// Returns the number of columns that a terminal needs for the text: two for a wide character (CJK, emoji), none for a
/// combining one, one for a byte that is not UTF-8.
std::size_t cell_count(std::string_view text);

/// Returns the longest start of the text that needs at most `cells` columns.
std::string_view fitting_start(std::string_view text, std::size_t cells);

/// Converts ASCII letters to lower case.
std::string lower_case(std::string_view text);

}  // namespace matcher
