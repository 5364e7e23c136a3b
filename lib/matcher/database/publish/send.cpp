#include "matcher/database/publish/send.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

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

/// Copies the vectors of `chosen` rows, which are rising. Neighbours are copied in one piece.
Matrix copy_chosen(const index::VectorSource& vectors, std::span<const std::size_t> chosen) {
  if (chosen.back() - chosen.front() + 1 != chosen.size())
    return index::gather(vectors, {chosen.begin(), chosen.end()});
  Matrix block(chosen.size(), vectors.cols());
  vectors.copy(chosen.front(), block);
  return block;
}

}  // namespace

void send(Database& database, const std::string& version, std::span<const Row> rows, const index::VectorSource& vectors,
          std::span<const std::size_t> chosen, std::size_t in_flight, const std::function<void()>& check,
          const std::function<void(std::size_t)>& progress) {
  const auto step = rows_per_request(database.limits(), vectors.cols());
  std::mutex mutex;
  in_parallel((chosen.size() + step - 1) / step, in_flight, [&](std::size_t i) {
    const auto some = chosen.subspan(i * step, std::min(step, chosen.size() - i * step));
    std::vector<Row> block;
    for (const auto row : some) block.push_back(rows[row]);
    check();
    upsert_or_halve(database, version, block, copy_chosen(vectors, some).view());
    const std::lock_guard lock(mutex);
    progress(some.size());
  });
}

}  // namespace matcher::database
