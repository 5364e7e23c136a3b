#include "matcher/pipeline/views.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "matcher/core/error.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/core/parallel.hpp"
#include "matcher/pipeline/search/photo_scores.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t queries_a_block = 16;  ///< a thread holds so many scores of every gallery photo

void check_options(const ViewsOptions& options) {
  eval::parse_aggregate(options.aggregate);
  if (options.side == "gallery" || options.side == "queries") return;
  throw Error(ErrorCode::usage, fmt::format("unknown side \"{}\"; use gallery or queries", options.side));
}

/// Rising, each once, and no more than the most photos that a product has.
std::vector<std::size_t> usable_counts(const Context& context, const ViewsOptions& options,
                                       const eval::PhotoGroups& groups) {
  const auto most = std::ranges::max(groups, {}, &std::vector<std::uint32_t>::size).size();
  auto counts = options.counts;
  std::ranges::sort(counts);
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  const auto first_out = std::ranges::upper_bound(counts, most);
  const std::vector<std::size_t> out(first_out, counts.end());
  counts.erase(first_out, counts.end());
  const auto why =
      fmt::format("no product has {} photos among the {}, the most is {}", fmt::join(out, " or "), options.side, most);
  if (counts.empty()) throw Error(ErrorCode::input, why + "; use smaller --counts");
  if (!out.empty()) context.observer.log(LogLevel::warning, why + "; left out");
  return counts;
}

/// The ranks of right products, [random choice][count][asked], of pieces of work that do not meet.
class Curve {
 public:
  Curve(const Context& context, const ViewsOptions& options, const Photos& photos)
      : context_(context),
        options_(options),
        photos_(photos),
        how_(eval::parse_aggregate(options.aggregate)),
        groups_(options.side == "gallery" ? photos.of_gallery : photos.of_queries),
        counts_(usable_counts(context, options, groups_)) {
    for (std::size_t r = 0; r < options.repeats; ++r) orders_.push_back(eval::shuffled(groups_, options.seed + r));
  }

  std::vector<report::ViewsRow> rows() {
    const auto works = works_of();
    ranks_.resize(works.size());
    context_.observer.begin("counting views", works.size(), 0);
    std::mutex mutex;
    in_parallel(works.size(), std::size_t(thread_count(options_.execution.threads)), [&](std::size_t i) {
      ranks_[i] = ranks_of(works[i]);
      const std::lock_guard lock(mutex);
      context_.observer.advance(1);
    });
    context_.observer.end();
    std::vector<report::ViewsRow> rows;
    for (std::size_t c = 0; c < counts_.size(); ++c) rows.push_back(row_of(c));
    return rows;
  }

 private:
  /// Queries of one product: all of them where sets are made of them, else a block.
  struct Work {
    std::size_t product;
    std::span<const std::uint32_t> queries;
  };
  using Ranks = std::vector<std::vector<std::vector<std::size_t>>>;

  std::vector<Work> works_of() const {
    std::vector<Work> works;
    for (std::size_t product = 0; product < photos_.of_queries.size(); ++product) {
      const std::span<const std::uint32_t> queries = photos_.of_queries[product];
      if (queries.empty()) continue;
      const auto step = options_.side == "queries" ? queries.size() : queries_a_block;
      for (std::size_t first = 0; first < queries.size(); first += step) {
        works.push_back({product, queries.subspan(first, std::min(step, queries.size() - first))});
      }
    }
    return works;
  }

  Ranks ranks_of(const Work& work) const {
    Ranks ranks(options_.repeats, std::vector<std::vector<std::size_t>>(counts_.size()));
    options_.side == "gallery" ? rank_queries(work, ranks) : rank_sets(work, ranks);
    return ranks;
  }

  void rank_queries(const Work& work, Ranks& ranks) const {
    const auto scores = scores_of(photos_, work.queries);
    for (std::size_t q = 0; q < work.queries.size(); ++q) {
      for (std::size_t r = 0; r < ranks.size(); ++r) {
        for (std::size_t c = 0; c < counts_.size(); ++c) {
          const auto products =
              eval::product_scores(scores.row(q), orders_[r], photos_.self[work.queries[q]], counts_[c], how_);
          ranks[r][c].push_back(eval::product_rank(products, work.product));
        }
      }
    }
  }

