#include "matcher/pipeline/query.hpp"

#include <fmt/format.h>

#include "answer_output.hpp"
#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/core/box.hpp"
#include "matcher/core/error.hpp"
#include "matcher/pipeline/page.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string index, model, coco, files_from, by = "product", score = "cosine";
  std::vector<std::string> images, texts, boxes, where;
  double crop_margin = 0;
  bool null = false, no_header = false;
  std::size_t top_k = 0;
  std::optional<double> threshold;
  RunFlags run;
  OutputFlags output;
};

/// A shell passes "10,20,30,40" as one word, so each word is one box.
std::vector<Box> parse_boxes(const std::vector<std::string>& texts) {
  std::vector<Box> boxes;
  for (const auto& text : texts) {
    const auto box = parse_box(text);
    if (!box || box->margin != 0)
      throw Error(
          ErrorCode::usage,
          fmt::format("--box must be x,y,width,height in pixels, or in shares of the sides with ;fractions, and "
                      "have an area, not \"{}\"",
                      text));
    boxes.push_back(*box);
  }
  return boxes;
}

pipeline::QueryOptions query_options(const Flags& flags, const config::Settings& settings) {
  pipeline::QueryOptions options;
  options.index = flags.index;
  options.model = flags.model;
  options.images = flags.images;
  options.texts = flags.texts;
  options.files_from = flags.files_from;
  options.list_end = flags.null ? pipeline::LineEnd::nul : pipeline::LineEnd::line_feed;
  options.boxes = parse_boxes(flags.boxes);
  options.coco = flags.coco;
  options.crop_margin = flags.crop_margin;
  options.top_k = flags.top_k ? flags.top_k : settings.top_k;
  if (flags.threshold) options.threshold = {parse_score_kind(flags.score), *flags.threshold};
  options.where = flags.where;
  options.by_item = flags.by == "item";
  options.execution = run_options(flags.run, settings);
  return options;
}

void warn_of_few_answers(Session& session, const Flags& flags, std::size_t top_k, std::size_t available) {
  if (top_k <= available) return;
  session.terminal.log(LogLevel::warning,
                       fmt::format("--top-k {} is more than the {} {}s {}; all are returned", top_k, available,
                                   flags.by, flags.where.empty() ? "of the index" : "that --where keeps"));
}

/// Writes all answers at the end.
int print_answers(Session& session, const Flags& flags, const pipeline::QueryOptions& options, report::Format format) {
  const auto answers = pipeline::query(session.context, options);
  warn_of_few_answers(session, flags, options.top_k, answers.available);
  if (!has_content(answers, format)) return report_lost(session, answers, format);
  if (flags.no_header) {
    auto table = report::table_of(answers, format);
    table.header = false;
    write_output(flags.output, report::render(table, format));
  } else {
    write_result(session, flags.output, format, answers,
                 [&] { return report::to_html(answers, pipeline::load_thumbnails(answers)); });
  }
  return report_lost(session, answers, format);
}

/// Writes answers as they come.
int print_lines(Session& session, const Flags& flags, const pipeline::QueryOptions& options) {
  AnswerLines lines(flags.output, [&](const report::Answers& about) {
    warn_of_few_answers(session, flags, options.top_k, about.available);
  });
  pipeline::query(session.context, options, lines);
  return lines.finish();
}

int run(Session& session, const Flags& flags) {
  const auto format = output_format(flags.output);
  if (flags.no_header && format != report::Format::csv)
    throw Error(ErrorCode::usage, fmt::format("--no-header is for --format csv, not {}", flags.output.format));
  const auto options = query_options(flags, session.settings);
  return format == report::Format::ndjson ? print_lines(session, flags, options)
                                          : print_answers(session, flags, options, format);
}

void add_input_flags(CLI::App& command, Flags& flags) {
  command.add_option("images", flags.images, "Photos to search for, or folders of photos; - reads one from stdin");
  auto* list = command
                   .add_option("--files-from", flags.files_from,
                               "Search for the photos that this file lists, one path per line; - is stdin")
                   ->group(group::input);
  command.add_flag("-0,--null", flags.null, "Paths of the list end with NUL, as find -print0 writes them")
      ->needs(list)
      ->group(group::input);
  command.add_option("--text", flags.texts, "Search for these words, if a CLIP model built the index; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false)  // the next word is a photo
      ->group(group::input);
  command
      .add_option("--box", flags.boxes, "Cut this box out of the photo: x,y,width,height in pixels; may be repeated")
      ->delimiter('\0')
      ->allow_extra_args(false)  // the next word is the photo
      ->group(group::input);
  command.add_option("--coco", flags.coco, "Search for every box of this COCO file (.json)")->group(group::input);
  command
      .add_option("--crop-margin", flags.crop_margin,
                  "Add this share of a box's width and height on each side, e.g. 0.1 (default: 0)")
      ->check(number_between(0, 10))
      ->group(group::input);
}

void add_search_flags(CLI::App& command, Flags& flags) {
  command.add_option("--index", flags.index, "Search this index: a folder, chroma://HOST/NAME or milvus://HOST/NAME")
      ->required()
      ->group(group::search);
  command.add_option("--top-k", flags.top_k, "Print this many answers per query (default: 5)")
      ->check(at_least_one())
      ->group(group::search);
  command
      .add_option("--where", flags.where,
                  "Answer only with photos whose column has this value, e.g. category=Apple; may be repeated")
      ->allow_extra_args(false)  // the next word is the photo
      ->group(group::search);
  auto* threshold =
      command
          .add_option(
              "--threshold", flags.threshold,
              "Minimum score; photos below it are reported as \"no match\" (default: as stored by matcher threshold)")
          ->check(number_between(-1, 2))
          ->group(group::search);
  command
      .add_option("--score", flags.score, "Compare --threshold with this: cosine, or margin over the second product")
      ->check(one_of({"cosine", "margin"}))
      ->needs(threshold)
      ->capture_default_str()
      ->group(group::search);
  command.add_option("--by", flags.by, "Print each product once, by its best image, or every item (image)")
      ->check(one_of({"product", "item"}))
      ->capture_default_str()
      ->group(group::search);
}

}  // namespace

void add_query(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = program.add_command("query", "Find the products on photos, or by words", flags, run);
  add_input_flags(command, *flags);
  add_search_flags(command, *flags);
  command
      .add_option("--model", flags->model, "Embed the queries with this model (default: the one that built the index)")
      ->group(group::model);
  add_run_flags(command, flags->run, false);
  add_batch_flag(command, flags->run);
  add_output_flags(command, flags->output, Formats::tables_page_and_lines);
  command.add_flag("--no-header", flags->no_header, "Leave out the line of column names of --format csv")
      ->group(group::output);
  command.footer(R"(
Examples:
  matcher query --index shelf photo.jpg
  matcher query --index shelf --text "red apple" --text "oat milk"
  matcher query --index shelf --box 120,80,200,340 shelf-photo.jpg
  matcher query --index shelf --coco detections.json --crop-margin 0.1
  matcher query --index shelf --top-k 10 --format json photos/*.jpg
  curl -s https://example.org/photo.jpg | matcher query --index shelf -
  find photos -name '*.jpg' -print0 | matcher query --index shelf --files-from - -0 --format ndjson)");
}

}  // namespace matcher::app
