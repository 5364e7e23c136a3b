#include "matcher/pipeline/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <span>
#include <string_view>

#include "matcher/core/error.hpp"
#include "matcher/core/imported.hpp"
#include "matcher/core/stopped.hpp"
#include "matcher/database/address.hpp"
#include "matcher/dataset/describe_path.hpp"
#include "matcher/dataset/image_name.hpp"
#include "matcher/files/content_place.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/read_unchanged.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/search/learnt_on.hpp"
#include "matcher/pipeline/search/loaded_index.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"
#include "matcher/store/threshold_file.hpp"

namespace matcher::pipeline {
namespace {

/// An item without a label is a product of its own.
const std::string& product_of(const store::ItemRow& item) { return item.label.empty() ? item.id : item.label; }

std::size_t count_answers(const LoadedIndex& index, bool by_item) {
  if (by_item) return index.items.size();
  std::set<std::string_view> products;
  for (const auto& item : index.items) products.insert(product_of(item));
  return products.size();
}

std::vector<report::Answer> first_answers(const std::vector<index::Hit>& hits, const LoadedIndex& index, std::size_t k,
                                          bool by_item) {
  std::vector<report::Answer> answers;
  std::set<std::string_view> seen;
  for (const auto& hit : hits) {
    const auto& item = index.items[hit.row];
    if (answers.size() == k) break;
    if (by_item || seen.insert(product_of(item)).second) answers.push_back({item.id, item.label, item.path, hit.score});
  }
  return answers;
}

/// Searches deeper until there are k products, or no more items.
std::vector<report::Answer> search(std::span<const float> vector, const LoadedIndex& index, std::size_t k,
                                   bool by_item) {
  for (std::size_t depth = by_item ? k : 4 * k;; depth *= 4) {
    const auto hits = index.index->search({vector.data(), 1, vector.size()}, std::min(depth, index.items.size()))[0];
    auto answers = first_answers(hits, index, k, by_item);
    if (answers.size() >= k || depth >= index.items.size()) return answers;
  }
}

/// The cosine of the best answer of another product than the first; -1, the lowest cosine, if the search finds none.
float second_product(std::span<const float> vector, const LoadedIndex& index) {
  const auto two = search(vector, index, 2, false);
  return two.size() < 2 ? -1 : two[1].score;
}

dataset::Item item_of(const std::string& query, bool is_text) {
  dataset::Item item;
  item.id = query;
  if (is_text)
    item.text = query;
  else
    item.path = query;
  return item;
}

/// Every box of a COCO file.
std::vector<dataset::Item> read_boxes(const Context& context, const QueryOptions& options) {
  auto description = dataset::describe_path(options.coco);
  if (description.sources.front().format != "coco")
    throw Error(ErrorCode::input, fmt::format("--coco \"{}\" is not a .json file", options.coco.string()));
  description.sources.front().roles[Role::queries] = {""};
  dataset::apply_crop_margin(options.crop_margin, description);
  auto data = dataset::load(description);
  for (const auto& warning : data.warnings) context.observer.log(LogLevel::warning, warning);
  return std::move(data.queries);
}

/// The crops of one image, or whole images.
std::vector<dataset::Item> list_images(const QueryOptions& options) {
  std::vector<dataset::Item> items;
  for (const auto& image : options.images) {
    if (options.boxes.empty()) items.push_back(item_of(image, false));
    for (auto box : options.boxes) {
      auto item = item_of(image + "#" + to_string(box), false);
      box.margin = options.crop_margin;
      item.path = image + "#" + place_suffix(box);
      items.push_back(std::move(item));
    }
  }
  return items;
}

void check_boxes(const QueryOptions& options) {
  if (!options.boxes.empty() && options.images.size() != 1)
    throw Error(ErrorCode::usage, fmt::format("--box cuts one image, but {} were given", options.images.size()));
  if (options.crop_margin > 0 && options.boxes.empty() && options.coco.empty())
    throw Error(ErrorCode::usage, "--crop-margin is for boxes: give --box or --coco too");
}

void check_queries(const QueryOptions& options, const model::Embedder& embedder, const std::string& model) {
  if (options.top_k == 0) throw Error(ErrorCode::usage, "--top-k must be at least 1");
  check_boxes(options);
  if (options.images.empty() && options.texts.empty() && options.coco.empty())
    throw Error(ErrorCode::usage, "no query was given: give images, or words with --text");
  if (std::ranges::find(options.texts, "") != options.texts.end())
    throw Error(ErrorCode::usage, "--text is empty; give words, such as --text \"red apple\"");
  if (options.texts.empty() || embedder.takes_texts()) return;
  throw Error(
      ErrorCode::usage,
      fmt::format("--text needs an index of a model that takes texts, but \"{}\" was built by {}, which takes images "
                  "only; index with a CLIP or SigLIP model that was exported with its vocabulary (tokenizer.json, "
                  "spiece.model, or vocab.json with merges.txt) in the folder of its checkpoint",
                  options.index.string(), model));
}

/// "is a folder. Give its images, for example shelf/*.png", with the extension of a file in it.
std::string describe_folder(const std::filesystem::path& folder) {
  const auto entries = list_if_readable(folder);
  const auto file = std::ranges::find_if(entries, [](const auto& path) { return dataset::is_image_name(path); });
  const auto extension = file == entries.end() ? std::filesystem::path(".jpg") : file->extension();
  return fmt::format("it is a folder. Give its images, for example {}", (folder / "*").string() + extension.string());
}

/// Answers one query after the other.
class Answerer {
 public:
  Answerer(const LoadedIndex& index, const refine::Steps& steps, model::Embedder& embedder,
           std::optional<store::ScoreThreshold> threshold, std::size_t k, bool by_item)
      : index_(index), steps_(steps), embedder_(embedder), threshold_(threshold), k_(k), by_item_(by_item) {}

