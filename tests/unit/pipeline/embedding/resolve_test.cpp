#include "matcher/pipeline/embedding/resolve.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using pipeline::choose_model;
using test::error_of;

TEST_CASE("A name chooses one model, an expression an ensemble", "[resolve]") {
  const test::Surroundings around;
  around.describe_model("a");
  around.describe_model("b");
  const auto name = [&](const std::string& expression) { return choose_model(around.context, expression, {}).name; };
  CHECK(name("a") == "a");
  CHECK(name("a:3") == "a");
  CHECK(name("a+b") == "a+b");
  CHECK(name("a:2+b:2") == "a+b");
  CHECK(name("a:0.6+b:0.4") == "a:0.6+b:0.4");
  const auto choice = choose_model(around.context, "b:0.25+a:0.75", {});
  REQUIRE(choice.members.size() == 2);
  CHECK(choice.members[0].bundle.name == "b");
  CHECK(choice.members[0].weight == 0.25);
  CHECK(choice.members[1].weight == 0.75);
}

TEST_CASE("A name or the option chooses how images are decoded; the name decides", "[resolve]") {
  const test::Surroundings around;
  around.describe_model("a");
  around.describe_model("b");
  const auto chosen = [&](const std::string& expression, std::optional<image::Decode> decode) {
    pipeline::ExecutionOptions execution;
    execution.decode = decode;
    auto choice = choose_model(around.context, expression, execution);
    std::string ways;
    for (const auto& member : choice.members) ways += ' ' + std::string(to_string(member.bundle.preprocess.decode));
    return choice.name + ways;
  };
  using enum image::Decode;
  CHECK(chosen("a", {}) == "a exact");
  CHECK(chosen("a@fast", {}) == "a@fast fast");
  CHECK(chosen("a@exact", {}) == "a exact");
  CHECK(chosen("a", fast) == "a@fast fast");
  CHECK(chosen("a@exact", fast) == "a exact");
  CHECK(chosen("a@fast", exact) == "a@fast fast");
  CHECK(chosen("a@fast:2+b", {}) == "a@fast:2+b:1 fast exact");
  CHECK(chosen("a+b", fast) == "a@fast+b@fast fast fast");
}

TEST_CASE("The size of an ensemble is that of its members", "[resolve]") {
  const test::Surroundings around;
  around.describe_model("a");
  around.describe_model("b");
  const auto size = [&](const std::string& expression) {
    return size_bytes(choose_model(around.context, expression, {}));
  };
  CHECK(size("a") > 0);
  CHECK(size("a+b") == size("a") + size("b"));
}

TEST_CASE("A model that is not given, unknown or without its file is refused with the next step", "[resolve]") {
  const test::Surroundings around;
  around.describe_model("dinov2-base", "get: fetch it\n");
  around.describe_model("colour-layout");
  const auto message = [&](ErrorCode code, const std::string& expression) {
    return error_of(code, [&] { choose_model(around.context, expression, {}); });
  };
  CHECK_THAT(message(ErrorCode::usage, ""), StartsWith("no model was given: use --model NAME"));
  CHECK_THAT(message(ErrorCode::usage, "colour-layou"), ContainsSubstring("did you mean \"colour-layout\"?"));
  CHECK_THAT(message(ErrorCode::usage, "colour-layout+nothing-like-it"), ContainsSubstring("nothing-like-it"));
  CHECK_THAT(message(ErrorCode::input, "dinov2-base"), ContainsSubstring("fetch it"));
}

TEST_CASE("A dataset is loaded by its path, and refused without a name", "[resolve]") {
  const test::Surroundings around;
  around.draw("shop/gallery/tea/1.png", 1);
  around.draw("shop/queries/tea/2.png", 2);
  const auto data = load_dataset(around.context, (around.scratch / "shop").string());
  CHECK(data.gallery.size() == 1);
  CHECK(data.queries.size() == 1);
  CHECK_THAT(error_of(ErrorCode::usage, [&] { pipeline::load_dataset(around.context, ""); }),
             StartsWith("no dataset was given: use --dataset NAME or PATH"));
}

TEST_CASE("The identity of a loaded model says what made its vectors", "[resolve]") {
  const test::FirstPixel embedder;
  const auto identity = pipeline::identity_of("pixels", embedder);
  CHECK(identity.name == "pixels");
  CHECK(identity.fingerprint == "first pixel");
  CHECK(identity.precision == "fp32");
  CHECK(identity.device == "cpu");
  CHECK(identity.dimension == 3);
}
