// Turns what LibTorch throws into an Error with one sentence.
#pragma once

#include <exception>
#include <string>

#include "matcher/core/error.hpp"

namespace matcher::model {

/// Returns the line with the reason: after the interpreter's stack if there is one, before LibTorch's own stack.
std::string reason_of(const std::exception& error);
bool is_out_of_memory(const std::string& reason);

/// Runs `work`. Turns what LibTorch throws into an Error with the message `say(reason)`; its code is `code`, or
/// `resource` if memory ran out.
template <typename Work, typename Say>
auto guarded(ErrorCode code, const Work& work, const Say& say) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    const auto reason = reason_of(error);
    throw Error(is_out_of_memory(error.what()) ? ErrorCode::resource : code, say(reason));
  }
}

}  // namespace matcher::model