  report::QueryAnswers answer(const dataset::Item& item) {
    const auto& query = item.id;
    const bool is_text = item.path.empty();
    if (!is_text && is_folder(item.path)) return {query, is_text, std::nullopt, describe_folder(query), {}};
    const auto prepared = prepare({&item, Role::queries}, embedder_, nullptr, share_photo(item.path));
    report::QueryAnswers answers{query, is_text, std::nullopt, prepared.reason, {}};
    if (!prepared.reason.empty()) return answers;
    lost_alpha_ += prepared.lost_alpha ? 1 : 0;
    clipped_ += prepared.clipped ? 1 : 0;
    auto vector = embedder_.embed({&prepared.sample, 1});
    if (!is_finite(vector.row(0))) {
      answers.error = describe_broken_vector(embedder_);
      return answers;
    }
    normalise(vector.row(0));
    vector = map_queries(steps_, index_.maps, std::move(vector));
    answers.answers = search(vector.row(0), index_, k_, by_item_);
    if (!is_text && threshold_) reject_below(*threshold_, vector.row(0), answers);
    return answers;
  }

  std::size_t lost_alpha() const { return lost_alpha_; }  ///< queries whose alpha the model ignores
  std::size_t clipped() const { return clipped_; }        ///< boxes that reach beyond their images

 private:
  /// The photo of a crop, decoded once for consecutive crops; null for whole images.
  Photo* share_photo(const std::string& path) {
    const auto place = parse_place(path);
    if (!place.box) return nullptr;
    if (!photo_ || photo_path_ != place.photo()) {
      photo_path_ = place.photo();
      photo_ = std::make_unique<Photo>(place);
    }
    return photo_.get();
  }

  void reject_below(const store::ScoreThreshold& threshold, std::span<const float> vector,
                    report::QueryAnswers& query) const {
    if (query.answers.empty()) return;
    const float best = query.answers.front().score;
    if (threshold.score == ScoreKind::margin) query.margin = best - second_product(vector, index_);
    if (query.margin.value_or(best) >= threshold.value) return;
    query.rejected = query.answers.front();
    query.answers.clear();
  }

