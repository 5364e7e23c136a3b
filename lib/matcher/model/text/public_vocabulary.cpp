#include "matcher/model/text/public_vocabulary.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <new>

#include "matcher/core/units.hpp"
#include "matcher/files/file.hpp"
#include "matcher/model/text/byte_characters.hpp"

namespace matcher::model {
namespace {

constexpr std::size_t merges_used = 49152 - 256 - 2;  // the file has 262,144
constexpr std::size_t text_limit = 64 << 20;          // bytes; the public file has 3.2 million

using GzipFile = std::unique_ptr<gzFile_s, decltype(&gzclose_r)>;

/// Reads a file that may be compressed.
std::string read_compressed(const fs::path& path) {
  open_for_reading(path);  // throws if the file cannot be opened
  errno = 0;
  const GzipFile file(gzopen(path.c_str(), "rb"), &gzclose_r);
  if (!file && errno == ENOMEM) throw std::bad_alloc();
  if (!file) fail_vocabulary(path.string(), "cannot be read");
  std::string text;
  std::array<char, 1 << 16> block;
  int count = 0;
  while ((count = gzread(file.get(), block.data(), block.size())) > 0) {
    text.append(block.data(), std::size_t(count));
    if (text.size() > text_limit)
      fail_vocabulary(path.string(), fmt::format("is not a vocabulary: it has more than {}", human_bytes(text_limit)));
  }
  int status = Z_OK;
  gzerror(file.get(), &status);  // only this reports a truncated file
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  if (status == Z_BUF_ERROR) fail_vocabulary(path.string(), "is truncated");
  if (count < 0 || status != Z_OK) fail_vocabulary(path.string(), "is damaged: it cannot be unpacked");
  return text;
}

std::vector<std::string> public_tokens(const Vocabulary& vocabulary) {
  std::vector<std::string> tokens;
  for (const int byte : bytes_by_id()) tokens.push_back(byte_characters()[std::size_t(byte)]);
  for (std::size_t i = 0; i < 256; ++i) tokens.push_back(tokens[i] + std::string(end_of_word));
  for (const auto& [left, right] : vocabulary.merges) tokens.push_back(left + right);
  tokens.emplace_back(start_token);
  tokens.emplace_back(end_token);
  return tokens;
}

/// Returns up to `count` lines.
std::string_view first_lines(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (; count > 0 && end < text.size(); --count) end = std::min(text.find('\n', end), text.size() - 1) + 1;
  return text.substr(0, end);
}

}  // namespace

Vocabulary read_public_vocabulary(const fs::path& file) {
  const auto text = read_compressed(file);
  const auto header = first_lines(text, 1);
  if (header.find("#version") == std::string_view::npos)
    fail_vocabulary(file.string(), fmt::format("is not a CLIP vocabulary: its first line is {}", quote(header)));
  const auto lines = first_lines(std::string_view(text).substr(header.size()), merges_used);
  Vocabulary vocabulary{{}, read_merges(lines, 2, file.string()), file.string()};
  vocabulary.tokens = public_tokens(vocabulary);
  return vocabulary;
}

}  // namespace matcher::model
