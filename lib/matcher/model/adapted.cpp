#include "matcher/model/adapted.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <nlohmann/json.hpp>
#include <span>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/mapped_file.hpp"
#include "matcher/model/bundle/records.hpp"
#include "matcher/model/checkpoint/safetensors.hpp"

namespace matcher::model {
namespace {

constexpr const char *mean_tensor = "mean", *matrix_tensor = "matrix", *photos_tensor = "photos",
                     *metadata_key = "__metadata__";

/// Collects tensors, then writes them with their header.
class TensorFile {
 public:
  template <typename T>
  void add(const char* name, const char* type, const std::vector<std::size_t>& shape, const std::vector<T>& values) {
    const auto bytes = std::as_bytes(std::span(values));
    header_[name] = {{"dtype", type}, {"shape", shape}, {"data_offsets", {size_, size_ + bytes.size()}}};
    size_ += bytes.size();
    parts_.push_back(bytes);
  }

  /// Metadata of safetensors are texts.
  void write(const fs::path& file, const std::string& description, const Made& made) {
    auto& metadata = header_[metadata_key] = {{description_record, description}};
    if (!made.created.empty())
      metadata.update({{"created", made.created}, {"host", made.host}, {"seconds", fmt::format("{}", made.seconds)}});
    auto text = header_.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');  // aligns the tensors
    const std::uint64_t length = text.size();
    AtomicFile out(file);
    out.write(std::as_bytes(std::span(&length, 1)));
    out.write(text);
    for (const auto part : parts_) out.write(part);
    out.commit();
  }

 private:
  nlohmann::json header_;
  std::vector<std::span<const std::byte>> parts_;
  std::size_t size_ = 0;
};

[[noreturn]] void fail_map(const fs::path& file, const std::string& reason) {
  throw Error(ErrorCode::input, fmt::format("\"{}\" is not the map of an adapted model: {}. Make it again with: "
                                            "matcher adapt",
                                            file.string(), reason));
}

/// Copies a tensor with this many sides. T has the size of its elements.
template <typename T>
std::vector<T> values_of(const StoredTensors& tensors, const char* name, const char* type, std::size_t sides,
                         const fs::path& file) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) fail_map(file, fmt::format("the tensor \"{}\" is missing", name));
  const auto& tensor = found->second;
  if (tensor.type_name != type || tensor.shape.size() != sides) {
    fail_map(file, fmt::format("the tensor \"{}\" is {} {}, not {} with {} sides", name, tensor.type_name,
                               shape_text(tensor.shape), type, sides));
  }
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  std::ranges::copy(tensor.bytes.first(values.size() * sizeof(T)), std::as_writable_bytes(std::span(values)).begin());
  return values;
}

Matrix read_matrix(const StoredTensors& tensors, const fs::path& file) {
  Matrix matrix;
  if (!tensors.contains(matrix_tensor)) return matrix;
  matrix.data = values_of<float>(tensors, matrix_tensor, "F32", 2, file);
  const auto& shape = tensors.find(matrix_tensor)->second.shape;
  matrix.rows = std::size_t(shape[0]);
  matrix.cols = std::size_t(shape[1]);
  return matrix;
}

void check(const refine::LinearMap& map, const fs::path& file) {
  if (map.mean.empty()) fail_map(file, "its mean is empty");
  if (map.matrix.rows != 0 && map.matrix.rows != map.mean.size())
    fail_map(file, fmt::format("its mean has {} numbers, but its matrix {} rows", map.mean.size(), map.matrix.rows));
  if (map.outputs() == 0) fail_map(file, "its matrix has no columns");
  if (!is_finite(map.mean) || !is_finite(map.matrix.data)) fail_map(file, "it holds NaN or infinity");
}

class AdaptedEmbedder : public Embedder {
 public:
  AdaptedEmbedder(std::unique_ptr<Embedder> base, refine::LinearMap map)
      : base_(std::move(base)), map_(std::move(map)) {}

