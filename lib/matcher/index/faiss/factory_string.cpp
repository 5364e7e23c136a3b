#include "matcher/index/faiss/factory_string.hpp"

#include <faiss/Index.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/index/faiss/factory.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t points_per_centroid = 39;  // FAISS warns below 39 points per centroid

std::size_t list_count(std::size_t n) {
  const auto wanted = std::size_t(4 * std::sqrt(double(n)));
  return std::max<std::size_t>(1, std::min(wanted, n / points_per_centroid));
}

/// One byte per two dimensions, or per one if d is odd. The usual byte per four loses two answers in five.
std::size_t subquantiser_count(std::size_t d) { return d % 2 == 0 ? d / 2 : d; }

std::string flat(std::size_t, std::size_t) { return "Flat"; }
std::string hnsw(std::size_t, std::size_t) { return "HNSW32,Flat"; }
std::string ivf_flat(std::size_t n, std::size_t) { return fmt::format("IVF{},Flat", list_count(n)); }
std::string ivf_pq(std::size_t n, std::size_t d) {
  return fmt::format("IVF{},PQ{}", list_count(n), subquantiser_count(d));
}

struct NamedType {
  const char* name;
  std::string (*factory_string)(std::size_t n, std::size_t d);
};

/// The named types. A new one is one line here.
constexpr NamedType types[] = {
    {"auto", flat}, {"flat", flat}, {"hnsw", hnsw}, {"ivf-flat", ivf_flat}, {"ivf-pq", ivf_pq}};

std::string expand(const std::string& type, std::size_t n, std::size_t d) {
  const auto* found = std::ranges::find(types, type, &NamedType::name);
  return found == std::end(types) ? type : found->factory_string(n, d);
}

/// Returns the largest first group of all matches, 0 without a match. A double takes any number of digits.
double find_largest(const std::string& text, const char* pattern) {
  const std::regex expression(pattern);
  double found = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match) {
    found = std::max(found, std::strtod((*match)[1].str().c_str(), nullptr));
  }
  return found;
}

std::string allowed() { return fmt::format("use {} or a FAISS factory string", type_names()); }

/// Rejects numbers that FAISS divides by before it checks them, and HNSW1, on which it loops for ever.
void check_numbers(const std::string& type) {
  static const std::regex dangerous("(^|[^0-9.])0+($|[^0-9.])|HNSW0*1($|[^0-9])|[^ -~]");
  if (type.size() > 200 || std::regex_search(type, dangerous)) {
    throw Error(
        ErrorCode::usage,
        fmt::format("index type \"{}\" has an invalid part (0, HNSW1, an unprintable character, or more than 200 "
                    "characters); {}",
                    type.substr(0, 200), allowed()));
  }
}

/// Vectors that training needs: 39 per list and 39 per code word. With few neighbours, NSG divides by zero.
double smallest_sample(const std::string& description) {
  const double lists = find_largest(description, "IVF([0-9]+)");
  double bits = find_largest(description, "[0-9]x([0-9]+)");
  if (std::regex_search(description, std::regex("PQ[0-9]+(?![0-9x])"))) bits = std::max(bits, 8.0);
  const double need =
      points_per_centroid * std::max(lists > 1 ? lists : 0, bits > 0 ? std::exp2(std::min(bits, 60.0)) : 0);
  return std::max(need, description.find("NSG") == std::string::npos ? 1.0 : 1000.0);
}

void check_enough(const std::string& type, const std::string& description, std::size_t n) {
  const double need = smallest_sample(description);
  if (double(n) >= need) return;
  const auto named = type == description ? std::string() : fmt::format(" ({})", description);
  throw Error(ErrorCode::usage,
              fmt::format("index type \"{}\"{} needs at least {:.0f} vectors to train, but there are {}; use "
                          "--type flat, hnsw or ivf-flat, or a factory string with fewer lists or bits",
                          type, named, need, n));
}

}  // namespace

std::string type_names() {
  std::string names;
  for (const auto& type : types) names += (names.empty() ? "" : ", ") + std::string(type.name);
  return names;
}

double number_after(const std::string& description, const char* name) {
  std::smatch match;
  const std::regex expression(std::string(name) + "([0-9]+)");
  return std::regex_search(description, match, expression) ? std::stod(match[1].str().substr(0, 12)) : 0;
}

std::size_t training_size(const std::string& description, std::size_t vectors) {
  const auto centroids = std::size_t(number_after(description, "IVF"));
  return std::min(vectors, std::max<std::size_t>(100'000, 64 * centroids));
}

std::string factory_string(const std::string& type, std::size_t n, std::size_t d) {
  check_numbers(type);
  auto description = expand(type, n, d);
  check_enough(type, description, n);
  if (description != type) return description;
  try {
    make_empty(description, d);
  } catch (const Error& error) {
    std::vector<std::string> names;
    for (const auto& named : types) names.emplace_back(named.name);
    const auto near = nearest_name(type, names);
    throw Error(error.code(), fmt::format("{}; {}", error.what(),
                                          near.empty() ? allowed() : fmt::format("did you mean \"{}\"?", near)));
  }
  return description;
}

}  // namespace matcher::index
