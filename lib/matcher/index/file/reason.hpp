// Shortens what FAISS says in its exceptions.
#pragma once

#include <exception>
#include <string>

namespace matcher::index {

/// The text of a FAISS exception without its function, file and line.
std::string reason_of(const std::exception& error);

}  // namespace matcher::index
