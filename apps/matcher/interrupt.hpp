// Stops a job by Ctrl-C (SIGINT) or SIGTERM between two of its steps, so that what is done is kept.
#pragma once

namespace matcher::app {

/// Call once, at the start.
void catch_stop_signals();

/// While a job reports its steps, the first signal waits for the next step. Otherwise, and at the second signal, the
/// program ends at once.
void set_stepping(bool is_stepping);

/// The signal that came; 0: none.
int stop_signal();

/// Ends the program by the signal, as if it had not been caught: shells report 130 or 143.
[[noreturn]] void end_by(int signal);

}  // namespace matcher::app
