#include "matcher/model/torch/output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "matcher/core/error.hpp"

namespace matcher::model {
namespace {

std::string shape_of(const at::Tensor& tensor) { return fmt::format("[{}]", fmt::join(tensor.sizes(), ", ")); }

/// Describes what a module returned.
std::string describe(const c10::IValue& value) {
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    return fmt::format("a tensor {} of {}", shape_of(tensor), c10::toString(tensor.scalar_type()));
  }
  if (value.isTuple()) return fmt::format("a tuple of {} values", value.toTupleRef().elements().size());
  if (value.isGenericDict()) return fmt::format("a dictionary of {} values", value.toGenericDict().size());
  return fmt::format("a value of type {}", value.type()->repr_str());
}

/// Returns ": a, b" for the keys of a dictionary, ": 0 to 2" for a tuple or list, "" for anything else.
std::string choices(const c10::IValue& value) {
  if (value.isTuple()) return fmt::format(": 0 to {}", value.toTupleRef().elements().size() - 1);
  if (value.isTensorList()) return fmt::format(": 0 to {}", value.toTensorList().size() - 1);
  if (value.isList()) return fmt::format(": 0 to {}", value.toListRef().size() - 1);
  if (!value.isGenericDict()) return {};
  std::vector<std::string> keys;
  for (const auto& entry : value.toGenericDict())
    keys.push_back(entry.key().isString() ? entry.key().toStringRef() : "?");
  std::ranges::sort(keys);
  return fmt::format(": {}", fmt::join(keys, ", "));
}

/// Finds an element of a dictionary, tuple or list by key or number; nullopt if there is none.
std::optional<c10::IValue> element(const c10::IValue& value, const std::string& key) {
  if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      if (entry.key().isString() && entry.key().toStringRef() == key) return entry.value();
    }
    return std::nullopt;
  }
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (error != std::errc() || end != key.data() + key.size()) return std::nullopt;
  if (value.isTuple() && number < value.toTupleRef().elements().size()) return value.toTupleRef().elements()[number];
  if (value.isTensorList() && number < value.toTensorList().size())
    return c10::IValue(value.toTensorList().get(number));
  if (value.isList() && number < value.toListRef().size()) return value.toListRef()[number];
  return std::nullopt;
}

}  // namespace

void Output::fail(const c10::IValue& output, std::size_t n, const std::string& next) const {
  throw Error(ErrorCode::mismatch, fmt::format("model \"{}\" returns {} for {} {}, {}", name_, describe(output), n,
                                               n == 1 ? "image" : "images", next));
}

/// Follows the keys and numbers of the path.
c10::IValue Output::select(c10::IValue value, std::size_t n) const {
  for (std::size_t at = 0; at < path_.size();) {
    const auto end = std::min(path_.find('.', at), path_.size());
    const auto step = path_.substr(at, end - at);
    auto found = element(value, step);
    if (!found)
      fail(value, n, fmt::format("which has no \"{}\"; correct \"output\" in its description{}", step, choices(value)));
    value = *std::move(found);
    at = end + 1;
  }
  return value;
}

at::Tensor Output::pool(const at::Tensor& tokens) const {
  if (pooling_ == Pooling::cls) return tokens.select(1, 0);
  return tokens.slice(1, 1).mean(1);
}

at::Tensor Output::vectors(const c10::IValue& returned, std::size_t n) const {
  const auto output = select(returned, n);
  const int rank = pooling_ == Pooling::none ? 2 : 3;
  if (!output.isTensor() || output.toTensor().dim() != rank || !output.toTensor().is_floating_point())
    fail(output, n, wanted(output));
  return pooling_ == Pooling::none ? output.toTensor() : pool(output.toTensor());
}

std::string Output::wanted(const c10::IValue& output) const {
  if (pooling_ != Pooling::none) {
    return fmt::format(
        "but pooling {} needs a float tensor [n, t, d] of tokens; correct \"pooling\" or \"output\" in its "
        "description",
        pooling_ == Pooling::cls ? "cls" : "mean");
  }
  const std::string need = "but matcher needs a float tensor [n, d]; ";
  if (output.isTensor() && output.toTensor().dim() == 3 && output.toTensor().is_floating_point())
    return need + "for tokens say \"pooling: cls\" or \"pooling: mean\" in its description";
  if (!choices(output).empty()) return need + "say which with \"output\" in its description" + choices(output);
  return need + "export it with pooled features as its only output";
}

}  // namespace matcher::model
