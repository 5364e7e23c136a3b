#include "matcher/database/publish.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/database/database.hpp"
#include "matcher/database/publish/check.hpp"
#include "matcher/database/publish/job.hpp"
#include "matcher/database/publish/part.hpp"
#include "matcher/database/versions/version.hpp"

namespace matcher::database {
namespace {

/// Parses the address of a name; versions are not written to directly.
Address parse_name(const std::string& text) {
  auto address = parse_address(text);
  const auto name = name_of_version(address.collection);
  if (name.empty()) return address;
  throw Error(ErrorCode::usage,
              fmt::format("\"{}\" names a version of \"{}\"; write to the name itself", address.collection, name));
}

}  // namespace

PublishResult publish(const PublishTarget& target, const Access& access, Observer& observer,
                      const std::function<Gallery()>& load) {
  const auto address = parse_name(target.address);
  return run_job(connect(address, access), address, target, access.in_flight, observer, load);
}

PartResult publish_part(const PublishTarget& target, const Access& access, Observer& observer,
                        const std::function<Gallery()>& load) {
  const auto address = parse_name(target.address);
  return send_part(connect(address, access), address, target, access.in_flight, observer, load);
}

CollectionCheck check_collection(const std::string& text, const Access& access) {
  const auto address = parse_name(text);
  return check_live(*connect(address, access), address);
}

RestoredVersion roll_back(const std::string& text, const Access& access) {
  const auto address = parse_name(text);
  return restore_previous(*connect(address, access), address);
}

}  // namespace matcher::database
