// Makes an embedding set of vectors that another program made: `matcher import`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "matcher/pipeline/context.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::pipeline {

struct ImportOptions {
  std::filesystem::path vectors;               ///< a file or a folder; see store::open_foreign_vectors()
  std::filesystem::path items;                 ///< a CSV with one row per vector
  std::map<std::string, std::string> columns;  ///< columns of the CSV: id, label, … -> name, or number from 1
  std::string name;                            ///< name of the model
  std::string note;                            ///< about the model; part of its fingerprint
  std::string dataset;                         ///< name of the data; empty: that of the CSV
  std::string protocol;                        ///< a sentence about gallery and queries
  std::filesystem::path same_model_as;         ///< an imported set whose model made these vectors too; empty: none
  std::filesystem::path output;                ///< empty: in the work folder, by the name
};

struct ImportResult {
  std::filesystem::path folder;
  store::Manifest manifest;
  bool by_id = false;                ///< vectors were matched with items by id, not by order
  double shortest = 0, longest = 0;  ///< lengths of the vectors before they were scaled to 1
};

/// Reads the vectors block by block, matches them with the items by id if they have ids, otherwise by order, and scales
/// them to length 1. Throws Error(input) with file and row for a vector with NaN or of zeros, of another dimension,
/// with an unknown or repeated id, and if the numbers of vectors and items differ; Error(mismatch) if `same_model_as`
/// has another name or dimension. Nothing is written then.
ImportResult import_vectors(const Context& context, const ImportOptions& options);

}  // namespace matcher::pipeline
