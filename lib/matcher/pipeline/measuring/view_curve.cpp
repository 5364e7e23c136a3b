#include "matcher/pipeline/measuring/view_curve.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <mutex>

#include "matcher/core/error.hpp"
#include "matcher/process/parallel.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t queries_a_block = 16;  ///< per thread, each with its scores of every gallery photo

/// The counts without repetition, rising, up to the most photos that a product has.
std::vector<std::size_t> usable_counts(const Context& context, const CurveSettings& settings,
                                       const eval::PhotoGroups& groups) {
  const auto most = std::ranges::max(groups, {}, &std::vector<std::uint32_t>::size).size();
  auto counts = settings.counts;
  std::ranges::sort(counts);
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  const auto first_out = std::ranges::upper_bound(counts, most);
  const std::vector<std::size_t> out(first_out, counts.end());
  counts.erase(first_out, counts.end());
  const auto why = fmt::format("no product has {} photos among the {}, the most is {}", fmt::join(out, " or "),
                               to_string(settings.side), most);
  if (counts.empty()) throw Error(ErrorCode::input, why + "; use smaller --counts");
  if (!out.empty()) context.observer.log(LogLevel::warning, why + "; left out");
  return counts;
}

/// Ranks the right products for every random choice and count. Pieces of work are independent of each other.
class Curve {
 public:
  Curve(const Context& context, const Photos& photos, const CurveSettings& settings)
      : context_(context),
        settings_(settings),
        photos_(photos),
        how_(settings.aggregate),
        groups_(settings.side == Role::gallery ? photos.of_gallery : photos.of_queries),
        counts_(usable_counts(context, settings, groups_)) {
    for (std::size_t r = 0; r < settings.repeats; ++r) orders_.push_back(eval::shuffled(groups_, settings.seed + r));
  }

  std::vector<report::ViewsRow> rows() {
    const auto works = list_works();
    ranks_.resize(works.size());
    context_.observer.begin("counting views", works.size(), 0);
    std::mutex mutex;
    in_parallel(works.size(), std::size_t(thread_count(settings_.threads)), [&](std::size_t i) {
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
  /// Queries of one product: all of them if sets are drawn from them, otherwise a block.
  struct Work {
    std::size_t product;
    std::span<const std::uint32_t> queries;
  };
  /// [random choice][count][query or set]
  using Ranks = std::vector<std::vector<std::vector<std::size_t>>>;

  std::vector<Work> list_works() const {
    std::vector<Work> works;
    for (std::size_t product = 0; product < photos_.of_queries.size(); ++product) {
      const std::span<const std::uint32_t> queries = photos_.of_queries[product];
      if (queries.empty()) continue;
      const auto step = settings_.side == Role::queries ? queries.size() : queries_a_block;
      for (std::size_t first = 0; first < queries.size(); first += step) {
        works.push_back({product, queries.subspan(first, std::min(step, queries.size() - first))});
      }
    }
    return works;
  }

  Ranks ranks_of(const Work& work) const {
    Ranks ranks(settings_.repeats, std::vector<std::vector<std::size_t>>(counts_.size()));
    settings_.side == Role::gallery ? rank_queries(work, ranks) : rank_sets(work, ranks);
    return ranks;
  }

  void rank_queries(const Work& work, Ranks& ranks) const {
    const auto scores = compute_scores(photos_, work.queries);
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
      const auto scores = compute_scores(photos_, block);
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

  /// The spread over random choices of the mean of value(rank) over everything asked.
  eval::Estimate spread(std::size_t c, auto value) const {
    std::vector<double> means;
    for (std::size_t r = 0; r < settings_.repeats; ++r) {
      double sum = 0;
      for (const auto& work : ranks_) {
        for (const auto rank : work[r][c]) sum += value(rank);
      }
      means.push_back(sum / double(asked(c)));
    }
    return eval::over_choices(std::move(means));
  }

  /// Queries, or sets, of one random choice.
  std::size_t asked(std::size_t c) const {
    std::size_t sum = 0;
    for (const auto& work : ranks_) sum += work[0][c].size();
    return sum;
  }

  report::ViewsRow row_of(std::size_t c) const {
    const auto complete = std::ranges::count_if(groups_, [&](const auto& rows) { return rows.size() >= counts_[c]; });
    report::ViewsRow row{counts_[c], std::size_t(complete), asked(c), {}};
    for (const auto k : settings_.ks) {
      row.metrics.push_back(
          {fmt::format("top{}", k), spread(c, [k](std::size_t rank) { return double(rank > 0 && rank <= k); })});
    }
    row.metrics.push_back({"mrr", spread(c, [](std::size_t rank) { return rank == 0 ? 0.0 : 1.0 / double(rank); })});
    return row;
  }

  const Context& context_;
  const CurveSettings& settings_;
  const Photos& photos_;
  const eval::Aggregate how_;
  const eval::PhotoGroups& groups_;
  const std::vector<std::size_t> counts_;
  std::vector<eval::PhotoGroups> orders_;
  std::vector<Ranks> ranks_;
};

}  // namespace

std::vector<report::ViewsRow> measure_curve(const Context& context, const Photos& photos,
                                            const CurveSettings& settings) {
  return Curve(context, photos, settings).rows();
}

}  // namespace matcher::pipeline
