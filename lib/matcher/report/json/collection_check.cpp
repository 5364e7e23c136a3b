#include "matcher/report/collection_check.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {

std::string to_json(const CollectionCheck& c) {
  return to_text({{"schema", schema::collection_check},
                  {"address", c.address},
                  {"version", c.version},
                  {"passed", c.failure.empty()},
                  {"failure", c.failure},
                  {"index", c.index},
                  {"model", c.model.name},
                  {"fingerprint", c.model.fingerprint},
                  {"dimension", c.model.dimension},
                  {"dataset", c.dataset},
                  {"expected", c.expected},
                  {"counted", c.counted},
                  {"searched", c.searched},
                  {"churn", c.churn},
                  {"churn_is_high", c.churn_is_high},
                  {"lost", c.lost}});
}

}  // namespace matcher::report
