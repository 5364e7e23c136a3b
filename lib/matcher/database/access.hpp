// How a server may be contacted. Secrets come from the environment or the configuration, never from a command line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace matcher::database {

struct Access {
  std::string token;                 ///< sent as "Authorization: Bearer TOKEN"; empty: not sent
  std::vector<std::string> headers;  ///< "Name: value", sent with every request
  std::string ca_file;               ///< certificates to trust instead of the system's
  double timeout_s = 120;            ///< seconds per request
  std::size_t in_flight = 4;         ///< requests at a time
};

}  // namespace matcher::database
