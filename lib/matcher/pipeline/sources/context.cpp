#include "matcher/pipeline/context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace matcher::pipeline {

Context at_step(const Context& context, std::size_t number, std::size_t steps) {
  auto copy = context;
  if (steps > 1) copy.step = fmt::format("[{}/{}] ", number, steps);
  return copy;
}

int thread_count(int threads) { return threads > 0 ? threads : std::max(1, int(std::thread::hardware_concurrency())); }

std::filesystem::path known_models(const Context& context) { return context.places.own.known_models; }

std::filesystem::path vector_cache(const Context& context) { return context.places.own.cache; }

database::Access database_access(const Context& context) {
  const auto& server = context.server;
  return {server.token, server.headers, server.ca_file, double(server.timeout), std::size_t(server.requests)};
}

}  // namespace matcher::pipeline
