#include "matcher/model/checkpoint/safetensors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"

namespace matcher::model {
namespace {

using json = nlohmann::json;

constexpr std::uint64_t header_limit = 100'000'000;  // bytes; the format's own limit
constexpr std::size_t prefix = 8;                    // bytes of the field with the header's length
constexpr std::size_t most_dimensions = 16;
constexpr const char* metadata = "__metadata__";
constexpr std::string_view pointer_mark =
    "version https://git-lfs";  // the first words of the file that Git LFS puts in place of a large one

struct TypeName {
  const char* name;
  ElementType type;
  std::uint64_t bits;
};
constexpr TypeName type_names[] = {
    {"F32", ElementType::fp32, 32},  {"F16", ElementType::fp16, 16},     {"BF16", ElementType::bf16, 16},
    {"F64", ElementType::other, 64}, {"I64", ElementType::other, 64},    {"I32", ElementType::other, 32},
    {"I16", ElementType::other, 16}, {"I8", ElementType::other, 8},      {"U64", ElementType::other, 64},
    {"U32", ElementType::other, 32}, {"U16", ElementType::other, 16},    {"U8", ElementType::other, 8},
    {"BOOL", ElementType::other, 8}, {"F8_E4M3", ElementType::other, 8}, {"F8_E5M2", ElementType::other, 8},
};

/// Finds duplicates, which nlohmann's parser accepts: a tensor, or a field of a tensor.
class Duplicates {
 public:
  struct Found {
    std::string tensor, reason;
  };

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (event != json::parse_event_t::key || depth > 2) return true;
    const auto key = parsed.get<std::string>();
    if (depth == 1) {
      tensor_ = key;
      fields_.clear();
      if (!tensors_.insert(key).second) found_ = {key, "is twice in the header"};
    } else if (tensor_ != metadata && !fields_.insert(key).second) {
      found_ = {tensor_, fmt::format("has \"{}\" twice", printable(key))};
    }
    return true;
  }
  const std::optional<Found>& found() const { return found_; }

