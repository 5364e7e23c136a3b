#include "matcher/index/file/reason.hpp"

#include <faiss/impl/FaissException.h>

#include <algorithm>
#include <string_view>

namespace matcher::index {

std::string reason_of(const std::exception& error) {
  if (!dynamic_cast<const faiss::FaissException*>(&error)) return "it contains a number that is out of range";
  std::string_view text = error.what();
  if (const auto file = text.find(".cpp:"); file != std::string_view::npos)
    text.remove_prefix(std::min(text.size(), text.find(": ", file) + 2));
  if (const auto failed = text.find("' failed: "); failed != std::string_view::npos && text.size() > failed + 10)
    text.remove_prefix(failed + 10);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace matcher::index
