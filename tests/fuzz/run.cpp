#include "fuzz/run.hpp"

#include <exception>
#include <new>

#include "matcher/core/error.hpp"
#include "matcher/image/image.hpp"

namespace matcher::fuzz {
namespace {

/// Finds texts that no user should read.
bool is_raw(std::string_view text) {
  return text.find("[json.exception") != text.npos || text.find("filesystem error") != text.npos;
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
    if (error.code() == ErrorCode::unexpected || is_raw(error.what()))
      return std::string("raw message: ") + error.what();
  } catch (const image::DecodeError& error) {
    if (is_raw(error.what())) return std::string("raw message: ") + error.what();
  } catch (const std::bad_alloc&) {
    return "";  // the program reports a lack of memory; libFuzzer has limits of its own
  } catch (const std::exception& error) {
    return std::string("unexpected exception: ") + error.what();
  }
  return "";
}

}  // namespace matcher::fuzz