 private:
  std::set<std::string> tensors_, fields_;
  std::string tensor_;
  std::optional<Found> found_;
};

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, const fs::path& path) : bytes_(bytes), path_(path) {}

  StoredTensors read() {
    const json header = parse_header();
    StoredTensors tensors;
    for (const auto& [name, entry] : header.items()) {
      if (name != metadata) tensors.emplace(name, read_tensor(name, entry));
    }
    check_layout(tensors);
    return tensors;
  }

  std::string read_metadata(const std::string& key) {
    const json header = parse_header();
    const auto entries = header.find(metadata);
    if (entries == header.end() || !entries->is_object()) return {};
    const auto found = entries->find(key);
    return found != entries->end() && found->is_string() ? found->get<std::string>() : "";
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCode::input, fmt::format("{} {}; fetch it again", path_.string(), reason));
  }
  [[noreturn]] void fail_tensor(std::string_view name, const std::string& reason) const {
    fail(fmt::format("is damaged: tensor \"{}\" {}", printable(name), reason));
  }

  static std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::uint64_t header_size() const {
    if (text_of(bytes_).starts_with(pointer_mark)) fail("is only a Git LFS pointer to the weights");
    if (bytes_.size() < prefix) fail(fmt::format("is not a safetensors file: it has {} bytes", bytes_.size()));
    std::uint64_t size = 0;
    for (std::size_t i = prefix; i-- > 0;) size = size << 8 | std::to_integer<std::uint64_t>(bytes_[i]);
    if (size > header_limit) fail(fmt::format("is not a safetensors file: its header would have {} bytes", size));
    if (size > bytes_.size() - prefix)
      fail(fmt::format("is truncated: its header has {} bytes, but the file only {}", size, bytes_.size()));
    return size;
  }

  json parse_header() {
    const auto size = header_size();
    data_ = bytes_.subspan(prefix + size);
    const auto text = text_of(bytes_.subspan(prefix, size));
    if (is_nested_too_deeply(text)) fail("is not a safetensors file: its header is nested too deeply");
    Duplicates duplicates;
    json header;
    try {
      header = json::parse(text, std::ref(duplicates));
    } catch (const json::exception&) {
      fail("is not a safetensors file: its header is not JSON");
    }
    if (!header.is_object()) fail("is not a safetensors file: its header is not a JSON object");
    if (duplicates.found()) fail_tensor(duplicates.found()->tensor, duplicates.found()->reason);
    return header;
  }

  StoredTensor read_tensor(const std::string& name, const json& entry) const {
    if (!entry.is_object()) fail_tensor(name, "has no description");
    StoredTensor tensor;
    tensor.file = path_;
    const auto bits = read_type(name, entry, tensor);
    tensor.shape = read_shape(name, entry);
    tensor.bytes = read_bytes_of(name, entry, size_in_bytes(name, tensor, bits));
    return tensor;
  }

  std::uint64_t read_type(const std::string& name, const json& entry, StoredTensor& tensor) const {
    const auto found = entry.find("dtype");
    if (found == entry.end() || !found->is_string()) fail_tensor(name, "has no dtype");
    tensor.type_name = found->get<std::string>();
    for (const auto& [known, type, bits] : type_names) {
      if (tensor.type_name != known) continue;
      tensor.type = type;
      return bits;
    }
    fail_tensor(name, fmt::format("has the unknown dtype \"{}\"", printable(tensor.type_name)));
  }

  std::vector<std::int64_t> read_shape(const std::string& name, const json& entry) const {
    const auto found = entry.find("shape");
    if (found == entry.end() || !found->is_array()) fail_tensor(name, "has no shape");
    if (found->size() > most_dimensions) fail_tensor(name, fmt::format("has {} dimensions", found->size()));
    std::vector<std::int64_t> shape;
    for (const auto& side : *found) {
      if (!is_count(side)) fail_tensor(name, "has a shape that is not of whole numbers");
      shape.push_back(side.get<std::int64_t>());
    }
    return shape;
  }

  static bool is_count(const json& value) {
    return value.is_number_unsigned() &&
           value.get<std::uint64_t>() <= std::uint64_t(std::numeric_limits<std::int64_t>::max());
  }

  std::uint64_t size_in_bytes(const std::string& name, const StoredTensor& tensor, std::uint64_t bits) const {
    std::uint64_t count = 1;
    for (const auto side : tensor.shape) {
      if (__builtin_mul_overflow(count, std::uint64_t(side), &count))
        fail_tensor(name, "has an impossible shape " + shape_text(tensor.shape));
    }
    if (__builtin_mul_overflow(count, bits / 8, &count))
      fail_tensor(name, "has an impossible shape " + shape_text(tensor.shape));
    return count;
  }

  std::span<const std::byte> read_bytes_of(const std::string& name, const json& entry, std::uint64_t size) const {
    const auto found = entry.find("data_offsets");
    if (found == entry.end() || !found->is_array()) fail_tensor(name, "has no data_offsets");
    if (found->size() != 2 || !is_count((*found)[0]) || !is_count((*found)[1]))
      fail_tensor(name, "has data_offsets that are not two whole numbers");
    const auto begin = (*found)[0].get<std::uint64_t>(), end = (*found)[1].get<std::uint64_t>();
    if (begin > end) fail_tensor(name, fmt::format("ends at byte {}, before it begins at {}", end, begin));
    if (end > data_.size()) {
      fail_tensor(name, fmt::format("reaches to byte {} of the data, but the file has only {}; the file is truncated",
                                    end, data_.size()));
    }
    if (end - begin != size)
      fail_tensor(name, fmt::format("has {} bytes, but its shape and dtype need {}", end - begin, size));
    return data_.subspan(begin, size);
  }

  /// Checks that the tensors fill the data from the first byte to the last, without overlaps or gaps.
  void check_layout(const StoredTensors& tensors) const {
    std::vector<std::pair<std::span<const std::byte>, std::string_view>> parts;
    for (const auto& [name, tensor] : tensors) parts.emplace_back(tensor.bytes, name);
    std::ranges::sort(parts, [](const auto& a, const auto& b) {
      return std::pair(a.first.data(), a.first.size()) < std::pair(b.first.data(), b.first.size());
    });
    const auto* next = data_.data();
    for (const auto& [part, name] : parts) {
      if (part.data() < next) fail_tensor(name, "overlaps another tensor");
      if (part.data() > next) fail_tensor(name, "has bytes before it that belong to no tensor");
      next = part.data() + part.size();
    }
    const auto rest = data_.size() - std::size_t(next - data_.data());
    if (rest > 0) fail(fmt::format("is damaged: its last {} bytes belong to no tensor", rest));
  }

  std::span<const std::byte> bytes_, data_;
  const fs::path& path_;
};

}  // namespace

StoredTensors read_safetensors(const MappedFile& file, const fs::path& path) {
  return Reader(file.bytes(), path).read();
}

std::string read_metadata(const MappedFile& file, const fs::path& path, const std::string& key) {
  return Reader(file.bytes(), path).read_metadata(key);
}

bool is_nested_too_deeply(std::string_view text) {
  constexpr int deepest = 32;  // a header has three levels, a config.json hardly more
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size() && depth <= deepest; ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '{' || c == '['))
      ++depth;
    else if (!quoted && (c == '}' || c == ']'))
      --depth;
  }
  return depth > deepest;
}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 120;
  auto length = std::min(text.size(), longest);
  const auto is_inside_a_letter = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  while (length < text.size() && length > 0 && is_inside_a_letter(text[length])) --length;
  std::string shown(text.substr(0, length));
  std::ranges::replace_if(
      shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return length < text.size() ? shown + "..." : shown;
}

std::string shape_text(std::span<const std::int64_t> shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

}  // namespace matcher::model
