// Writes to stdout and stderr. The programs print here and nowhere else.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

namespace matcher::app {

/// Call first. Occupies the numbers of closed streams, so that no file of a command gets one and no message is written
/// into it; lets a write beyond `ulimit -f` fail with a reason instead of ending the program.
void prepare_streams();

/// The number of columns of a terminal: $COLUMNS, or what the terminal reports; at least 60, 80 if unknown. 0 if the
/// stream is not a terminal.
std::size_t terminal_width(int descriptor);

/// True if text for this stream may have colours: it is a terminal and NO_COLOR is not set. CLICOLOR_FORCE adds colours
/// to any stream.
bool takes_colour(int descriptor);

/// Writes to stderr, as it is. Ignores a closed or full stream: a command does not fail because nobody reads it.
void write_stderr(std::string_view text);

/// Writes a message to stderr, as a line escaped for a terminal.
void write_error(std::string_view line);

/// Writes a result to stdout, as it is. Throws Error(resource) with the reason.
void write_stdout(std::string_view text);

bool stdout_is_terminal();

/// Prints a line about finished work, escaped for a terminal. Throws Error(resource) that contains the line.
void print_line(std::string_view line);

template <class... Values>
void print_line(fmt::format_string<Values...> format, Values&&... values) {
  print_line(std::string_view(fmt::format(format, std::forward<Values>(values)...)));
}

}  // namespace matcher::app
