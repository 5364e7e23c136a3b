#include "matcher/index/exact/tiles.hpp"

#include <dnnl.hpp>

#include <vector>

#include "matcher/index/exact/threads.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t fewest_queries = 24;  ///< fewer are faster without tiles

using Type = dnnl::memory::data_type;
using Tag = dnnl::memory::format_tag;

bool has_tiles() {
  return (unsigned(dnnl::get_effective_cpu_isa()) & unsigned(dnnl::cpu_isa::avx512_core_amx)) ==
         unsigned(dnnl::cpu_isa::avx512_core_amx);
}

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

dnnl::matmul::primitive_desc describe(const QueryCodes& queries) {
  const auto d = dnnl::memory::dim(queries.stride), lanes = dnnl::memory::dim(queries.lanes);
  constexpr auto rows = dnnl::memory::dim(TileProduct::rows);
  dnnl::primitive_attr settings;
  settings.set_scratchpad_mode(dnnl::scratchpad_mode::user);  // several threads multiply at a time
  return {dnnl::matmul::desc({{rows, d}, Type::u8, Tag::ab}, {{d, lanes}, Type::s8, Tag::any},
                             {{rows, lanes}, Type::s32, Tag::ab}),
          settings, engine()};
}

}  // namespace

struct TileProduct::Plan {
  explicit Plan(const QueryCodes& queries) : description(describe(queries)), product(description) {
    const dnnl::memory plain({{dnnl::memory::dim(queries.stride), dnnl::memory::dim(queries.lanes)}, Type::s8, Tag::ba},
                             engine(), const_cast<std::uint8_t*>(queries.codes));
    packed = dnnl::memory(description.weights_desc(), engine());
    dnnl::stream stream(engine());
    dnnl::reorder(plain, packed).execute(stream, const_cast<dnnl::memory&>(plain), packed);
    stream.wait();
  }

  const dnnl::matmul::primitive_desc description;
  const dnnl::matmul product;
  dnnl::memory packed;
};

bool TileProduct::pays(std::size_t queries) {
  static const bool tiles = has_tiles();
  return tiles && queries >= fewest_queries;
}

TileProduct::TileProduct(const QueryCodes& queries)
    : plan_([&] {
        const OpenMpThreads one(1);  // the product is split among threads by the caller
        return std::make_unique<Plan>(queries);
      }()) {}

TileProduct::~TileProduct() = default;

void TileProduct::multiply(const std::uint8_t* codes, std::int32_t* products) const {
  const auto& [description, product, packed] = *plan_;
  dnnl::stream stream(engine());
  std::vector<std::uint8_t> scratch(description.scratchpad_desc().get_size());
  const auto at = [](const dnnl::memory::desc& shape, const void* data) {
    return dnnl::memory(shape, engine(), const_cast<void*>(data));
  };
  product.execute(stream, {{DNNL_ARG_SRC, at(description.src_desc(), codes)},
                           {DNNL_ARG_WEIGHTS, packed},
                           {DNNL_ARG_DST, at(description.dst_desc(), products)},
                           {DNNL_ARG_SCRATCHPAD, at(description.scratchpad_desc(), scratch.data())}});
  stream.wait();
}

}  // namespace matcher::index
