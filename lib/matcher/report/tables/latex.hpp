// Tables for LaTeX documents.
#pragma once

#include <string>

#include "matcher/report/table.hpp"

namespace matcher::report {

/// A tabular with the rules of the package booktabs; caption and notes are comments, for the caption that the document
/// gives it.
std::string as_latex(const Table& table);

}  // namespace matcher::report
