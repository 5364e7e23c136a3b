// What LibTorch throws, as one sentence.
#pragma once

#include <exception>
#include <string>

#include "matcher/core/error.hpp"

namespace matcher::model {

/// The line that says it: after the interpreter's stack where there is one, and before LibTorch's own.
std::string reason_of(const std::exception& error);
bool is_out_of_memory(const std::string& reason);

/// Runs `work`; what LibTorch throws becomes an Error with the code `code` and a message of `say(reason)`.
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
