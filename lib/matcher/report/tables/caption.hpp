// The lines above a table: the model, the data and the protocol of a run.
#pragma once

#include <string>
#include <vector>

#include "matcher/report/report.hpp"
#include "matcher/report/table.hpp"

namespace matcher::report {

/// "name (768-d, fp32, cpu, 3f9c1a2b)". A model that another system ran has only a name.
std::string describe_with_device(const ModelIdentity& model);

/// "shop: studio against phone": the dataset's name and protocol.
std::string describe(const Data& data);

/// Dataset, sizes of gallery and queries, search, and what was left out: a line each.
std::vector<std::string> describe(const Report& report);

/// "speed: 16 photos, 3 repeats, batches of 16, 2 threads on ... (fp32)": how a trial was measured.
std::string describe_conditions(const SpeedTrial& trial);

/// Adds the sentence that people look for: the first line of a document, the last line on a terminal.
void add_answer(Table& table, const std::string& sentence, Format format);

}  // namespace matcher::report
