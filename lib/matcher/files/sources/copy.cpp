#include "matcher/files/copy.hpp"

#include <fmt/format.h>

#include <array>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"

namespace matcher {

void copy_content(const fs::path& from, const fs::path& to) {
  auto in = open_for_reading(from);
  OutputFile out(to);
  std::array<char, 1 << 16> block{};
  do {
    in.read(block.data(), block.size());
    out.write(std::string_view(block.data(), std::size_t(in.gcount())));
  } while (in);
  if (in.bad()) throw Error(ErrorCode::input, fmt::format("cannot read \"{}\" to its end", from.string()));
  out.sync();
  out.close();
}

}  // namespace matcher