  std::size_t dimension() const override { return map_.outputs(); }
  std::string fingerprint() const override { return adapted_fingerprint(base_->fingerprint(), map_); }
  Device device() const override { return base_->device(); }
  Precision precision() const override { return base_->precision(); }
  std::string precision_choice() const override { return base_->precision_choice(); }
  bool drops_alpha() const override { return base_->drops_alpha(); }
  bool takes_texts() const override { return base_->takes_texts(); }
  std::size_t inputs() const override { return base_->inputs(); }
  Sample prepare(image::LazyImage& image) const override { return base_->prepare(image); }
  int lanes() const override { return base_->lanes(); }

  Matrix embed(std::span<const Sample> batch) override {
    const auto unit = normalised(base_->embed(batch).view());
    const std::lock_guard lock(one_product_);  // the number of BLAS threads belongs to the process
    return refine::apply(map_, unit.view());
  }

 private:
  std::unique_ptr<Embedder> base_;
  refine::LinearMap map_;
  std::mutex one_product_;
};

}  // namespace

std::uint64_t photo_number(std::string_view content_hash) {
  std::uint64_t number = 0;
  const auto digits = content_hash.substr(0, 16);
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number;
}

void write_map(const fs::path& file, const LearntMap& learnt, const std::string& description, const Made& made) {
  const auto& [mean, matrix] = learnt.map;
  TensorFile tensors;
  tensors.add(mean_tensor, "F32", {mean.size()}, mean);
  if (matrix.rows > 0) tensors.add(matrix_tensor, "F32", {matrix.rows, matrix.cols}, matrix.data);
  tensors.add(photos_tensor, "U64", {learnt.photos.size()}, learnt.photos);
  tensors.write(file, description, made);
}

LearntMap read_map(const fs::path& file) {
  const MappedFile mapped(file);
  const auto tensors = read_safetensors(mapped, file);
  LearntMap learnt{{values_of<float>(tensors, mean_tensor, "F32", 1, file), read_matrix(tensors, file)},
                   values_of<std::uint64_t>(tensors, photos_tensor, "U64", 1, file)};
  check(learnt.map, file);
  return learnt;
}

std::string base_fingerprint(const std::vector<BaseModel>& bases, const fs::path& known) {
  Hasher hasher;
  hasher.field(salt::adapted);
  for (const auto& base : bases) hasher.field(fingerprint(base.bundle, known)).field(base.weight);
  return hasher.hex();
}

void check_bases(const Bundle& bundle, const fs::path& known) {
  const auto& adaptation = bundle.adaptation;
  require_file(bundle);
  const auto found = base_fingerprint(adaptation.bases, known);
  if (found == adaptation.base_fingerprint) return;
  std::vector<std::string> names;
  for (const auto& base : adaptation.bases) names.push_back(base.name);
  throw Error(ErrorCode::mismatch,
              fmt::format("the map of \"{}\" was learnt with another {} ({}) than the one that is here now ({}). Learn "
                          "it again: matcher adapt {} --model {} --dataset {}",
                          bundle.name, fmt::join(names, "+"), short_fingerprint(adaptation.base_fingerprint),
                          short_fingerprint(found), bundle.name, fmt::join(names, "+"), adaptation.dataset));
}

std::string adapted_fingerprint(const std::string& of_base, const refine::LinearMap& map) {
  return Hasher()
      .field(salt::adapted)
      .field(of_base)
      .bytes(std::as_bytes(std::span(map.mean)))
      .bytes(std::as_bytes(std::span(map.matrix.data)))
      .field(double(map.outputs()))
      .hex();
}

std::unique_ptr<Embedder> make_adapted(std::unique_ptr<Embedder> base, refine::LinearMap map) {
  return std::make_unique<AdaptedEmbedder>(std::move(base), std::move(map));
}

}  // namespace matcher::model
