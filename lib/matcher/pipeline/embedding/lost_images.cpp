#include "matcher/pipeline/embedding/lost_images.hpp"

#include <fmt/format.h>

namespace matcher::pipeline {

void report_lost_images(std::size_t gallery, std::size_t queries, const std::string& model, Observer& observer) {
  if (gallery + queries == 0) return;
  observer.log(LogLevel::warning,
               fmt::format("{}: images that could not be read: {} of the gallery, {} of the queries. "
                           "matcher embed lists them in failures.csv",
                           model, gallery, queries));
}

}  // namespace matcher::pipeline
