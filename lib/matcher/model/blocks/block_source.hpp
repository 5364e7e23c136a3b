// TorchScript of a block.
#pragma once

#include <string>

#include "matcher/model/blocks/block.hpp"

namespace matcher::model {

/// Returns the source of a block's methods (network/block_contract.hpp); `scaled`: with layer scales.
std::string block_source(const BlockShape& shape, bool scaled);

}  // namespace matcher::model
