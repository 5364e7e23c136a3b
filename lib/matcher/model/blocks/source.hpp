// TorchScript of the small parts that networks share.
#pragma once

#include <cstdint>
#include <string>

namespace matcher::model {

/// The source `torch.linear(<value>, ...)` with the weights `<name>_weight` and, if `bias`, `<name>_bias`.
std::string linear_call(const std::string& name, const std::string& value, bool bias = true);

/// The source `torch.layer_norm(<value>, ...)` for a value in fp32, with the weights `<name>_weight` and `<name>_bias`.
std::string norm_call(const std::string& name, const std::string& value, std::int64_t width, double epsilon);

/// The source of `patches_method` (network/block_contract.hpp).
std::string patches_source(std::int64_t patch, bool bias);

/// The source of `project_method` or `project_text_method`, with the weight `<name>_weight` and, if `bias`,
/// `<name>_bias`.
std::string project_source(const std::string& method, const std::string& name, bool bias = false);

}  // namespace matcher::model
