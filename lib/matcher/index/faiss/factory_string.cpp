#include <faiss/Index.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/index/faiss/factory.hpp"
#include "matcher/index/vector_index.hpp"

namespace matcher::index {
namespace {

const std::vector<std::string> type_names{"auto", "flat", "hnsw", "ivf-flat", "ivf-pq"};

constexpr std::size_t points_per_centroid = 39;  // below it FAISS warns on stderr that k-means has too few points

std::size_t list_count(std::size_t n) {
  const auto wanted = std::size_t(4 * std::sqrt(double(n)));
  return std::max<std::size_t>(1, std::min(wanted, n / points_per_centroid));
}

/// A byte for two dimensions, or for one where d is odd: four a byte, as is usual, lose two answers in five.
std::size_t subquantiser_count(std::size_t d) { return d % 2 == 0 ? d / 2 : d; }

std::string expand(const std::string& type, std::size_t n, std::size_t d) {
  if (type == "auto" || type == "flat") return "Flat";
  if (type == "hnsw") return "HNSW32,Flat";
  if (type == "ivf-flat") return fmt::format("IVF{},Flat", list_count(n));
  if (type == "ivf-pq") return fmt::format("IVF{},PQ{}", list_count(n), subquantiser_count(d));
  return type;
}

/// The largest first group of all matches, 0 without one. Read as a double, which no number of digits overflows.
double largest(const std::string& text, const char* pattern) {
  const std::regex expression(pattern);
  double found = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match) {
    found = std::max(found, std::strtod((*match)[1].str().c_str(), nullptr));
  }
  return found;
}

/// FAISS divides by these numbers, and loops for ever on HNSW1, before it checks them.
void check_numbers(const std::string& type) {
  static const std::regex dangerous("(^|[^0-9.])0+($|[^0-9.])|HNSW0*1($|[^0-9])|[^ -~]");
  if (type.size() > 200 || std::regex_search(type, dangerous)) {
    throw Error(ErrorCode::usage,
                fmt::format("index type \"{}\" has a part that no index can have (0, HNSW1, more than "
                            "200 characters); use auto, flat, hnsw, ivf-flat or ivf-pq",
                            type.substr(0, 200)));
  }
}

/// Vectors that training needs: 39 a list and 39 a code word; NSG divides by zero on few neighbours.
double training_need(const std::string& description) {
  const double lists = largest(description, "IVF([0-9]+)");
  double bits = largest(description, "[0-9]x([0-9]+)");
  if (std::regex_search(description, std::regex("PQ[0-9]+(?![0-9x])"))) bits = std::max(bits, 8.0);
  const double need =
      points_per_centroid * std::max(lists > 1 ? lists : 0, bits > 0 ? std::exp2(std::min(bits, 60.0)) : 0);
  return std::max(need, description.find("NSG") == std::string::npos ? 1.0 : 1000.0);
}

void check_enough(const std::string& type, const std::string& description, std::size_t n) {
  const double need = training_need(description);
  if (double(n) >= need) return;
  const auto named = type == description ? std::string() : fmt::format(" ({})", description);
  throw Error(ErrorCode::usage,
              fmt::format("index type \"{}\"{} needs at least {:.0f} vectors to train, but there are {}; use "
                          "--type flat, hnsw or ivf-flat, or a factory string with fewer lists or bits",
                          type, named, need, n));
}

}  // namespace

std::string factory_string(const std::string& type, std::size_t n, std::size_t d) {
  check_numbers(type);
  auto description = expand(type, n, d);
  check_enough(type, description, n);
  if (description != type) return description;
  try {
    make_empty(description, d);
  } catch (const Error& error) {
    const auto near = nearest_name(type, type_names);
    throw Error(error.code(),
                fmt::format("{}; {}", error.what(),
                            near.empty() ? "use auto, flat, hnsw, ivf-flat, ivf-pq or a FAISS factory string"
                                         : fmt::format("did you mean \"{}\"?", near)));
  }
  return description;
}

}  // namespace matcher::index
