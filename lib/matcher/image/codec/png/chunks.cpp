#include "matcher/image/codec/png/chunks.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <set>

namespace matcher::image {
namespace {

void check_inflate(int result) {
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
}

/// Inflates at most 1 MiB; "" for damaged data.
std::string inflate_text(std::string_view packed) {
  std::string text(1 << 20, '\0');
  z_stream stream{};
  check_inflate(::inflateInit(&stream));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int result = ::inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  ::inflateEnd(&stream);
  check_inflate(result);
  return result == Z_STREAM_END ? text : std::string();
}

/// Splits off the text before the next NUL; the whole rest if there is none.
std::string_view take(std::string_view& rest) {
  const auto end = std::min(rest.find('\0'), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

/// After the keyword: whether the text is compressed, the method, a language, a translated keyword, the text.
std::string international(std::string_view rest) {
  if (rest.size() < 2) return {};
  const bool is_packed = rest[0] != 0;
  rest.remove_prefix(2);
  take(rest);
  take(rest);
  return is_packed ? inflate_text(rest) : std::string(rest);
}

}  // namespace

PngChunk read_png_chunk(const ByteReader& reader, std::size_t at) {
  const std::size_t length = reader.u32(at);
  return {reader.text(at + 4, 4), reader.part(at, length + 12), reader.part(at + 8, length)};
}

bool is_intact(const PngChunk& chunk) {
  const Bytes checked = chunk.whole.subspan(4, chunk.whole.size() - 8);
  const auto* data = reinterpret_cast<const Bytef*>(checked.data());
  return ::crc32_z(0, data, checked.size()) == ByteReader(chunk.whole).u32(chunk.whole.size() - 4);
}

PngText read_png_text(const PngChunk& chunk) {
  if (chunk.name != "tEXt" && chunk.name != "zTXt" && chunk.name != "iTXt") return {};
  static const std::set<std::string, std::less<>> wanted{"exif", "Raw profile type exif", "XML:com.adobe.xmp"};
  const std::string content = to_text(chunk.content);
  std::string_view rest = content;
  PngText found{std::string(take(rest)), {}};
  if (!wanted.contains(found.keyword)) return {};
  if (chunk.name == "tEXt") found.text = rest;
  if (chunk.name == "zTXt" && !rest.empty()) found.text = inflate_text(rest.substr(1));
  if (chunk.name == "iTXt") found.text = international(rest);
  return found;
}

}  // namespace matcher::image
