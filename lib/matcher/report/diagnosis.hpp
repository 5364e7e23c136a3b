// The state of the machine and the installation, as `matcher doctor` publishes it: plain data.
#pragma once

#include <string>
#include <vector>

namespace matcher::report {

struct Finding {
  enum class State { good, slow, broken };
  State state = State::good;
  std::string subject;   ///< "processor"
  std::string text;      ///< the state in words
  std::string advice{};  ///< the next step; empty if the state is good
};

/// "ok", "warning" or "problem".
std::string to_string(Finding::State state);

/// matcher.doctor/1.
struct Diagnosis {
  std::vector<Finding> findings;

  bool is_broken() const;  ///< true if a finding is
};

}  // namespace matcher::report
