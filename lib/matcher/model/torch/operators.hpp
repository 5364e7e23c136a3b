// Which version of LibTorch brought the operators that modules saved by a newer PyTorch call.
#pragma once

#include <string>

namespace matcher::model {

/// What a file needs that this LibTorch does not have, as "the operator aten::x, which LibTorch has since 2.4"; "" when
/// `message`, of LibTorch when it loads a file, is about something else.
std::string missing_operator(const std::string& message);

}  // namespace matcher::model
