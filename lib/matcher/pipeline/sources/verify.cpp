#include "matcher/pipeline/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/pipeline/embedding/expected.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"

namespace matcher::pipeline {
namespace {

/// The cosines that 32-bit vectors must reach from the same pixels, and from files, whose decoders may differ by one
/// level; and the cosine that remains if 16 bits are used anywhere.
constexpr double same_pixels = 0.999999, same_files = 0.9999, sixteen_bits = 0.9995;
constexpr double pixel_difference = 1e-4;

double largest(std::span<const float> values) {
  double most = 0;
  for (const auto value : values) most = std::max(most, double(std::abs(value)));
  return most;
}

/// The median of five runs.
double measure_milliseconds(model::Embedder& embedder, const model::Sample& sample) {
  constexpr int runs = 5;
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    embedder.embed({&sample, 1});
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::ranges::nth_element(times, times.begin() + runs / 2);
  return times[runs / 2];
}

Matrix embed_finite(model::Embedder& embedder, const Expected& expected) try {
  return model::embed_finite(embedder, {&expected.sample, 1});
} catch (const Error& error) {
  throw Error(error.code(), fmt::format("{}: {}", expected.name, error.what()));
}

void compare(report::Verification& result, const Expected& expected, model::Embedder& embedder) {
  const auto vectors = embed_finite(embedder, expected);
  const auto row = vectors.row(0);
  const auto same = cosine(row, expected.vector);
  if (same < result.cosine) {
    result.cosine = same;
    result.worst = expected.name;
  }
  for (std::size_t i = 0; i < row.size(); ++i)
    result.largest_difference = std::max(result.largest_difference, double(std::abs(row[i] - expected.vector[i])));
}

bool is_short(Precision precision) { return precision == Precision::bf16 || precision == Precision::fp16; }

void set_limits(report::Verification& result, bool short_numbers, bool golden, std::span<const float> expected) {
  if (short_numbers) {
    result.smallest_cosine = sixteen_bits;
    return;
  }
  result.smallest_cosine = golden ? same_pixels : same_files;
  // Floating point has an absolute error for numbers up to one, and a relative error above.
  if (golden) result.allowed_difference = pixel_difference * std::max(1.0, largest(expected));
}

}  // namespace

report::Verification verify(const Context& context, const VerifyOptions& options) {
  const auto choice = choose_model(context, options.model, options.execution);
  if (choice.members.size() != 1)
    throw Error(ErrorCode::usage, fmt::format("{} is an ensemble; verify its members one by one", options.model));
  const auto& bundle = choice.members[0].bundle;
  if (bundle.is_adapted())
    throw Error(ErrorCode::usage, fmt::format("{} is adapted; verify its base: matcher verify {}", options.model,
                                              bundle.adaptation.bases[0].name));
  if (!choice.steps.empty() || !bundle.steps.empty())
    throw Error(ErrorCode::usage, fmt::format("{} is a variant; verify the model without its steps", options.model));
  auto execution = options.execution;
  if (execution.precision == Precision::automatic) execution.precision = Precision::fp32;  // the strictest proof
  const auto embedder = load_embedder(context, choice, execution);
  const bool golden = options.expected.empty();
  const auto all = golden ? read_golden_sample(bundle, *embedder) : read_expected(options.expected, *embedder);
  report::Verification result;
  result.model = identity_of(choice.name, *embedder);
  result.compared_with = golden ? "golden sample" : options.expected.string();
  result.samples = all.size();
  result.cosine = std::numeric_limits<double>::infinity();
  set_limits(result, is_short(embedder->precision()) || is_short(bundle.precision), golden, all[0].vector);
  for (const auto& expected : all) compare(result, expected, *embedder);
  result.milliseconds_per_image = measure_milliseconds(*embedder, all[0].sample);
  return result;
}

}  // namespace matcher::pipeline
