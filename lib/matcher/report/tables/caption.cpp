#include "matcher/report/tables/caption.hpp"

#include <fmt/format.h>

#include "matcher/core/names.hpp"

namespace matcher::report {
namespace {

std::string describe_unknown(const Data& d) {
  if (d.unknown_labels.empty())
    return fmt::format("left out of every metric: {} queries without a correct answer in the gallery",
                       d.unknown_queries);
  return fmt::format("left out of every metric: {} queries of {} labels that no gallery item has{}", d.unknown_queries,
                     d.unknown_labels.size(), d.self_matches ? ", but for the query itself" : "");
}

}  // namespace

std::string describe_with_device(const ModelIdentity& m) {
  if (m.fingerprint.empty()) return m.name;
  return fmt::format("{} ({}-d, {}, {}, {})", m.name, m.dimension, m.precision, m.device,
                     short_fingerprint(m.fingerprint));
}

std::string describe(const Data& d) { return d.protocol.empty() ? d.name : fmt::format("{}: {}", d.name, d.protocol); }

std::vector<std::string> describe(const Report& r) {
  const auto& d = r.dataset;
  std::vector<std::string> lines{describe(d),
                                 fmt::format("gallery: {} items{}; queries: {}{}; answers kept: {}", d.gallery,
                                             d.labels ? fmt::format(" of {} labels", d.labels) : "", d.queries,
                                             r.index.empty() ? "" : "; search: " + r.index, r.depth)};
  if (d.unknown_queries) lines.push_back(describe_unknown(d));
  if (d.gallery_failures + d.query_failures) {
    lines.push_back(fmt::format("images that could not be read: {} of the gallery, {} of the queries",
                                d.gallery_failures, d.query_failures));
  }
  if (d.self_matches) lines.push_back(fmt::format("left out of the answers as the query itself: {}", d.self_matches));
  return lines;
}

std::string describe_conditions(const SpeedTrial& t) {
  return fmt::format(
      "speed: {} photos, {} repeats [slowest, fastest], batches of {}; {} threads of {} cores, {}, {}; other "
      "programs used {:.0f} % of the processor",
      t.images, t.repeats, t.batch_size, t.threads, t.cores, t.processor, t.device, 100 * t.load);
}

void add_answer(Table& table, const std::string& sentence, Format format) {
  if (format == Format::markdown)
    table.caption.insert(table.caption.begin(), sentence);
  else
    table.notes.push_back(sentence);
}

}  // namespace matcher::report
