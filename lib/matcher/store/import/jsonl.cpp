// JSON Lines: an object per line, with the numbers in "embedding" and, if the lines have ids, the id in "id".
#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/files/read_check.hpp"
#include "matcher/files/read_file.hpp"
#include "matcher/store/import/formats.hpp"

namespace matcher::store {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t lines_per_block = 256;

class JsonLines : public ForeignVectors {
 public:
  explicit JsonLines(const fs::path& file) : file_(file), in_(open_for_reading(file)) {}

  bool next(ForeignBlock& block) override {
    block = {Matrix(), {}, file_.string(), "line", {}};
    std::string text;
    while (block.numbers.size() < lines_per_block && std::getline(in_, text)) {
      ++line_;
      if (text.find_first_not_of(" \t\r") != std::string::npos) add(text, block);
    }
    check_read_to_end(in_, file_);
    return !block.numbers.empty();
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCode::input, fmt::format("{}:{}: {}. Write an object per line, such as {{\"id\": \"a.jpg\", "
                                              "\"embedding\": [0.1, 0.2]}}",
                                              file_.string(), line_, reason));
  }

  json parse(const std::string& text) const {
    json parsed = json::parse(text, nullptr, false);
    if (!parsed.is_object()) fail(parsed.is_discarded() ? "the line is not JSON" : "the line is not an object");
    const auto found = parsed.find("embedding");
    if (found == parsed.end() || !found->is_array()) fail("the object has no array called \"embedding\"");
    return parsed;
  }

  std::string id_of(const json& object) const {
    if (!object.contains("id")) fail("the object has no \"id\", but others have one");
    const auto& id = object.at("id");
    if (id.is_string()) return id.get<std::string>();
    if (id.is_number_integer()) return id.dump();
    fail("the \"id\" is neither a text nor a whole number");
  }

  void add(const std::string& text, ForeignBlock& block) {
    const json object = parse(text);
    if (!started_) has_ids_ = object.contains("id");
    if (has_ids_) block.ids.push_back(id_of(object));
    if (!has_ids_ && object.contains("id")) fail("the object has an \"id\", but the first one has none");
    add_vector(object.at("embedding"), block);
    started_ = true;
  }

  void add_vector(const json& numbers, ForeignBlock& block) {
    if (numbers.empty()) fail("the array \"embedding\" is empty");
    if (!started_) dimension_ = numbers.size();
    if (numbers.size() != dimension_)
      fail(fmt::format("the array \"embedding\" has {} numbers, but the first one has {}", numbers.size(), dimension_));
    auto& m = block.vectors;
    for (const auto& number : numbers.get_ref<const json::array_t&>()) {
      if (!number.is_number()) fail(fmt::format("the array \"embedding\" holds {}, not a number", number.dump()));
      m.data.push_back(number.get<float>());
    }
    m.cols = dimension_;
    ++m.rows;
    block.numbers.push_back(line_);
  }

  fs::path file_;
  std::ifstream in_;
  std::uint64_t line_ = 0;
  bool started_ = false, has_ids_ = false;
  std::size_t dimension_ = 0;
};

}  // namespace

const ImportFormat jsonl_format{{".jsonl", ".ndjson"}, [](const fs::path& file) -> std::unique_ptr<ForeignVectors> {
                                  return std::make_unique<JsonLines>(file);
                                }};

}  // namespace matcher::store
