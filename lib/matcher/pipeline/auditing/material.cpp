#include "matcher/pipeline/auditing/material.hpp"

#include <unordered_map>

#include "matcher/config/datasets.hpp"
#include "matcher/dataset/skipped.hpp"
#include "matcher/pipeline/vectors/joined_sets.hpp"
#include "matcher/pipeline/vectors/open_vectors.hpp"

namespace matcher::pipeline {
namespace {

using report::AuditItem;

/// Appends all vectors.
void append(const StoredVectors& stored, Matrix& unit) {
  Matrix rows(stored.rows(), stored.cols());
  if (rows.rows > 0) stored.copy(0, rows);
  unit.cols = stored.cols();
  unit.rows += rows.rows;
  unit.data.insert(unit.data.end(), rows.data.begin(), rows.data.end());
}

void add_sets(const std::vector<std::filesystem::path>& folders, Material& material) {
  const auto stored = join_sets(folders, Split::all);
  append(stored, material.unit);
  for (const auto& item : stored.items) {
    material.of_vector.push_back(std::uint32_t(material.items.size()));
    material.add({item.id, item.label, item.role, item.path}, item.content_hash, {});
  }
  for (const auto& failure : stored.failure_rows())
    material.add({failure.id, "", failure.role, failure.path}, {}, failure.reason);
  material.model = stored.manifest.model;
  material.dataset = stored.manifest.data.name;
}

/// Rows by role and id.
class RowsById {
 public:
  void add(const AuditItem& item, std::uint32_t row) { rows_.emplace(key(item.role, item.id), row); }
  std::uint32_t at(const std::string& role, const std::string& id) const { return rows_.at(key(role, id)); }

 private:
  static std::string key(const std::string& role, const std::string& id) { return role + '\n' + id; }
  std::unordered_map<std::string, std::uint32_t> rows_;
};

class DatasetMaterial {
 public:
  DatasetMaterial(const Context& context, const AuditOptions& options)
      : context_(context),
        options_(options),
        choice_(choose_model(context, options.input.model, options.execution)),
        data_(load_dataset(context, options.input.dataset)) {}

  Material make() {
    const auto& request = options_.input.dataset;
    material_.skipped = dataset::count_skipped(config::find_dataset(request.name, context_.places, request.columns));
    material_.dataset = data_.name;
    material_.label_names = data_.label_names;
    list(data_.gallery, Role::gallery);
    list(data_.queries, Role::queries);
    if (!data_.gallery.empty()) embed(Split::gallery);
    if (!data_.queries.empty()) embed(Split::queries);
    return std::move(material_);
  }

 private:
  void list(const std::vector<dataset::Item>& items, Role role) {
    for (const auto& item : items) {
      AuditItem listed{item.id, item.label, to_string(role), item.path};
      rows_.add(listed, std::uint32_t(material_.items.size()));
      material_.add(std::move(listed), {}, {});
    }
  }

  void embed(Split split) {
    const auto stored = embed_or_open(context_, choice_, data_, split, options_.execution);
    report_cache_use(stored.cache, choice_.name, context_.observer);
    append(stored, material_.unit);
    for (const auto& item : stored.items) material_.of_vector.push_back(rows_.at(item.role, item.id));
    for (const auto& item : stored.items) material_.hashes[rows_.at(item.role, item.id)] = item.content_hash;
    for (const auto& failure : stored.failure_rows())
      if (!failure.path.empty()) material_.reasons[rows_.at(failure.role, failure.id)] = failure.reason;
    material_.model = stored.manifest.model;
    material_.model.name = choice_.name;
  }

  const Context& context_;
  const AuditOptions& options_;
  ModelChoice choice_;
  dataset::Dataset data_;
  Material material_;
  RowsById rows_;
};

}  // namespace

Material load_material(const Context& context, const AuditOptions& options) {
  if (options.input.embeddings.empty()) return DatasetMaterial(context, options).make();
  Material material;
  add_sets(options.input.embeddings, material);
  return material;
}

}  // namespace matcher::pipeline
