// The sections of an HTML report, from top to bottom. A section that has nothing to show is empty.
#pragma once

#include <string>

#include "matcher/report/html.hpp"

namespace matcher::report {

std::string answer_of(const Page& page);      ///< the verdict in large type, and the data below it
std::string models_of(const Page& page);      ///< a row per model, best first: metric, gain, cost
std::string speed_of(const Page& page);       ///< speed against the first metric
std::string curves_of(const Page& page);      ///< curves of views, and of products not in the catalogue
std::string losses_of(const Page& page);      ///< losses that are not the model's
std::string duplicates_of(const Page& page);  ///< near-duplicates
std::string products_of(const Page& page);    ///< a row per product
std::string confusions_of(const Page& page);  ///< labels taken for others
std::string failures_of(const Page& page);    ///< photos that were answered wrongly, or otherwise than before

}  // namespace matcher::report
