// Parts that several of the published JSON forms share (docs/reference/formats.md). Internal to the layer.
#pragma once

#include <nlohmann/json.hpp>

#include "matcher/report/report.hpp"

namespace matcher::report {

using json = nlohmann::ordered_json;

json of(const ModelIdentity& model);
json of(const Data& data);
json of(const eval::Estimate& estimate);
json of(const Metrics& metrics);
json of(const Speed& speed);
json of(const Losses& losses);
json of(const NearDuplicates& found);

// Throw nlohmann's exceptions for what is not there.
ModelIdentity model_of(const json& json);
Data data_of(const json& json);
eval::Estimate estimate_of(const json& json);
Metrics metrics_of(const json& json);

}  // namespace matcher::report
