// Knows which version of LibTorch added which operator, for files saved by a newer PyTorch.
#pragma once

#include <string>

namespace matcher::model {

/// Finds the missing operator in LibTorch's message about a file: "the operator aten::x, which LibTorch has since 2.4".
/// Returns "" if the message is about something else.
std::string missing_operator(const std::string& message);

}  // namespace matcher::model
