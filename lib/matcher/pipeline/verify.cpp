#include "matcher/pipeline/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/core/npy.hpp"
#include "matcher/model/export.hpp"
#include "matcher/model/golden.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"

namespace matcher::pipeline {
namespace {

/// What vectors of 32 bits must reach from the same pixels, and from files, whose decoders may differ by one level; and
/// what is left when 16 bits are anywhere in between.
constexpr double same_pixels = 0.999999, same_files = 0.9999, sixteen_bits = 0.9995;
constexpr double pixel_difference = 1e-4;

struct Case {
  std::string name;
  model::Sample sample;
  std::vector<float> expected;
};

double largest(std::span<const float> values) {
  double most = 0;
  for (const auto value : values) most = std::max(most, double(std::abs(value)));
  return most;
}

void check_length(const std::string& name, std::size_t length, std::size_t dimension) {
  if (length == dimension) return;
  throw Error(
      ErrorCode::mismatch,
      fmt::format("{} has {} numbers, but the model returns {}; these are of another model", name, length, dimension));
}

bool is_array(const fs::path& path) { return path.extension() == ".npy"; }

std::vector<fs::path> sorted_files(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw Error(ErrorCode::input,
                fmt::format("{} is not a folder; give one with pictures and .npy files", folder.string()));
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().filename().string()[0] != '.') files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

NpyArray read_array(const fs::path& file) { return parse_npy(read_text(file), file.string()); }

/// The vector of each picture from its own file.
std::vector<float> own_vector(const fs::path& picture, std::size_t dimension) {
  for (const auto& file : {fs::path(picture.string() + ".npy"), fs::path(picture).replace_extension(".npy")}) {
    if (!fs::exists(file)) continue;
    auto array = read_array(file);
    check_length(file.string(), array.values.size(), dimension);
    return std::move(array.values);
  }
  throw Error(ErrorCode::input, fmt::format("{} has no expected vector; put it beside the picture as {}.npy",
                                            picture.string(), picture.filename().string()));
}

/// The rows of the one file [n, d] for n pictures.
std::vector<std::vector<float>> common_vectors(const fs::path& file, std::size_t pictures, std::size_t dimension) {
  const auto array = read_array(file);
  if (array.shape.size() != 2 || array.shape[0] != pictures) {
    throw Error(ErrorCode::input,
                fmt::format("{} holds {} vectors for {} pictures; it needs the shape [{}, {}]", file.string(),
                            array.shape.empty() ? 0 : array.shape[0], pictures, pictures, dimension));
  }
  check_length(file.string(), array.shape[1], dimension);
  std::vector<std::vector<float>> rows;
  for (std::size_t i = 0; i < pictures; ++i) {
    const auto first = array.values.begin() + std::ptrdiff_t(i * dimension);
    rows.emplace_back(first, first + std::ptrdiff_t(dimension));
  }
  return rows;
}

model::Sample prepare_picture(const fs::path& file, const model::Embedder& embedder) {
  dataset::Item item;
  item.id = item.path = file.string();
  auto picture = prepare({&item, Role::queries}, embedder);
  if (picture.reason.empty()) return std::move(picture.sample);
  throw Error(ErrorCode::input,
              fmt::format("{}: {}; give a whole JPEG, PNG, WebP, BMP or TIFF", file.string(), picture.reason));
}

std::vector<Case> cases_of_folder(const fs::path& folder, const model::Embedder& embedder) {
  const auto files = sorted_files(folder);
  std::vector<fs::path> pictures, arrays;
  for (const auto& file : files) (is_array(file) ? arrays : pictures).push_back(file);
  if (pictures.empty() || arrays.empty())
    throw Error(ErrorCode::input, fmt::format("{} holds {} pictures and {} .npy files; both are needed",
                                              folder.string(), pictures.size(), arrays.size()));
  std::vector<std::vector<float>> common;
  const bool has_common = arrays.size() == 1 && read_array(arrays[0]).shape.size() == 2 && pictures.size() > 1;
  if (has_common) common = common_vectors(arrays[0], pictures.size(), embedder.dimension());
  std::vector<Case> cases;
  for (std::size_t i = 0; i < pictures.size(); ++i)
    cases.push_back({pictures[i].string(), prepare_picture(pictures[i], embedder),
                     has_common ? common[i] : own_vector(pictures[i], embedder.dimension())});
  return cases;
}

std::vector<Case> golden_cases(const model::Bundle& bundle, const model::Embedder& embedder) {
  const auto golden = bundle.path.empty() ? std::nullopt : model::read_golden(bundle.path);
  if (!golden) {
    throw Error(
        ErrorCode::input,
        fmt::format(
            "{} holds no golden sample, because matcher export did not make it; give a folder with pictures and "
            "the vectors that they should have: matcher verify {} FOLDER",
            bundle.path.empty() ? bundle.name : bundle.path.string(), bundle.name));
  }
  check_length("the golden embedding", golden->embedding.values.size(), embedder.dimension());
  std::vector<Case> cases{{"the picture", {{golden->input.values}}, golden->embedding.values}};
  if (!golden->text.empty()) cases.push_back({"the text", {{}, golden->text}, golden->text_embedding.values});
  return cases;
}

double milliseconds_of(model::Embedder& embedder, const model::Sample& sample) {
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

void compare(report::Verification& result, const Case& one, model::Embedder& embedder) {
  const auto vector = embedder.embed({&one.sample, 1});
  const auto row = vector.row(0);
  const auto same = cosine(row, one.expected);
  if (same < result.cosine) {
    result.cosine = same;
    result.worst = one.name;
  }
  for (std::size_t i = 0; i < row.size(); ++i)
    result.largest_difference = std::max(result.largest_difference, double(std::abs(row[i] - one.expected[i])));
}

void set_bars(report::Verification& result, Precision precision, const model::Bundle& bundle, bool golden,
              std::span<const float> expected) {
  const auto is_short = [](Precision p) { return p == Precision::bf16 || p == Precision::fp16; };
  if (is_short(precision) || is_short(bundle.precision)) {
    result.smallest_cosine = sixteen_bits;
  } else {
    result.smallest_cosine = golden ? same_pixels : same_files;
    // Absolute for numbers up to one, relative above, because that is how floating point is exact.
    if (golden) result.allowed_difference = pixel_difference * std::max(1.0, largest(expected));
  }
}

}  // namespace

report::Verification verify(const Context& context, const VerifyOptions& options) {
  const auto choice = choose_model(context, options.model);
  if (choice.members.size() != 1)
    throw Error(ErrorCode::usage, fmt::format("{} is an ensemble; verify its members one by one", options.model));
  const auto& bundle = choice.members[0].bundle;
  auto run = options.execution;
  if (run.precision == Precision::automatic) run.precision = Precision::fp32;  // the strictest proof there is
  const auto embedder = load_embedder(context, choice, run);
  const bool golden = options.expected.empty();
  const auto cases = golden ? golden_cases(bundle, *embedder) : cases_of_folder(options.expected, *embedder);
  report::Verification result;
  result.model = identity_of(choice.name, *embedder);
  result.compared_with = golden ? "golden sample" : options.expected.string();
  result.samples = cases.size();
  result.cosine = std::numeric_limits<double>::infinity();
  set_bars(result, embedder->precision(), bundle, golden, cases[0].expected);
  for (const auto& one : cases) compare(result, one, *embedder);
  result.milliseconds_per_image = milliseconds_of(*embedder, cases[0].sample);
  return result;
}

}  // namespace matcher::pipeline
