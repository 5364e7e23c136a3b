#include "matcher/files/artefact.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "matcher/core/schemas.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/read_file.hpp"

namespace matcher {
namespace {

const Artefact* known_artefact(std::string_view schema) {
  static const std::array<Artefact, 4> known{{
      {schema::embeddings, "embedding set", {"manifest.json", "vectors.npy", "items.csv", "failures.csv"}},
      {schema::index_folder, "index", {"manifest.json", "index.faiss", "items.csv", "threshold.json"}},
      {schema::run, "run", {"manifest.json", "report.json", "queries.jsonl", "run.trec", "qrels.trec"}},
      {schema::tuning, "tuning", {"manifest.json", "table.md", "page.html"}},
  }};
  const auto found = std::ranges::find(known, schema, &Artefact::schema);
  return found != known.end() ? &*found : nullptr;
}

}  // namespace

const Artefact& find_artefact(std::string_view schema) {
  if (const auto* found = known_artefact(schema)) return *found;
  throw std::out_of_range("no stored folder has this schema");
}

const Artefact* artefact_in(const std::filesystem::path& folder) {
  const auto file = folder / "manifest.json";
  const auto manifest = nlohmann::json::parse(is_file(file) ? read_text(file) : "", nullptr, false);
  const auto found = manifest.is_object() ? manifest.find("schema") : manifest.end();
  if (found == manifest.end() || !found->is_string()) return nullptr;
  return known_artefact(found->get_ref<const std::string&>());
}

bool is_litter(std::string_view name) {
  return name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini" || name.starts_with("._") ||
         name.starts_with(".nfs");
}

}  // namespace matcher
