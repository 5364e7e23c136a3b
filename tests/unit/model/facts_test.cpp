#include "matcher/model/facts.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/model/scratch.hpp"
#include "unit/model/zip_writer.hpp"

using namespace matcher::model;
using matcher::ErrorCode;
using matcher::Precision;
using matcher::test::Scratch;

namespace {

Bundle bundle_of(const std::filesystem::path& file) {
  Bundle bundle;
  bundle.name = "net";
  bundle.path = file;
  return bundle;
}

const std::vector<std::pair<std::string, std::string>> weights{{"net/data.pkl", "x"},
                                                               {"net/constants.pkl", "y"},
                                                               {"net/constants/0", std::string(16, 'w')},
                                                               {"net/data/0", std::string(24, 'w')}};

}  // namespace

TEST_CASE("weights are counted by their bytes, and a tokenizer means texts") {
  const Scratch scratch;
  auto bundle = bundle_of(scratch.write("a.pt", matcher::test::make_zip(weights)));
  CHECK(read_facts(bundle).parameters == 10);
  CHECK_FALSE(read_facts(bundle).takes_texts);
  bundle.precision = Precision::bf16;
  CHECK(read_facts(bundle).parameters == 20);
  auto with_texts = weights;
  with_texts.emplace_back("net/extra/tokenizer.json", "{}");
  CHECK(read_facts(bundle_of(scratch.write("b.pt", matcher::test::make_zip(with_texts)))).takes_texts);
}

TEST_CASE("a built-in model has no file, and a missing file is an error") {
  auto bundle = bundle_of("missing.pt");
  const auto error = matcher::test::error_of([&] { read_facts(bundle); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::input);
  bundle.builtin = "colour-layout";
  CHECK(read_facts(bundle).parameters == 0);
}
