// Lists the models that have a description: `matcher models`.
#pragma once

#include "matcher/pipeline/context.hpp"
#include "matcher/report/model_list.hpp"

namespace matcher::pipeline {

/// All models, sorted by family and name, those that are ready first, with the command that gets each missing file.
report::ModelList list_models(const Context& context, const std::string& name = {});

}  // namespace matcher::pipeline
