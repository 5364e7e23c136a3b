#include "matcher/report/views.hpp"

#include <fmt/format.h>

#include "matcher/report/tables/cells.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {

std::string sentence(const Views& views) {
  constexpr std::size_t rate = 100;  // a mean over random choices of photos counts no photos
  const auto& most = views.rows.back();
  const auto& fewest = views.rows.front();
  const auto& [metric, value] = most.metrics.at(0);
  auto text = fmt::format("With {} photo{} of {}, {}", most.views, most.views == 1 ? "" : "s",
                          views.side == Role::gallery ? "each product" : "an object",
                          headline(views.model.name, metric, value, views.dataset.queries_are, rate));
  if (views.rows.size() > 1)
    text += fmt::format("; with {}: {}", fewest.views, shown(metric, fewest.metrics.at(0).second));
  return text;
}

}  // namespace matcher::report
