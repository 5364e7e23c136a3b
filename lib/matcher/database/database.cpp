#include "matcher/database/database.hpp"

#include <algorithm>
#include <mutex>

#include "matcher/core/parallel.hpp"
#include "matcher/database/http/http.hpp"
#include "matcher/database/servers.hpp"

namespace matcher::database {
namespace {

constexpr std::string_view version_mark = "__";
constexpr std::size_t fingerprint_digits = 12;

/// Rows that fit a request: a vector's numbers take at most 12 characters each and its row about 500.
std::size_t rows_a_request(const Limits& limits, std::size_t dimension) {
  return std::clamp<std::size_t>(limits.bytes / (dimension * 6 + 500), 1, limits.rows);
}

void send(Database& database, const std::string& version, std::span<const Row> rows, MatrixView vectors) {
  try {
    database.upsert(version, rows, vectors);
  } catch (const TooLarge&) {
    if (rows.size() == 1) throw;
    const auto half = rows.size() / 2;
    send(database, version, rows.first(half), vectors.slice(0, half));
    send(database, version, rows.subspan(half), vectors.slice(half, rows.size() - half));
  }
}

}  // namespace

std::shared_ptr<Database> connect(const Address& address, const Access& access) {
  auto server = address.kind == Kind::chroma ? connect_chroma(address, access) : connect_milvus(address, access);
  return understand(std::move(server), address.text);
}

std::string name_of_version(const std::string& version) {
  const auto mark = version.rfind(version_mark);
  const bool is_version =
      mark != std::string::npos && mark > 0 && version.size() == mark + version_mark.size() + fingerprint_digits &&
      version.find_first_not_of("0123456789abcdef", mark + version_mark.size()) == std::string::npos;
  return is_version ? version.substr(0, mark) : std::string();
}

std::string version_name(const std::string& name, const std::string& fingerprint) {
  return name + std::string(version_mark) + fingerprint.substr(0, fingerprint_digits);
}

void push(Database& database, const std::string& version, std::span<const Row> rows, MatrixView vectors,
          const Access& access, const std::function<void(std::size_t)>& progress) {
  const auto step = rows_a_request(database.limits(), vectors.cols);
  std::mutex mutex;
  in_parallel((rows.size() + step - 1) / step, access.in_flight, [&](std::size_t i) {
    const auto first = i * step, count = std::min(step, rows.size() - first);
    send(database, version, rows.subspan(first, count), vectors.slice(first, count));
    const std::lock_guard lock(mutex);
    progress(count);
  });
}

}  // namespace matcher::database
