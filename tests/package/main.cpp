// Searches two vectors, lists the models, and evaluates an unknown dataset, with an installed matcher.
#include <cstdio>

#include "matcher/core/error.hpp"
#include "matcher/core/version.hpp"
#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/eval.hpp"
#include "matcher/pipeline/models.hpp"

int main() try {
  const std::vector<float> vectors = {1, 0, 0, 1}, query = {0.6F, 0.8F};
  const std::vector<std::string> ids = {"first", "second"};
  const auto index = matcher::index::build(matcher::MatrixView{vectors.data(), 2, 2}, ids, {});
  const auto& nearest = ids[index->search({query.data(), 1, 2}, 1)[0][0].row];

  matcher::SilentObserver observer;
  const matcher::pipeline::Context context{matcher::config::find_places(matcher::config::folders_inside(".")), ".",
                                           observer};
  const auto models = matcher::pipeline::list_models(context).models.size();
  std::printf("matcher %s: %zu models; the nearest is %s\n", matcher::version, models, nearest.c_str());
  if (nearest != "second" || models == 0) return 1;
  matcher::pipeline::evaluate(context, {.model = "colour-layout", .dataset = "unknown"});
  return 1;
} catch (const matcher::Error& error) {
  std::printf("%s\n", error.what());
  return error.code() == matcher::ErrorCode::usage ? 0 : 1;
}
