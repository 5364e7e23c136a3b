#include "demo-photos/dataset.hpp"

#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <iterator>

#include "demo-photos/photo.hpp"
#include "matcher/core/error.hpp"
#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/csv.hpp"
#include "matcher/process/parallel.hpp"
#include "streams/streams.hpp"

namespace matcher::demo {
namespace {

/// Every manifest starts with this, also those of other versions.
constexpr const char* manifest_start = "{\n  \"generator\": \"matcher-demo-photos\",\n";

std::string manifest_of(const Parameters& parameters) {
  std::vector<std::string> values;
  for (const Flag& flag : flags) values.push_back(fmt::format("    \"{}\": {}", flag.name, parameters.*flag.value));
  return fmt::format("{}  \"version\": {},\n  \"parameters\": {{\n{}\n  }}\n}}\n", manifest_start, generator_version,
                     fmt::join(values, ",\n"));
}

/// Returns true if nothing is to be done. Throws Error(input) if `output` must not be replaced.
bool is_up_to_date(const std::string& manifest, const WriteOptions& options) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(options.output, ignored))) return false;
  std::ifstream in(options.output / manifest_name);
  const std::string found{std::istreambuf_iterator<char>(in), {}};
  const char* reason = nullptr;
  if (!found.starts_with(manifest_start)) {
    reason = "exists and was not made by matcher-demo-photos; give --output a folder that is new";
  } else if (found != manifest && !options.force) {
    reason = "holds photos with other parameters; replace them with --force, or give another --output";
  }
  if (reason != nullptr) throw Error(ErrorCode::input, fmt::format("{} {}", options.output.string(), reason));
  return !options.force;
}

template <class Content>
void write_file(const fs::path& path, const Content& content) {
  OutputFile file(path);
  file.write(content);
  file.close();
}

/// Rows of items.csv and labels.csv.
struct Rows {
  std::string gallery, queries, labels;
};

Rows draw_product(const Parameters& parameters, Range range, int number, const fs::path& folder) {
  const Product product = make_product(parameters.seed, range, number);
  const Package package{product, draw_artwork(product, int(parameters.size)), int(parameters.size)};
  const auto draw = [&](Split split, const char* folder_name, const char* role, std::uint64_t views) {
    std::string rows;
    if (views > 0) make_folder(folder / folder_name / product.label);
    for (std::uint64_t view = 0; view < views; ++view) {
      const std::string path = fmt::format("{}/{}/{}.jpg", folder_name, product.label, view + 1);
      write_file(folder / path, image::encode_jpeg(draw_photo(package, split, view), int(parameters.quality)));
      rows += csv_line({path, product.label, role, std::to_string(view + 1), product.traits().name});
    }
    return rows;
  };
  return {draw(Split::gallery, "gallery", "gallery", range == Range::known ? parameters.gallery_views : 0),
          draw(Split::query, "queries", "query", parameters.query_views),
          csv_line({product.label, product.name(), product.traits().name})};
}

}  // namespace

Outcome write_dataset(const Parameters& parameters, const WriteOptions& options) {
  const std::string manifest = manifest_of(parameters);
  if (is_up_to_date(manifest, options)) return Outcome::up_to_date;
  AtomicFolder folder(options.output);
  std::vector<Rows> products(parameters.products + parameters.unknown);
  std::atomic<std::size_t> done = 0;
  in_parallel(products.size(), options.threads, [&](std::size_t i) {
    const bool known = i < parameters.products;
    const std::size_t number = known ? i : i - parameters.products;
    products[i] = draw_product(parameters, known ? Range::known : Range::unknown, int(number), folder.path());
    if (options.progress) app::write_stderr(fmt::format("\r{} of {} products", ++done, products.size()));
  });
  if (options.progress) app::write_stderr("\r\033[K");
  Rows all{csv_line({"path", "label", "split", "view", "category"}), "", csv_line({"label", "name", "category"})};
  for (const Rows& rows : products) {
    all.gallery += rows.gallery;
    all.queries += rows.queries;
    all.labels += rows.labels;
  }
  write_file(folder.path() / "items.csv", all.gallery + all.queries);
  write_file(folder.path() / "labels.csv", all.labels);
  write_file(folder.path() / "dataset.yaml", dataset_yaml(parameters, "."));
  write_file(folder.path() / manifest_name, manifest);
  folder.commit();
  return Outcome::drawn;
}

std::string dataset_yaml(const Parameters& parameters, const std::string& root) {
  std::string changed;
  for (const Flag& flag : flags) {
    const std::uint64_t value = parameters.*flag.value;
    if (value != Parameters().*flag.value) changed += fmt::format(" --{} {}", flag.name, value);
  }
  return fmt::format(R"(# Synthetic product photos: make them with  matcher-demo-photos --output <folder>
name: demo
description: Drawn photos of made-up packages, many of them variants of one brand
root: {}
get: matcher-demo-photos --output demo-photos{}
protocol: {} studio photos a product as gallery; {} hard photos a product as queries{}
sources:
  - csv: items.csv
    columns: {{path: path, label: label, split: split, view: view, category: category}}
    roles: {{gallery: [gallery], queries: [query]}}
labels:
  csv: labels.csv
  columns: {{label: label, name: name, category: category}}
)",
                     root, changed, parameters.gallery_views, parameters.query_views,
                     parameters.unknown > 0 ? ", unknown products among them" : "");
}

}  // namespace matcher::demo
