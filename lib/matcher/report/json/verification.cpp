#include "matcher/report/verification.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {

std::string to_json(const Verification& v) {
  return to_text({{"schema", schema::verification},
                  {"model", v.model.name},
                  {"compared_with", v.compared_with},
                  {"passed", v.passed()},
                  {"samples", v.samples},
                  {"dimension", v.model.dimension},
                  {"cosine", v.cosine},
                  {"cosine_at_least", v.smallest_cosine},
                  {"largest_difference", v.largest_difference},
                  {"difference_at_most", v.allowed_difference},
                  {"worst", v.worst},
                  {"precision", v.model.precision},
                  {"device", v.model.device},
                  {"milliseconds_per_image", v.milliseconds_per_image}});
}

}  // namespace matcher::report
