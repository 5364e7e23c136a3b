#include "matcher/database/publish/send.hpp"

#include <algorithm>
#include <mutex>

#include "matcher/process/parallel.hpp"

namespace matcher::database {
namespace {

/// Estimates the rows that fit a request: about 6 bytes per number and 500 for the other fields. A request that still
/// does not fit is halved.
std::size_t rows_per_request(const Limits& limits, std::size_t dimension) {
  return std::clamp<std::size_t>(limits.bytes / (dimension * 6 + 500), 1, limits.rows);
}

void upsert_or_halve(Database& database, const std::string& version, std::span<const Row> rows, MatrixView vectors) {
  try {
    database.upsert(version, rows, vectors);
  } catch (const TooLarge&) {
    if (rows.size() == 1) throw;
    const auto half = rows.size() / 2;
    upsert_or_halve(database, version, rows.first(half), vectors.slice(0, half));
    upsert_or_halve(database, version, rows.subspan(half), vectors.slice(half, rows.size() - half));
  }
}

}  // namespace

void send(Database& database, const std::string& version, std::span<const Row> rows, MatrixView vectors,
          std::size_t in_flight, const std::function<void()>& check, const std::function<void(std::size_t)>& progress) {
  const auto step = rows_per_request(database.limits(), vectors.cols);
  std::mutex mutex;
  in_parallel((rows.size() + step - 1) / step, in_flight, [&](std::size_t i) {
    const auto first = i * step, count = std::min(step, rows.size() - first);
    check();
    upsert_or_halve(database, version, rows.subspan(first, count), vectors.slice(first, count));
    const std::lock_guard lock(mutex);
    progress(count);
  });
}

}  // namespace matcher::database
