#include "matcher/model/vector_fingerprint.hpp"

#include <vector>

#include "matcher/files/hash.hpp"
#include "matcher/model/adapted.hpp"
#include "matcher/model/ensemble.hpp"

namespace matcher::model {

std::string vector_fingerprint(const std::string& model_fingerprint, Precision precision) {
  return Hasher().field(model_fingerprint).field(to_string(precision)).hex();
}

std::string vector_fingerprint(const Bundle& bundle, Precision precision, const std::filesystem::path& known) {
  if (!bundle.steps.empty())
    return refine::steps_fingerprint(vector_fingerprint(without_steps(bundle), precision, known), bundle.steps);
  if (!bundle.is_adapted()) return vector_fingerprint(fingerprint(bundle, known), precision);
  std::vector<std::string> of_bases;
  std::vector<double> weights;
  for (const auto& base : bundle.adaptation.bases) {
    of_bases.push_back(vector_fingerprint(base.bundle, precision, known));
    weights.push_back(base.weight);
  }
  const auto of_base = of_bases.size() == 1 ? of_bases[0] : ensemble_fingerprint(of_bases, weights);
  return adapted_fingerprint(of_base, read_map(bundle.path).map);
}

}  // namespace matcher::model
