// TorchScript made in Python by today's PyTorch: tests/fixtures/make_foreign_fixtures.py.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/npy.hpp"
#include "unit/model/torch/loading.hpp"

using namespace matcher;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;
using model::Pooling;

namespace {

const fs::path folder = fs::path(MATCHER_TEST_DATA) / "foreign";

NpyArray array(const std::string& name) {
  const auto file = folder / name;
  return parse_npy(read_text(file), file.string());
}

model::Bundle foreign(const std::string& name, const std::string& output = "", Pooling pooling = Pooling::none) {
  auto bundle = test::file_bundle(folder / (name + ".pt"));
  bundle.preprocess.crop = {28, 28};
  bundle.output = output;
  bundle.pooling = pooling;
  return bundle;
}

std::vector<model::Sample> both_pictures() {
  const auto all = array("pictures.npy").values;
  const auto half = std::ptrdiff_t(all.size() / 2);
  return {{{std::vector(all.begin(), all.begin() + half)}}, {{std::vector(all.begin() + half, all.end())}}};
}

std::string refusal(const model::Bundle& bundle) {
  try {
    test::load(bundle);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

struct Case {
  std::string name, output;
  Pooling pooling;
};

}  // namespace

TEST_CASE("files of today's PyTorch give the same vectors as there") {
  const auto [name, output, pooling] =
      GENERATE(Case{"dinov2_tokens", "", Pooling::cls}, Case{"dinov2_tuple", "1.0", Pooling::none},
               Case{"dinov2_dictionary", "tokens", Pooling::mean}, Case{"grouped_attention", "", Pooling::none});
  INFO(name);
  const auto vectors = test::load(foreign(name, output, pooling))->embed(both_pictures());
  const auto expected = array(name + ".npy");
  REQUIRE(expected.shape == std::vector<std::size_t>{vectors.rows, vectors.cols});
  for (std::size_t i = 0; i < vectors.data.size(); ++i)
    CHECK(vectors.data[i] == Approx(expected.values[i]).margin(3e-6));
}

TEST_CASE("an output that is not vectors is reported with the choices") {
  CHECK_THAT(
      refusal(foreign("dinov2_tokens")),
      Equals("model \"dinov2_tokens\" returns a tensor [1, 5, 16] of Float for 1 image, but matcher needs a float "
             "tensor [n, d]; for tokens say \"pooling: cls\" or \"pooling: mean\" in its description"));
  CHECK_THAT(refusal(foreign("dinov2_tuple")),
             Equals("model \"dinov2_tuple\" returns a tuple of 2 values for 1 image, but matcher needs a float tensor "
                    "[n, d]; say which with \"output\" in its description: 0 to 1"));
  CHECK_THAT(refusal(foreign("dinov2_dictionary", "token")),
             Equals("model \"dinov2_dictionary\" returns a dictionary of 2 values for 1 image, which has no \"token\"; "
                    "correct \"output\" in its description: pooled, tokens"));
  CHECK_THAT(refusal(foreign("dinov2_tuple", "1.0", Pooling::cls)),
             ContainsSubstring("returns a tensor [1, 16] of Float for 1 image, but pooling cls needs a float tensor "
                               "[n, t, d] of tokens; correct \"pooling\" or \"output\" in its description"));
}

TEST_CASE("another output or pooling is another model") {
  const auto fingerprint = [](const model::Bundle& bundle) { return model::fingerprint(bundle); };
  const auto whole = fingerprint(foreign("dinov2_tokens"));
  CHECK(fingerprint(foreign("dinov2_tokens", "", Pooling::cls)) != whole);
  CHECK(fingerprint(foreign("dinov2_tokens", "", Pooling::mean)) !=
        fingerprint(foreign("dinov2_tokens", "", Pooling::cls)));
  CHECK(fingerprint(foreign("dinov2_tokens", "0")) != whole);
}

TEST_CASE("a missing operator is reported with the version that has it") {
  const auto unknown = refusal(foreign("safe_softmax")), arguments = refusal(foreign("stft"));
  if (unknown == "no error") SKIP("this LibTorch has the operators that Debian 12's lacks");
  CHECK_THAT(unknown,
             ContainsSubstring("it calls the operator aten::_safe_softmax, which LibTorch has since 2.5; export "
                               "it again with an older PyTorch, or build matcher with a newer LibTorch"));
  CHECK_THAT(arguments,
             ContainsSubstring("it calls the operator aten::stft with arguments that are new, which LibTorch "
                               "has since 2."));
}
