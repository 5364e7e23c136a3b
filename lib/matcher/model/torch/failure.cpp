#include "matcher/model/torch/failure.hpp"

#include <c10/util/Exception.h>

#include <new>
#include <string_view>

namespace matcher::model {
namespace {

/// Without the place in LibTorch's sources: "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: ".
std::string without_place(std::string reason) {
  if (!reason.starts_with("[enforce fail")) return reason;
  for (const std::string_view mark : {"Allocator: ", "] "}) {
    if (const auto at = reason.find(mark); at != std::string::npos) return reason.substr(at + mark.size());
  }
  return reason;
}

}  // namespace

std::string reason_of(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return "not enough memory";
  const auto* own = dynamic_cast<const c10::Error*>(&error);
  const std::string text = own != nullptr ? own->what_without_backtrace() : error.what();
  constexpr std::string_view mark = "RuntimeError: ";
  const auto marked = text.rfind(mark);
  const auto start = text.find_first_not_of(" \n", marked == std::string::npos ? 0 : marked + mark.size());
  if (start == std::string::npos) return "no reason given";
  auto reason = text.substr(start, text.find('\n', start) - start);
  while (reason.ends_with('.')) reason.pop_back();
  return without_place(reason);
}

bool is_out_of_memory(const std::string& reason) {
  for (const char* words : {"out of memory", "t allocate memory", "not enough memory", "bad_alloc"}) {
    if (reason.find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace matcher::model
