#include "matcher/index/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"
#include "matcher/index/exact/rounded_copy.hpp"
#include "matcher/index/faiss/factory_string.hpp"
#include "matcher/index/faiss/machine_speed.hpp"

namespace matcher::index {
namespace {

constexpr std::uintmax_t quick_search = std::uintmax_t{512}
                                        << 20;  // bytes that exact search reads in a fifth of a second
constexpr std::size_t hnsw_limit = 200'000;
constexpr std::size_t ivf_from = 1'000;  // fewer vectors make too few lists
constexpr std::uintmax_t block_bytes = std::uintmax_t{64} << 20;

bool names(const std::string& description, const char* part) { return description.find(part) != std::string::npos; }

/// Bytes per vector of the codes that FAISS keeps: the part of the string after the last comma.
double code_bytes(const std::string& description, double d) {
  if (const double pq = number_after(description, "PQ"); pq > 0) return pq;
  if (const double bits = number_after(description, "SQ"); bits > 0) return std::ceil(d * bits / 8);
  return 4 * d;
}

/// Bytes per vector for ids and maps beside the codes.
double links_bytes(const std::string& description) {
  if (const double links = number_after(description, "HNSW"); links > 0) return 8 * links + 14;
  if (!names(description, "IVF")) return 0;
  return names(description, "Flat") ? 16 : 8;
}

std::uintmax_t index_bytes(const std::string& description, std::size_t n, std::size_t d) {
  const double lists = number_after(description, "IVF");
  const double tables = names(description, "PQ") ? 256 * 4.0 * double(d) : 0;
  return std::uintmax_t(double(n) * (code_bytes(description, double(d)) + links_bytes(description)) +
                        lists * 4 * double(d) + tables);
}

/// Memory at the peak. Training holds its sample twice; adding holds the index, two blocks and their codes. Lists grow
/// by doubling, about an eighth of the index at once.
std::uintmax_t build_bytes(const std::string& description, std::size_t n, std::size_t d, std::uintmax_t index) {
  const bool codes = names(description, "PQ") || names(description, "SQ");
  const bool trains = names(description, "IVF") || codes;
  const auto sample = trains ? std::uintmax_t(training_size(description, n)) * d * 4 : 0;
  const auto block = std::min(block_bytes, std::uintmax_t(n) * d * 4);
  const auto coded = codes ? block / 4 : 0;
  const auto copied = description == "Flat" ? RoundedCopy::bytes(n, d) : 0;  // recall and speed are measured last
  return std::max(
      {2 * sample, index + copied, index + (names(description, "IVF") ? index / 8 : 0) + 2 * block + coded});
}

/// Multiplications of k-means over the lists, and of finding each vector's list and code, or its neighbours in a graph.
double multiplications(const std::string& description, std::size_t vectors, std::size_t dimension) {
  const double n = double(vectors), d = double(dimension), lists = number_after(description, "IVF");
  double all = n * d + lists * d * (10 * double(std::min(vectors, std::size_t(64 * lists))) + n);
  if (description != "Flat") all += 200 * n * d;  // recall is measured with 200 queries
  if (names(description, "PQ")) all += 256 * d * (n + 10 * 64 * 256);
  if (names(description, "HNSW")) all += n * d * 200 * std::log2(std::max(n, 2.0)) * 2;
  return all;
}

/// Multiplications of one query: with the centre of every list, and with the codes of the visited eighth. A graph
/// visits about 64 vectors and their 64 links each; reading them here and there takes twice as long.
double query_multiplications(const std::string& description, std::size_t vectors, std::size_t dimension) {
  const double n = double(vectors), d = double(dimension), lists = number_after(description, "IVF");
  if (names(description, "HNSW")) return std::min(2.0 * 64 * 64 * d, n * d);
  if (lists == 0) return n * d;
  const double visited = std::min(lists, std::max(8.0, lists / 8)) / lists * n;
  const double pq = number_after(description, "PQ");
  return lists * d + (pq > 0 ? 256 * d + visited * pq : visited * d);
}

/// recall@10 as measured on clustered vectors (docs/reference/index-types.md); 0 for what was not measured.
double expected_recall(const std::string& description, std::size_t dimension) {
  if (description == "Flat" || description == "HNSW32,Flat") return 1;
  if (names(description, "IVF") && names(description, ",Flat")) return 1;
  const double pq = number_after(description, "PQ"), each = pq > 0 ? double(dimension) / pq : 0;
  return each == 2 ? 0.85 : each == 4 ? 0.60 : 0;
}

Plan plan_of(const std::string& type, std::size_t n, std::size_t d, std::string reason) {
  Plan plan{.type = factory_string(type, n, d), .reason = std::move(reason)};
  plan.index_bytes = index_bytes(plan.type, n, d);
  if (plan.type == "Flat") plan.copy_bytes = RoundedCopy::bytes(n, d);
  plan.build_bytes = build_bytes(plan.type, n, d, plan.index_bytes);
  plan.multiplications = multiplications(plan.type, n, d);
  plan.query_multiplications = query_multiplications(plan.type, n, d);
  plan.expected_recall = expected_recall(plan.type, d);
  return plan;
}

struct Choice {
  std::string type;
  const char* why;
};

/// From the most exact to the smallest.
std::vector<Choice> choices(std::size_t n, std::size_t d) {
  std::vector<Choice> all;
  const bool quick = std::uintmax_t(n) * d * 4 <= quick_search;
  if (quick || n < ivf_from) all.push_back({"flat", "exact, and a search reads little"});
  if (n <= hnsw_limit && !quick) all.push_back({"hnsw", "the fastest answers, and few enough vectors to link"});
  if (n < ivf_from) return all;
  all.push_back({"ivf-flat", "whole vectors, in lists"});
  const auto lists = factory_string("ivf-flat", n, d);
  const auto prefix = lists.substr(0, lists.find(','));
  all.push_back({prefix + ",SQ8", "one byte per dimension, in lists"});
  for (const std::size_t each : {2, 4, 8, 16}) {
    if (d % each == 0 && n >= 39 * 256)
      all.push_back(
          {fmt::format("{},PQ{}", prefix, d / each), "product quantisation, in lists: smaller, and less exact"});
  }
  return all;
}

[[noreturn]] void fail_nothing_fits(const PlanRequest& request, std::uintmax_t smallest) {
  throw Error(ErrorCode::resource, fmt::format("no index of {} vectors of {} dimensions fits into --memory-budget {}; "
                                               "the smallest takes {}: allow that much, "
                                               "index fewer items, or use a model of fewer dimensions",
                                               request.vectors, request.dimension, human_bytes(*request.memory_budget),
                                               human_bytes(smallest)));
}

void leave_out_copy(Plan& plan, std::uintmax_t budget) {
  if (plan.index_bytes + plan.copy_bytes > budget) plan.copy_bytes = 0;
}

Plan plan_within_budget(const PlanRequest& request) {
  const auto budget = *request.memory_budget;
  std::uintmax_t smallest = UINTMAX_MAX;
  for (const auto& [type, why] : choices(request.vectors, request.dimension)) {
    auto plan = plan_of(type, request.vectors, request.dimension, "");
    smallest = std::min(smallest, plan.index_bytes);
    if (plan.index_bytes > budget) continue;
    leave_out_copy(plan, budget);
    plan.reason = fmt::format("{}; {} of the {} that --memory-budget allows", why,
                              human_bytes(plan.index_bytes + plan.copy_bytes), human_bytes(budget));
    return plan;
  }
  fail_nothing_fits(request, smallest);
}

/// Multiplications per second, measured once.
double machine_speed() {
  static const double speed = measure_multiplications_per_second();
  return speed;
}

}  // namespace

Plan plan(const PlanRequest& request) {
  if (request.type == "auto" && request.memory_budget) return plan_within_budget(request);
  const auto reason = request.type == "auto" ? std::string("exact search") : "as requested";
  auto plan = plan_of(request.type, request.vectors, request.dimension, reason);
  if (!request.memory_budget) return plan;
  leave_out_copy(plan, *request.memory_budget);
  if (plan.index_bytes <= *request.memory_budget) return plan;
  throw Error(ErrorCode::resource,
              fmt::format("an index of type \"{}\" over {} vectors of {} dimensions takes {}, more than "
                          "--memory-budget {}; use --type auto, or allow more",
                          request.type, request.vectors, request.dimension, human_bytes(plan.index_bytes),
                          human_bytes(*request.memory_budget)));
}

std::vector<Plan> alternatives(std::size_t vectors, std::size_t dimension) {
  std::vector<Plan> all;
  const auto add = [&](const std::string& type) {
    auto plan = plan_of(type, vectors, dimension, "");
    if (std::ranges::find(all, plan.type, &Plan::type) == all.end()) all.push_back(std::move(plan));
  };
  add("flat");
  add("hnsw");
  for (const auto& choice : choices(vectors, dimension)) add(choice.type);
  return all;
}

double query_milliseconds(const Plan& plan) { return 1000 * plan.query_multiplications / machine_speed(); }

double build_seconds(const Plan& plan) {
  return plan.multiplications / machine_speed() + double(plan.index_bytes) / 500e6;
}

}  // namespace matcher::index
