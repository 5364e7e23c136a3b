// Builds an index over two vectors and searches it, and lists the models, with an installed matcher.
#include <cstdio>

#include "matcher/core/version.hpp"
#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/models.hpp"

int main() {
  const std::vector<float> vectors = {1, 0, 0, 1};
  const std::vector<std::string> ids = {"first", "second"};
  const auto index = matcher::index::build(matcher::MatrixView{vectors.data(), 2, 2}, ids, {});
  const std::vector<float> query = {0.6F, 0.8F};
  const auto best = index->search({query.data(), 1, 2}, 1)[0][0];

  matcher::SilentObserver observer;
  const matcher::pipeline::Context context{matcher::config::find_places("."), ".", observer};
  const auto models = matcher::pipeline::list_models(context).models.size();
  std::printf("matcher %s: %zu models; the nearest is %s\n", matcher::version, models, ids[best.row].c_str());
  return ids[best.row] == "second" && models > 0 ? 0 : 1;
}
