// The surroundings of every command: places of files, the observer, and how networks run.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "matcher/config/places.hpp"
#include "matcher/config/settings.hpp"
#include "matcher/core/device.hpp"
#include "matcher/core/observer.hpp"
#include "matcher/database/access.hpp"
#include "matcher/image/preprocess.hpp"

namespace matcher::pipeline {

struct Context {
  config::Places places;
  std::filesystem::path workdir;
  Observer& observer;
  config::Server server = {};  ///< how vector databases are contacted
  std::string step = {};       ///< prefix of the progress, such as "[2/3] "
};

/// The same surroundings for step `number`, from 1, of a command; one step alone has no number.
Context at_step(const Context& context, std::size_t number, std::size_t steps);

/// How networks run; common to all commands that run one.
struct ExecutionOptions {
  Device device;
  Precision precision = Precision::automatic;
  std::optional<image::Decode> decode;  ///< for models whose name does not choose it; none: as described
  int batch_size = 32;
  int threads = 0;                          ///< decode threads, and threads of the network on the CPU; 0: one per core
  std::optional<std::size_t> max_failures;  ///< the most unusable images before the job stops; none: no limit
  bool cache = true;                        ///< read and write the vector cache of the work folder
};

/// The number of threads for a request of `threads`; one per core for 0.
int thread_count(int threads);

/// The folder that remembers hashes of model files, and which networks were tried on this machine.
std::filesystem::path known_models(const Context& context);

/// How vector databases are contacted, from the settings.
database::Access database_access(const Context& context);

/// The folder of the vector cache.
std::filesystem::path vector_cache(const Context& context);

}  // namespace matcher::pipeline
