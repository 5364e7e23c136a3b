// Writes ZIP archives of stored records, as PyTorch does.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace matcher::test {

inline std::string little_endian(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

/// With `wide`, offsets are in ZIP64 fields and end records, as in large files of PyTorch.
inline std::string make_zip(const std::vector<std::pair<std::string, std::string>>& records, bool wide = true) {
  const auto n = [](std::uint64_t value, int width) { return little_endian(value, width); };
  std::string body, directory;
  for (const auto& [name, text] : records) {
    const auto offset = body.size();
    const auto common = std::string(12, '\0');  // flags, compression, time and checksum
    const auto sizes = n(text.size(), 4) + n(text.size(), 4);
    const auto extra = wide ? n(0x4242, 2) + n(1, 2) + "Z" + n(1, 2) + n(8, 2) + n(offset, 8) : std::string();
    body += "PK\3\4" + n(20, 2) + common + sizes.substr(0, 8) + n(name.size(), 2) + n(0, 2) + name + text;
    directory += "PK\1\2" + n(20, 2) + n(20, 2) + common + sizes + n(name.size(), 2) + n(extra.size(), 2) + n(0, 2) +
                 n(0, 8) + n(wide ? 0xffffffff : offset, 4) + name + extra;
  }
  const auto start = body.size();
  std::string end;
  if (wide) {
    end = "PK\6\6" + n(44, 8) + n(45, 2) + n(45, 2) + n(0, 8) + n(records.size(), 8) + n(records.size(), 8) +
          n(directory.size(), 8) + n(start, 8);
    end += "PK\6\7" + n(0, 4) + n(start + directory.size(), 8) + n(1, 4);
  }
  end += "PK\5\6" + n(0, 4) + n(records.size(), 2) + n(records.size(), 2) + n(directory.size(), 4) +
         n(wide ? 0xffffffff : start, 4) + n(0, 2);
  return body + directory + end;
}

}  // namespace matcher::test
