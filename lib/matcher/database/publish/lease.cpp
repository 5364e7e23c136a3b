#include "matcher/database/publish/lease.hpp"

#include <fmt/format.h>

#include <random>

#include "matcher/database/publish/version.hpp"

namespace matcher::database {
namespace {

std::string draw_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

}  // namespace

Lease::Lease(Database& database, std::string version, std::string where)
    : database_(database), version_(std::move(version)), where_(std::move(where)), writer_(draw_name()) {}

void Lease::check() const {
  const auto found = find_version(database_, version_, where_);
  if (found && found->record.writer == writer_) return;
  throw Error(
      ErrorCode::resource,
      fmt::format("another matcher writes to \"{}\" of {} too, and this one stopped. Wait until the other ends, "
                  "then run the command again",
                  version_, where_));
}

}  // namespace matcher::database
