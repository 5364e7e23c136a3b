// Index files. The input is the type, a line end, and the bytes of FAISS; the target adds the hash of a valid file.
#include <cmath>
#include <fstream>
#include <iterator>
#include <span>

#include "fuzz/target.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/index/vector_index.hpp"

namespace {

using namespace matcher;

constexpr std::size_t rows = 100, dimension = 4;

Matrix unit_vectors() {
  Matrix vectors(rows, dimension);
  for (std::size_t i = 0; i < rows; ++i) {
    float squares = 0;
    for (std::size_t j = 0; j < dimension; ++j) {
      vectors.row(i)[j] = std::sin(float(i * dimension + j + 1));
      squares += vectors.row(i)[j] * vectors.row(i)[j];
    }
    for (auto& value : vectors.row(i)) value /= std::sqrt(squares);
  }
  return vectors;
}

const std::vector<std::string>& ids() {
  static const auto names = [] {
    std::vector<std::string> made;
    for (std::size_t i = 0; i < rows; ++i) made.push_back("item " + std::to_string(i));
    return made;
  }();
  return names;
}

std::string last_line_start() { return std::string("\n") + schema::index_file + " "; }

std::string sealed(std::string_view type, std::string_view bytes) {
  const auto text = std::string(bytes) + last_line_start() + std::string(type) + " ";
  return text + content_hash(std::as_bytes(std::span(text))) + "\n";
}

std::string built_file(const std::string& type) {
  const auto file = fuzz::scratch() / "seed.faiss";
  index::build(unit_vectors().view(), ids(), {type})->save(file);
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The type, and an index file without its last line.
std::string seed_of(const std::string& type) {
  const auto text = built_file(type);
  return type + "\n" + text.substr(0, text.rfind(last_line_start()));
}

void search(const index::VectorIndex& index) {
  const Matrix queries(2, index.dimension());
  for (const auto& hits : index.search(queries.view(), 5)) {
    for (const auto& hit : hits) static_cast<void>(ids().at(hit.row));
  }
  index.decode();
}

void read_sealed(std::string_view input) {
  const auto end = input.find('\n');
  if (end == input.npos) return;
  const auto text = sealed(input.substr(0, end), input.substr(end + 1));
  search(*index::load(fuzz::write_file("index.faiss", text), ids()));
}

std::vector<std::string> seeds() {
  std::vector<std::string> made;
  for (const char* type : {"Flat", "IVF2,Flat", "IVF2,SQ8", "HNSW4,Flat", "SQ8", "IVF2,SQfp16"})
    made.push_back(seed_of(type));
  return made;
}

const fuzz::Target target("index", read_sealed, seeds);

/// The file as it is, as damage on a disk changes it.
const fuzz::Target whole(
    "index_file", [](std::string_view input) { search(*index::load(fuzz::write_file("whole.faiss", input), ids())); },
    [] { return std::vector{built_file("Flat")}; });

}  // namespace
