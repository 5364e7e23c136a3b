#include "matcher/model/torch/operators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace matcher::model {
namespace {

struct Since {
  std::string_view name, version;
};

/// Operators that networks may call and LibTorch 1.13 lacks, from native_functions.yaml of each release.
constexpr std::array newer_operators{
    Since{"_efficient_attention_forward", "2.0"},
    Since{"_flash_attention_forward", "2.0"},
    Since{"_fused_rms_norm", "2.8"},
    Since{"_grouped_mm", "2.8"},
    Since{"_int_mm", "2.1"},
    Since{"_mixed_dtypes_linear", "2.2"},
    Since{"_native_batch_norm_legit", "2.0"},
    Since{"_native_batch_norm_legit_no_training", "2.1"},
    Since{"_safe_softmax", "2.5"},
    Since{"_scaled_dot_product_cudnn_attention", "2.3"},
    Since{"_scaled_dot_product_efficient_attention", "2.0"},
    Since{"_scaled_dot_product_flash_attention", "2.0"},
    Since{"_scaled_dot_product_flash_attention_for_cpu", "2.3"},
    Since{"_scaled_mm", "2.1"},
    Since{"_unsafe_index", "2.1"},
    Since{"_unsafe_masked_index", "2.5"},
    Since{"_upsample_lanczos2d_aa", "2.12"},
    Since{"_weight_int4pack_mm", "2.2"},
    Since{"_weight_int8pack_mm", "2.3"},
    Since{"all", "2.2"},
    Since{"any", "2.2"},
    Since{"hash_tensor", "2.9"},
    Since{"linspace", "2.2"},
    Since{"logspace", "2.2"},
    Since{"nonzero_static", "2.1"},
    Since{"pad_sequence", "2.5"},
    Since{"rms_norm", "2.4"},
    Since{"scaled_dot_product_attention", "2.0, with scale since 2.1 and enable_gqa since 2.5"},
    Since{"stft", "2.7"},
    Since{"sym_numel", "2.1"},
    Since{"sym_size", "2.1"},
    Since{"sym_stride", "2.1"},
};

std::string_view since(std::string_view name) {
  const auto found = std::ranges::find(newer_operators, name, &Since::name);
  return found == newer_operators.end() ? std::string_view() : found->version;
}

/// Returns the word "library::name" at `start`.
std::string_view word_at(std::string_view text, std::size_t start) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:";
  return text.substr(start, std::min(text.find_first_not_of(letters, start), text.size()) - start);
}

std::string in_words(std::string_view operation, std::string_view how) {
  const auto name = operation.substr(operation.rfind(':') + 1);
  if (!operation.starts_with("aten::"))
    return fmt::format("the operator {}, which is not LibTorch's but of an extension that matcher does not load",
                       operation);
  if (since(name).empty()) return fmt::format("the operator {}{}, which a newer LibTorch may have", operation, how);
  return fmt::format("the operator {}{}, which LibTorch has since {}", operation, how, since(name));
}

}  // namespace

std::string missing_operator(const std::string& message) {
  constexpr std::string_view unknown = "Unknown builtin op: ", wrong = "Arguments for call are not valid",
                             mark = "aten::";
  if (const auto at = message.find(unknown); at != std::string::npos)
    return in_words(word_at(message, at + unknown.size()), "");
  if (message.find(wrong) == std::string::npos || message.find(mark) == std::string::npos) return {};
  return in_words(word_at(message, message.find(mark)), " with arguments that are new");
}

}  // namespace matcher::model
