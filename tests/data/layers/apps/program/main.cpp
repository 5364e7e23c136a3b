#include <CLI/CLI.hpp>

// Breaks "third party": programs contain no JSON.
#include <nlohmann/json.hpp>

#include "matcher/high/high.hpp"
