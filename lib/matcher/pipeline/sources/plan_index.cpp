#include "matcher/pipeline/plan_index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/files/csv.hpp"
#include "matcher/pipeline/embedding/listing.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/vectors/joined_sets.hpp"

namespace matcher::pipeline {
namespace {

struct Size {
  std::size_t vectors = 0, dimension = 0;
  std::uintmax_t item_bytes = 0;
};

/// Bytes on the heap beside the string itself.
std::uintmax_t heap_bytes(std::size_t length) { return length <= 15 ? 0 : (length + 24) / 16 * 16; }

/// Memory for a description at the peak: the row, the row of items.csv that it is made of, and a copy of the id. A
/// search of a whole dataset later adds tables of about the size of that CSV row (docs/developing/benchmarks.md).
std::uintmax_t item_bytes(const auto& item, std::size_t hash_length) {
  std::uintmax_t texts = heap_bytes(hash_length);
  const auto add = [&](const std::string& text) { texts += heap_bytes(text.size()); };
  add(item.id);
  add(item.path);
  add(item.label);
  add(item.split);
  add(item.view);
  add(item.category);
  add(item.text);
  add(item.group);
  constexpr std::uintmax_t row = sizeof(store::ItemRow), id = sizeof(std::string);
  constexpr std::uintmax_t csv_row =
      sizeof(CsvRow) + 16 * sizeof(std::string) + 16;  // 9 or 10 fields, doubled from 1 on
  return row + texts + csv_row + texts + id + heap_bytes(item.id.size());
}

Size measure_sets(const VectorInput& input) {
  const auto set = join_sets(input.embeddings, input.split);
  Size size{set.rows(), set.cols()};
  for (const auto& item : set.items) size.item_bytes += item_bytes(item, item.content_hash.size());
  return size;
}

Size measure_dataset(const Context& context, const IndexOptions& options) {
  constexpr std::size_t hash_length = 32;
  const auto choice = choose_model(context, options.input.model, options.execution);
  const auto data = load_dataset(context, options.input.dataset);
  const auto works = list_works(data, options.input.split, {}).works;
  Size size{works.size(), find_dimension(context, choice, options.execution)};
  for (const auto& work : works) size.item_bytes += item_bytes(*work.item, hash_length);
  return size;
}

double seconds_of(const index::Plan& plan, const Size& size) {
  constexpr double item_seconds = 25e-6;  // to read, normalise, code and write one, measured at 512 dimensions
  return index::build_seconds(plan) + item_seconds * double(size.vectors);
}

/// Every type that can be chosen, and the planned one if it is another.
std::vector<Alternative> alternatives_to(const index::Plan& planned, const Size& size) {
  auto plans = index::alternatives(size.vectors, size.dimension);
  if (std::ranges::find(plans, planned.type, &index::Plan::type) == plans.end()) plans.push_back(planned);
  std::vector<Alternative> all;
  for (const auto& plan : plans) {
    all.push_back(
        {plan.type, plan.index_bytes, index::query_milliseconds(plan), plan.expected_recall, seconds_of(plan, size)});
  }
  return all;
}

}  // namespace

IndexPlan plan_index(const Context& context, const IndexOptions& options) {
  const auto size = options.input.embeddings.empty() ? measure_dataset(context, options) : measure_sets(options.input);
  if (size.vectors == 0) throw Error(ErrorCode::input, "there are no vectors to index: nothing to plan");
  auto plan = index::plan({options.type, size.vectors, size.dimension, options.memory_budget});
  constexpr std::uintmax_t program_bytes = std::uintmax_t{24} << 20;
  const double seconds = seconds_of(plan, size);
  const auto build_bytes = plan.build_bytes + size.item_bytes + program_bytes;
  auto alternatives = alternatives_to(plan, size);
  return {std::move(plan), size.vectors, size.dimension,         size.item_bytes,
          build_bytes,     seconds,      std::move(alternatives)};
}

}  // namespace matcher::pipeline