  void rank_sets(const Work& work, Ranks& ranks) const {
    const auto scores = products_by_photo(work.queries);
    for (std::size_t r = 0; r < ranks.size(); ++r) {
      for (std::size_t c = 0; c < counts_.size(); ++c) {
        for (const auto& set : eval::sets_of(orders_[r][work.product], counts_[c])) {
          std::vector<std::span<const float>> photos;
          for (const auto row : set) photos.push_back(scores.row(place_of(work, row)));
          ranks[r][c].push_back(eval::product_rank(eval::over_photos(photos, how_), work.product));
        }
      }
    }
  }

  /// [queries, products]: each product by its best gallery photo.
  Matrix products_by_photo(std::span<const std::uint32_t> queries) const {
    Matrix all(queries.size(), photos_.of_gallery.size());
    for (std::size_t first = 0; first < queries.size(); first += queries_a_block) {
      const auto block = queries.subspan(first, std::min(queries_a_block, queries.size() - first));
      const auto scores = scores_of(photos_, block);
      for (std::size_t q = 0; q < block.size(); ++q) {
        std::ranges::copy(eval::product_scores(scores.row(q), photos_.of_gallery, photos_.self[block[q]],
                                               std::numeric_limits<std::size_t>::max(), {}),
                          all.row(first + q).begin());
      }
    }
    return all;
  }

  static std::size_t place_of(const Work& work, std::uint32_t row) {
    return std::size_t(std::ranges::lower_bound(work.queries, row) - work.queries.begin());
  }

  /// The mean over everything asked of `value`, a function of the rank, for each random choice.
  eval::Estimate spread(std::size_t c, auto value) const {
    std::vector<double> means;
    for (std::size_t r = 0; r < options_.repeats; ++r) {
      double sum = 0;
      for (const auto& work : ranks_) {
        for (const auto rank : work[r][c]) sum += value(rank);
      }
      means.push_back(sum / double(asked(c)));
    }
    return eval::over_choices(std::move(means));
  }

  std::size_t asked(std::size_t c) const {
    std::size_t sum = 0;
    for (const auto& work : ranks_) sum += work[0][c].size();
    return sum;
  }

  report::ViewsRow row_of(std::size_t c) const {
    const auto complete = std::ranges::count_if(groups_, [&](const auto& rows) { return rows.size() >= counts_[c]; });
    report::ViewsRow row{counts_[c], std::size_t(complete), asked(c), {}};
    for (const auto k : options_.ks) {
      row.metrics.push_back(
          {fmt::format("top{}", k), spread(c, [k](std::size_t rank) { return double(rank > 0 && rank <= k); })});
    }
    row.metrics.push_back({"mrr", spread(c, [](std::size_t rank) { return rank == 0 ? 0.0 : 1.0 / double(rank); })});
    return row;
  }

  const Context& context_;
  const ViewsOptions& options_;
  const Photos& photos_;
  const eval::Aggregate how_;
  const eval::PhotoGroups& groups_;
  const std::vector<std::size_t> counts_;
  std::vector<eval::PhotoGroups> orders_;
  std::vector<Ranks> ranks_;
};

report::Data describe(const dataset::Dataset& data, const Photos& photos) {
  report::Data d;
  d.name = data.name;
  d.fingerprint =
      Hasher().field(photos.gallery.manifest.data.fingerprint).field(photos.queries.manifest.data.fingerprint).hex();
  d.protocol = data.protocol;
  d.gallery = photos.gallery.items.size();
  d.queries = photos.queries.items.size();
  d.labels = photos.labels.size();
  d.gallery_failures = photos.gallery.failures;
  d.query_failures = photos.queries.failures;
  d.unknown_queries = d.queries - photos.known;
  for (const auto& self : photos.self) d.self_matches += self.size();
  return d;
}

void check_known(const Photos& photos, const std::string& dataset) {
  if (photos.known > 0) return;
  throw Error(
      ErrorCode::input,
      fmt::format("none of the {} queries of \"{}\" has a label that a gallery item has; check the label column",
                  photos.queries.items.size(), dataset));
}

}  // namespace

report::Views views(const Context& context, const ViewsOptions& options) {
  check_options(options);
  const auto choice = choose_model(context, options.model);
  const auto data = load_dataset(context, options.dataset);
  const auto photos = photos_of(embedded(context, choice, options.dataset, data, Split::gallery, options.execution),
                                embedded(context, choice, options.dataset, data, Split::queries, options.execution));
  check_known(photos, data.name);
  auto model = photos.queries.manifest.model;
  model.name = choice.name;
  report::Views result{
      std::move(model), describe(data, photos), options.side, options.aggregate, options.repeats, options.seed, {}};
  result.rows = Curve(context, options, photos).rows();
  return result;
}

}  // namespace matcher::pipeline