  const LoadedIndex& index_;
  const refine::Steps& steps_;
  model::Embedder& embedder_;
  std::optional<store::ScoreThreshold> threshold_;
  std::size_t k_;
  bool by_item_;
  std::size_t lost_alpha_ = 0, clipped_ = 0;
  std::string photo_path_;
  std::unique_ptr<Photo> photo_;
};

/// Images first, then boxes of a COCO file, then texts.
std::vector<dataset::Item> list_queries(const Context& context, const QueryOptions& options) {
  auto items = list_images(options);
  if (!options.coco.empty()) std::ranges::move(read_boxes(context, options), std::back_inserter(items));
  for (const auto& text : options.texts) items.push_back(item_of(text, true));
  return items;
}

std::vector<report::QueryAnswers> answer_queries(const Context& context, const std::vector<dataset::Item>& queries,
                                                 Answerer& answerer, const std::string& model) {
  std::vector<report::QueryAnswers> answers;
  context.observer.begin(model + ", queries", queries.size(), 0);
  try {
    for (const auto& query : queries) {
      answers.push_back(answerer.answer(query));
      context.observer.advance(1);
    }
  } catch (Stopped& stopped) {
    stopped.continues = false;
    throw;
  }
  context.observer.end();
  return answers;
}

std::string threshold_place(const fs::path& index) {
  return database::is_address(index.string()) ? index.string() : store::threshold_file(index).string();
}

struct Opened {
  LoadedIndex index;
  std::optional<store::ScoreThreshold> threshold;
};

/// Opens the index with its threshold, both of the same index.
Opened open(const Context& context, const QueryOptions& options) {
  Opened opened;
  read_unchanged(options.index, [&] {
    opened.index = open_index(context, options.index, options.execution);
    if (!options.threshold) opened.threshold = find_stored_threshold(opened.index);
  });
  return opened;
}

/// An index of imported vectors does not name a model that this machine has.
const std::string& model_for(const LoadedIndex& index, const QueryOptions& options) {
  const auto& built_by = index.manifest.model;
  if (!options.model.empty()) return options.model;
  if (!is_imported(built_by)) return built_by.name;
  throw Error(
      ErrorCode::usage,
      fmt::format("the vectors of index \"{}\" were imported as {}, so matcher does not know the model that "
                  "made them. Name it: --model M, or evaluate vectors: matcher eval --index {} --embeddings SET",
                  index.folder.string(), describe(built_by), index.folder.string()));
}

/// Imported vectors prove no more than their dimension.
void check_may_belong(const Context& context, const LoadedIndex& index, const ModelIdentity& asked) {
  const auto& built_by = index.manifest.model;
  if (!is_imported(built_by)) return check_belongs(index, asked);
  if (built_by.dimension != asked.dimension) {
    throw Error(
        ErrorCode::mismatch,
        fmt::format("index \"{}\" holds imported vectors of {} dimensions ({}), but {} gives {}. Name the model "
                    "that made them: --model M",
                    index.folder.string(), built_by.dimension, built_by.name, asked.name, asked.dimension));
  }
  context.observer.log(LogLevel::warning,
                       fmt::format("the vectors of index \"{}\" were imported as {}: nothing proves that {} made them. "
                                   "The dimensions agree ({})",
                                   index.folder.string(), built_by.name, asked.name, asked.dimension));
}

}  // namespace

report::Answers query(const Context& context, const QueryOptions& options) {
  const auto [index, stored] = open(context, options);
  const auto& m = index.manifest;
  const auto choice = choose_model(context, model_for(index, options), options.execution);
  const auto queries = list_queries(context, options);
  const auto embedder = load_embedder(context, choice, options.execution);
  check_may_belong(context, index, refined_identity(identity_of(choice.name, *embedder), choice));
  check_queries(options, *embedder, choice.name);
  if (!options.texts.empty()) warn_of_texts(context.observer, choice);

  const auto threshold = options.threshold ? options.threshold : stored;
  report::Answers result{.model = m.model,
                         .index_type = m.type,
                         .items = m.count,
                         .threshold = threshold ? std::optional(threshold->value) : std::nullopt,
                         .threshold_score = threshold ? threshold->score : ScoreKind::cosine,
                         .threshold_from = options.threshold ? "--threshold" : threshold_place(options.index),
                         .available = count_answers(index, options.by_item),
                         .queries = {}};
  Answerer answerer(index, choice.steps, *embedder, threshold, std::min(options.top_k, result.available),
                    options.by_item);
  result.queries = answer_queries(context, queries, answerer, choice.name);
  if (answerer.lost_alpha() > 0)
    context.observer.log(LogLevel::warning, describe_lost_alpha(answerer.lost_alpha(), choice.name));
  if (answerer.clipped() > 0) context.observer.log(LogLevel::warning, describe_clipped(answerer.clipped()));
  return result;
}

}  // namespace matcher::pipeline
