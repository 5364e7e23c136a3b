// Opens a page in the browser of the desktop.
#pragma once

#include <string>

namespace matcher::app {

/// Throws Error(resource) if this machine has no xdg-open, which knows the user's browser.
void require_browser(const std::string& page);

/// Starts the browser, and does not wait for it. Throws Error(resource) if it does not start.
void open_in_browser(const std::string& page);

}  // namespace matcher::app
