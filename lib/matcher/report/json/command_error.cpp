#include "matcher/report/command_error.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {

std::string to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::ok:
      return "ok";
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::input:
      return "input";
    case ErrorCode::mismatch:
      return "mismatch";
    case ErrorCode::resource:
      return "resource";
    case ErrorCode::gate:
      return "gate";
    case ErrorCode::undecided:
      return "undecided";
    case ErrorCode::unexpected:
      break;
  }
  return "unexpected";
}

std::string to_json_line(const CommandError& error) {
  const json document{{"schema", schema::error},
                      {"code", int(error.code)},
                      {"kind", to_string(error.code)},
                      {"message", error.message}};
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace matcher::report
