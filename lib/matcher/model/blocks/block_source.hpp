// TorchScript of a block.
#pragma once

#include <string>

#include "matcher/model/blocks/block.hpp"

namespace matcher::model {

/// Returns the source of a block's methods (network/block_contract.hpp), with the scales and the inner norms that have
/// names.
std::string block_source(const BlockShape& shape, const BlockNames& names);

}  // namespace matcher::model
