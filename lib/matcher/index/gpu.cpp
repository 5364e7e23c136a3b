#include "matcher/index/gpu.hpp"

#include <faiss/Index.h>
#include <fmt/format.h>

#include "matcher/index/candidate_index.hpp"
#include "matcher/index/faiss/factory.hpp"
#include "matcher/index/faiss/list_builder.hpp"
#include "matcher/index/gpu/copy.hpp"
#include "matcher/index/gpu/opener.hpp"

namespace matcher::index {

std::string search_on_gpu(VectorIndex& index, int device) {
  auto* searched = dynamic_cast<CandidateIndex*>(&index);
  const auto contents = searched ? searched->contents() : Contents{};
  if (!contents.faiss && !contents.vectors.data)
    return fmt::format("FAISS does not search an index of type \"{}\" on GPUs", index.type());
  if (auto why_not = why_no_gpu(); !why_not.empty()) return why_not;
  auto [finder, why_not] =
      contents.faiss ? copy_to_gpu(device, *contents.faiss, index.type()) : copy_to_gpu(device, contents.vectors);
  if (finder) searched->find_with(std::move(finder));
  return why_not;
}

std::string why_no_gpu() { return why_no_gpu_plugin(); }

void require_gpu(int device) { open_gpu_plugin().require(device, 0); }

std::string why_not_built_on_gpu(const std::string& description, std::size_t d) {
  if (auto why_not = why_no_gpu(); !why_not.empty()) return why_not;
  const auto index = make_empty(description, d);
  return as_lists(*index) ? ""
                          : fmt::format("an index of type \"{}\" has no lists that a GPU could learn", description);
}

}  // namespace matcher::index
