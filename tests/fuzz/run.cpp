#include "fuzz/run.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <new>

#include "matcher/core/error.hpp"
#include "matcher/image/image.hpp"

namespace matcher::fuzz {
namespace {

/// Finds texts that no user should read. A sentence may quote the input, which has such a text by itself: libFuzzer
/// puts what it sees compared into inputs.
bool is_raw(std::string_view message, std::string_view input) {
  const auto has = [](std::string_view text, const char* mark) { return text.find(mark) != std::string_view::npos; };
  return std::ranges::any_of(std::array{"[json.exception", "filesystem error"},
                             [&](const char* mark) { return has(message, mark) && !has(input, mark); });
}

}  // namespace

const Target* find_target(std::string_view name) {
  for (const auto* target : targets()) {
    if (target->name == name) return target;
  }
  return nullptr;
}

std::string fault_of(const Target& target, std::string_view input) {
  try {
    target.run(input);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unexpected || is_raw(error.what(), input))
      return std::string("raw message: ") + error.what();
  } catch (const image::DecodeError& error) {
    if (is_raw(error.what(), input)) return std::string("raw message: ") + error.what();
  } catch (const std::bad_alloc&) {
    return "";  // the program reports a lack of memory; libFuzzer has limits of its own
  } catch (const std::exception& error) {
    return std::string("unexpected exception: ") + error.what();
  }
  return "";
}

}  // namespace matcher::fuzz
