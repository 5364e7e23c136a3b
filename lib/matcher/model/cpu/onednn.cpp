#include "matcher/model/cpu/onednn.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <dnnl.hpp>
#include <map>

#include "matcher/model/cpu/buffer.hpp"
#include "matcher/process/openmp.hpp"

namespace matcher::model::cpu {
namespace {

using dnnl::memory;
using Type = memory::data_type;

/// Products that a thread keeps ready: more than the networks of a process need.
constexpr std::size_t most_kept = 512;

const dnnl::engine& processor() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

memory::desc plain(std::int64_t rows, std::int64_t columns, Type type) {
  return {{rows, columns}, type, memory::format_tag::ab};
}

/// Identifies what a product is compiled for.
using Shape = std::array<std::int64_t, 6>;

Shape shape_of(const Product& product) {
  return {product.depth,
          product.columns,
          std::int64_t(product.activation),
          (product.sum != nullptr ? 1 : 0) + (product.residual != nullptr ? 2 : 0),
          product.bias != nullptr,
          product.scale != nullptr};
}

void append(dnnl::post_ops& after, Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return after.append_eltwise(1, dnnl::algorithm::eltwise_gelu_erf, 0, 0);
    case Activation::gelu_tanh:
      return after.append_eltwise(1, dnnl::algorithm::eltwise_gelu_tanh, 0, 0);
    case Activation::quick_gelu:
      return after.append_eltwise(1, dnnl::algorithm::eltwise_swish, 1.702f, 0);
    case Activation::silu:
      return after.append_eltwise(1, dnnl::algorithm::eltwise_swish, 1, 0);
    case Activation::relu:
      return after.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    case Activation::none:
      break;
  }
}

dnnl::primitive_attr attributes(const Product& product) {
  dnnl::post_ops after;
  append(after, product.activation);
  if (product.scale != nullptr) after.append_binary(dnnl::algorithm::binary_mul, plain(1, product.columns, Type::f32));
  if (product.residual != nullptr) after.append_sum(1);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

dnnl::matmul::primitive_desc describe(const Product& product) {
  const auto a = plain(rows_on_tiles, product.depth, Type::bf16),
             out = plain(rows_on_tiles, product.columns, product.sum == nullptr ? Type::bf16 : Type::f32);
  const memory::desc weights({product.depth, product.columns}, Type::bf16, memory::format_tag::BA16a64b2a);
  const auto description = product.bias == nullptr
                               ? dnnl::matmul::desc(a, weights, out)
                               : dnnl::matmul::desc(a, weights, plain(1, product.columns, Type::f32), out);
  return {description, attributes(product), processor()};
}

void* address(const void* data) { return const_cast<void*>(data); }

/// A compiled product, with places for its operands. For one thread.
class Compiled {
 public:
  explicit Compiled(const Product& product) : Compiled(describe(product), product) {}

  void run(const Product& product, const void* a, void* out, void* scratch) {
    a_.set_data_handle(address(a));
    weights_.set_data_handle(address(product.weights));
    out_.set_data_handle(out);
    scratch_.set_data_handle(scratch);
    if (product.bias != nullptr) bias_.set_data_handle(address(product.bias));
    if (product.scale != nullptr) scale_.set_data_handle(address(product.scale));
    primitive_.execute(stream_, operands_);
  }

  std::size_t scratch_bytes() const { return scratch_.get_desc().get_size(); }

 private:
  Compiled(const dnnl::matmul::primitive_desc& description, const Product& product)
      : primitive_(description),
        stream_(processor()),
        a_(description.src_desc(), processor(), nullptr),
        weights_(description.weights_desc(), processor(), nullptr),
        out_(description.dst_desc(), processor(), nullptr),
        scratch_(description.scratchpad_desc(), processor(), nullptr),
        operands_{
            {DNNL_ARG_SRC, a_}, {DNNL_ARG_WEIGHTS, weights_}, {DNNL_ARG_DST, out_}, {DNNL_ARG_SCRATCHPAD, scratch_}} {
    const auto row = plain(1, product.columns, Type::f32);
    if (product.bias != nullptr) operands_.emplace(DNNL_ARG_BIAS, bias_ = memory(row, processor(), nullptr));
    if (product.scale == nullptr) return;
    const auto place = product.activation == Activation::none ? 0 : 1;
    operands_.emplace(DNNL_ARG_ATTR_MULTIPLE_POST_OP(place) | DNNL_ARG_SRC_1,
                      scale_ = memory(row, processor(), nullptr));
  }

  dnnl::matmul primitive_;
  dnnl::stream stream_;
  memory a_, weights_, out_, scratch_, bias_, scale_;
  std::unordered_map<int, memory> operands_;
};

/// The products that one thread has compiled, and its scratch memory.
struct Workshop {
  std::map<Shape, Compiled> compiled;
  Buffer scratch, few;

  Compiled& find(const Product& product) {
    if (compiled.size() >= most_kept) compiled.clear();
    const auto shape = shape_of(product);
    const auto at = compiled.find(shape);
    auto& found = at != compiled.end() ? at->second : compiled.emplace(shape, Compiled(product)).first->second;
    scratch.grow(found.scratch_bytes());
    return found;
  }
};

/// Computes fewer rows than oneDNN gets, on copies with rows of zeros below.
void multiply_few(Workshop& workshop, Compiled& compiled, const Product& product, const char* a, std::size_t a_bytes,
                  char* out, std::size_t out_bytes, std::size_t rows) {
  const auto all_a = (a_bytes * rows_on_tiles + 63) / 64 * 64;
  workshop.few.grow(all_a + out_bytes * rows_on_tiles);
  auto *from = static_cast<char*>(workshop.few.data()), *to = from + all_a;
  std::memcpy(from, a, a_bytes * rows);
  std::memset(from + a_bytes * rows, 0, a_bytes * (rows_on_tiles - rows));
  if (product.residual != nullptr) {
    std::memcpy(to, out, out_bytes * rows);
    std::memset(to + out_bytes * rows, 0, out_bytes * (rows_on_tiles - rows));
  }
  compiled.run(product, from, to, workshop.scratch.data());
  std::memcpy(out, to, out_bytes * rows);
}

}  // namespace

bool has_tiles() {
  constexpr auto needed = int(dnnl::cpu_isa::avx512_core_amx);
  static const bool has = (int(dnnl::get_effective_cpu_isa()) & needed) == needed;
  return has;
}

void multiply_on_tiles(const Product& product, std::int64_t first, std::int64_t last, std::int64_t) {
  const OpenMpThreads one(1);  // our team is already on all cores
  thread_local Workshop workshop;
  auto& compiled = workshop.find(product);
  const auto a_bytes = std::size_t(product.depth) * 2,
             out_bytes = std::size_t(product.columns) * (product.sum == nullptr ? 2 : 4);
  const auto* all_a = static_cast<const char*>(product.a);
  auto* all_out = product.sum == nullptr ? static_cast<char*>(product.values) : reinterpret_cast<char*>(product.sum);
  for (auto row = first; row < last; row += rows_on_tiles) {
    const auto* a = all_a + std::size_t(row) * a_bytes;
    auto* out = all_out + std::size_t(row) * out_bytes;
    if (last - row >= rows_on_tiles)
      compiled.run(product, a, out, workshop.scratch.data());
    else
      multiply_few(workshop, compiled, product, a, a_bytes, out, out_bytes, std::size_t(last - row));
  }
}

}  // namespace matcher::model::cpu
