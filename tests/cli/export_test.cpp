#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using cli::fs::exists;
using nlohmann::json;

namespace {

std::string fixture(const std::string& name) { return (cli::fs::path(MATCHER_TEST_DATA) / "model" / name).string(); }

/// The program with its work folder, and with no models of the machine.
cli::Result matcher(const cli::Folder& work, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--workdir", work.str("w")});
  return cli::run(arguments, {"MATCHER_MODELS="});
}

cli::Result export_model(const cli::Folder& work, const std::string& name, const std::string& checkpoint,
                         const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"export", name, "--checkpoint", checkpoint};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return matcher(work, arguments);
}

std::vector<std::string> files_in(const cli::fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : cli::fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) names.push_back(cli::fs::relative(entry.path(), folder).string());
  std::ranges::sort(names);
  return names;
}

/// A fixture's checkpoint to be damaged, at `work`/DIR.
cli::fs::path copy_of(const cli::Folder& work, const std::string& name) {
  cli::fs::copy(fixture(name), work / "DIR", cli::fs::copy_options::recursive);
  return work / "DIR";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  INFO(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// Fails as it should: with this code and sentence, nothing on stdout, and no file.
void check_refused(const cli::Folder& work, const cli::Result& result, int code, const std::string& sentence) {
  CHECK(result.code == code);
  CHECK(result.out.empty());
  CHECK(result.err == "matcher: error: " + sentence + "\n");
  CHECK_FALSE(exists(work / "w"));
}

/// A float32 array [rows, columns].
std::string npy(std::size_t rows, std::size_t columns, const std::vector<float>& values) {
  auto header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", rows, columns);
  header.resize(117, ' ');
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + '\n' +
         std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
}

/// Two photos in `work`/photos/{a,b}, and the same side by side in `work`/expected.
void add_photos(const cli::Folder& work) {
  for (const auto* name : {"a", "b"}) {
    const auto product = std::string(name) == "a" ? "p0001" : "p0002";
    const auto photo = cli::text_of(cli::fs::path(cli::demo()) / "gallery" / product / "1.jpg");
    cli::write(work / "photos" / name / "1.jpg", photo);
    cli::write(work / "expected" / (std::string(name) + ".jpg"), photo);
  }
}

}  // namespace

TEST_CASE("an exported checkpoint is listed, verified and embeds") {
  const cli::Folder work;
  const auto made = export_model(work, "shelf", fixture("dinov2-same"));
  CHECK(made.code == 0);
  CHECK(made.err.empty());
  CHECK(made.out == work.str("w/models/shelf.pt") + "\n");
  CHECK(files_in(work / "w") == std::vector<std::string>{"models/shelf.pt"});

  CHECK_THAT(matcher(work, {"models", "--format", "csv"}).out, ContainsSubstring("shelf,16,"));

  const auto verified = matcher(work, {"verify", "shelf"});
  CHECK(verified.code == 0);
  CHECK(verified.err.empty());
  CHECK_THAT(verified.out, ContainsSubstring("golden sample") && ContainsSubstring("the same"));

  const auto embedded =
      matcher(work, {"embed", "--model", "shelf", "--dataset", cli::demo(), "--output", work.str("set")});
  CHECK(embedded.code == 0);
  CHECK_THAT(embedded.out, ContainsSubstring("52 vectors of 16"));
  const auto precision = json::parse(cli::text_of(work / "set" / "manifest.json"))["model"]["precision"];
  if (precision == "bf16") {
    CHECK_THAT(embedded.err,
               StartsWith("matcher: precision bf16 for \"shelf\": this processor multiplies in it, and the "
                          "golden sample keeps a cosine of 0.9999"));
  } else {
    CHECK(precision == "fp32");
    CHECK(embedded.err.empty());
  }
}

TEST_CASE("a file exported elsewhere is a model by its path") {
  const cli::Folder work;
  const auto file = work.str("made/clip.pt");
  for (const auto* precision : {"fp32", "bf16", "fp16"}) {
    REQUIRE(export_model(work, "clip", fixture("clip-quick-gelu"), {"--output", file, "--precision", precision}).code ==
            0);
    const auto verified = matcher(work, {"verify", file});
    INFO(precision << ": " << verified.err);
    CHECK(verified.code == 0);
  }
  CHECK_FALSE(exists(work / "w" / "models"));
}

TEST_CASE("the description in an exported file says what it is and of what it was made") {
  const cli::Folder work;
  REQUIRE(export_model(work, "shelf", fixture("clip-vision"), {"--precision", "bf16"}).code == 0);
  const auto bytes = cli::text_of(work / "w" / "models" / "shelf.pt");
  for (const auto* line : {"name: shelf\n", "description: 1 layers of 16, patches of 4\n", "family: clip\n",
                           "source: clip-vision\n", "dimension: 10\n", "precision: bf16\n", "transparent: white\n",
                           "resize: {shortest_edge: 16, filter: bicubic}\n", "crop: {height: 16, width: 16}\n",
                           "mean: [0.48145467, 0.4578275, 0.40821072]\n", "std: [0.26862955, 0.2613026, 0.2757771]\n",
                           "checkpoint: model.safetensors "}) {
    INFO(line);
    CHECK(bytes.find(line) != std::string::npos);
  }
}

TEST_CASE("verify in JSON has these keys") {
  const cli::Folder work;
  REQUIRE(export_model(work, "shelf", fixture("registers")).code == 0);
  const auto result = matcher(work, {"verify", "shelf", "--device", "cpu", "--format", "json"});
  REQUIRE(result.code == 0);
  const auto said = json::parse(result.out);
  std::vector<std::string> keys;
  for (const auto& [key, value] : said.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"compared_with", "cosine", "cosine_at_least", "device", "difference_at_most",
                                         "dimension", "largest_difference", "milliseconds_per_image", "model", "passed",
                                         "precision", "samples", "schema", "worst"});
  CHECK(said["schema"] == "matcher.verification/1");
  CHECK(said["passed"] == true);
  CHECK(said["compared_with"] == "golden sample");
  CHECK(said["samples"] == 1);
  CHECK(said["dimension"] == 16);
  CHECK(said["precision"] == "fp32");
  CHECK(said["device"] == "cpu");
  CHECK(said["cosine"] >= 0.999999);
  CHECK(said["cosine_at_least"] == 0.999999);
  CHECK(said["milliseconds_per_image"] > 0);
}

TEST_CASE("export without a checkpoint says what it needs") {
  const cli::Folder work;
  const auto unknown = matcher(work, {"export", "dinov2-lrage"});
  CHECK_THAT(unknown.err, ContainsSubstring("did you mean \"dinov2-large\"?"));
  CHECK(unknown.code == 2);
  const auto known = matcher(work, {"export", "dinov2-large"});
  CHECK_THAT(known.err, ContainsSubstring("matcher export dinov2-large --checkpoint DIR"));
  CHECK(known.code == 2);
  CHECK_FALSE(exists(work / "w"));
}

TEST_CASE("export refuses names that are no file names, and precisions that it has not") {
  const cli::Folder work;
  check_refused(work, export_model(work, "a/b", fixture("dinov2-same")), 2,
                "\"a/b\" is not a valid model name; use letters, digits, '-', '_' and '.'");
  check_refused(
      work, export_model(work, "colour-layout", fixture("dinov2-same")), 2,
      "colour-layout is built in and has no checkpoint; leave --checkpoint out, or give the model another name");
  const auto precision = export_model(work, "shelf", fixture("dinov2-same"), {"--precision", "fp8"});
  CHECK(precision.code == 2);
  CHECK_THAT(precision.err, ContainsSubstring("--precision"));
}

TEST_CASE("export of a folder without --checkpoint says how to read it") {
  const cli::Folder work;
  const auto folder = work.str("tuned");
  std::filesystem::create_directory(folder);
  const auto result = matcher(work, {"export", folder});
  CHECK(result.code == 2);
  CHECK_THAT(result.err, ContainsSubstring("\"" + folder +
                                           "\" is a folder; give the model a name, and the folder with "
                                           "--checkpoint: matcher export tuned --checkpoint " +
                                           folder));
}

TEST_CASE("export refuses a checkpoint of another size than the description of that name") {
  const cli::Folder work;
  const auto result = export_model(work, "dinov2-large", fixture("dinov2-same"));
  CHECK(result.code == 4);
  CHECK_THAT(result.err,
             ContainsSubstring("dinov2-large.yaml says dimension 1024, but the checkpoint of \"dinov2-large\" "
                               "gives 16; export it under another name"));
  CHECK_FALSE(exists(work / "w"));
}

TEST_CASE("a checkpoint that is not there is named") {
  const cli::Folder work;
  const std::string rest =
      " is not a folder; --checkpoint takes the folder of a Hugging Face checkpoint, with config.json, "
      "preprocessor_config.json and model.safetensors";
  check_refused(work, export_model(work, "shelf", work.str("none")), 3, work.str("none") + rest);
  const auto file = fixture("dinov2-same") + "/model.safetensors";
  check_refused(work, export_model(work, "shelf", file), 3, file + rest);
}

TEST_CASE("damaged checkpoints end with 3, a sentence that names the place, and no file") {
  const cli::Folder work;
  const auto folder = copy_of(work, "dinov2-same");
  const auto weights = folder / "model.safetensors";
  const auto whole = cli::text_of(weights);
  const auto refused = [&](const std::string& sentence) {
    check_refused(work, export_model(work, "shelf", folder.string()), 3, sentence);
  };
  SECTION("no configuration") {
    cli::fs::remove(folder / "config.json");
    refused((folder / "config.json").string() +
            " is missing; fetch the whole checkpoint: config.json, preprocessor_config.json and model.safetensors");
  }
  SECTION("no processor") {
    cli::fs::remove(folder / "preprocessor_config.json");
    refused((folder / "preprocessor_config.json").string() +
            " is missing; fetch the whole checkpoint: config.json, preprocessor_config.json and model.safetensors");
  }
  SECTION("no weights") {
    cli::fs::remove(weights);
    refused(folder.string() +
            " holds neither model.safetensors nor model.safetensors.index.json; fetch the checkpoint again");
  }
  SECTION("empty weights") {
    cli::write(weights, "");
    refused(weights.string() + " is not a safetensors file: it has 0 bytes; fetch it again");
  }
  SECTION("a web page for weights") {
    cli::write(weights, "<!DOCTYPE html><html>Not found</html>");
    refused(weights.string() +
            " is not a safetensors file: its header would have 5789751444030890300 bytes; fetch it again");
  }
  SECTION("a longer header than the file") {
    cli::write(weights, replaced(whole, whole.substr(0, 8), std::string("\xff\xff\xff\x00\0\0\0\0", 8)));
    refused(fmt::format("{} is truncated: its header has 16777215 bytes, but the file only {}; fetch it again",
                        weights.string(), whole.size()));
  }
  SECTION("cut short") {
    cli::write(weights, whole.substr(0, whole.size() - 1));
    refused(
        fmt::format("{} is damaged: tensor \"layernorm.weight\" reaches to byte 30976 of the data, but the file has "
                    "only 30975; the file is truncated; fetch it again",
                    weights.string()));
  }
  SECTION("longer than its tensors") {
    cli::write(weights, whole + "!");
    refused(weights.string() + " is damaged: its last 1 bytes belong to no tensor; fetch it again");
  }
  SECTION("a tensor under another name") {
    cli::write(weights, replaced(whole, "\"layernorm.weight\"", "\"layernorm.wieght\""));
    refused(
        fmt::format("{0} has no tensor \"layernorm.weight\" [16], which {0}/config.json calls for; use the "
                    "configuration and the weights of one network",
                    folder.string()));
  }
  SECTION("a tensor of another shape") {
    cli::write(weights, replaced(whole, "\"shape\":[1,17,16]", "\"shape\":[1,16,17]"));
    refused(
        fmt::format("tensor \"embeddings.position_embeddings\" in {} is [1, 16, 17], but {}/config.json calls for "
                    "[1, 17, 16]; use the configuration and the weights of one network",
                    weights.string(), folder.string()));
  }
  SECTION("a hostile shape") {
    cli::write(weights, replaced(whole, "\"shape\":[1,17,16]", "\"shape\":[1e9,17,1]"));
    refused(weights.string() +
            " is damaged: tensor \"embeddings.position_embeddings\" has a shape that is not of whole numbers; fetch it "
            "again");
  }
}

TEST_CASE("a LoRA adapter is refused by name, with what to do") {
  const cli::Folder work;
  cli::write(work / "DIR" / "adapter_config.json",
             R"({"base_model_name_or_path": "facebook/dinov2-base", "peft_type": "LORA"})");
  check_refused(work, export_model(work, "shelf", work.str("DIR")), 3,
                "\"" + work.str("DIR") +
                    "\" holds an adapter (LoRA) of facebook/dinov2-base, not a network. Merge it into that model in "
                    "Python, with peft: PeftModel.from_pretrained(model, "
                    "ADAPTER).merge_and_unload().save_pretrained(FOLDER); then export FOLDER");
}

TEST_CASE("a good file stays when the next export fails") {
  const cli::Folder work;
  REQUIRE(export_model(work, "shelf", fixture("dinov2-same")).code == 0);
  const auto good = cli::text_of(work / "w" / "models" / "shelf.pt");
  const auto folder = copy_of(work, "dinov2-up");
  cli::fs::resize_file(folder / "model.safetensors", 9000);
  CHECK(export_model(work, "shelf", folder.string()).code == 3);
  CHECK((cli::text_of(work / "w" / "models" / "shelf.pt") == good));
  CHECK(files_in(work / "w") == std::vector<std::string>{"models/shelf.pt"});
}

TEST_CASE("a place that cannot be written is named, and nothing stays beside it") {
  const cli::Folder work;
  cli::write(work / "blocked", "x");
  const auto result = export_model(work, "shelf", fixture("dinov2-same"), {"--output", work.str("blocked/shelf.pt")});
  CHECK(result.code == 5);
  CHECK_THAT(result.err, ContainsSubstring(work.str("blocked")));
  cli::fs::create_directories(work / "taken.pt" / "inside");
  const auto taken = export_model(work, "shelf", fixture("dinov2-same"), {"--output", work.str("taken.pt")});
  CHECK(taken.code == 5);
  CHECK_THAT(taken.err, ContainsSubstring("taken.pt"));
  CHECK(files_in(work / "") == std::vector<std::string>{"blocked"});
}

TEST_CASE("verify ends with 4 when the weights in the file are others") {
  const cli::Folder work;
  REQUIRE(export_model(work, "shelf", fixture("dinov2-same")).code == 0);
  const auto file = work / "w" / "models" / "shelf.pt";
  // The last tensor of the checkpoint is the final norm's weight; 64 bytes that stand in the exported file as they are.
  const auto checkpoint = cli::text_of(fixture("dinov2-same") + "/model.safetensors");
  const auto norm = checkpoint.substr(checkpoint.size() - 64);
  auto other = norm;
  std::ranges::rotate(other, other.begin() + 4);
  cli::write(file, replaced(cli::text_of(file), norm, other));
  const auto result = matcher(work, {"verify", "shelf"});
  CHECK(result.code == 4);
  CHECK_THAT(result.out, ContainsSubstring("NOT the same"));
  CHECK_THAT(
      result.err,
      ContainsSubstring("matcher: error: model \"shelf\" does not return the vectors of golden sample: cosine 0.") &&
          ContainsSubstring(". Its weights, its preprocessing or LibTorch have changed: export the model again\n"));
}

TEST_CASE("verify ends with 4 when the golden vector in the file is another") {
  const cli::Folder work;
  REQUIRE(export_model(work, "shelf", fixture("dinov2-same")).code == 0);
  const auto file = work / "w" / "models" / "shelf.pt";
  auto bytes = cli::text_of(file);
  const auto header = bytes.find("(1, 16)");
  REQUIRE(header != std::string::npos);
  const auto values = bytes.find('\n', header) + 1;
  bytes[values + 3] = char(bytes[values + 3] ^ 0x80);  // the sign of the first number
  cli::write(file, bytes);
  const auto result = matcher(work, {"verify", "shelf", "--format", "json"});
  CHECK(result.code == 4);
  CHECK(json::parse(result.out)["passed"] == false);
}

TEST_CASE("verify compares pictures with the vectors that were given for them") {
  const cli::Folder work;
  REQUIRE(export_model(work, "shelf", fixture("dinov2-odd")).code == 0);
  add_photos(work);
  REQUIRE(matcher(work, {"embed", "--model", "shelf", "--dataset", work.str("photos"), "--output", work.str("set"),
                         "--precision", "fp32"})
              .code == 0);
  const auto vectors = cli::text_of(work / "set" / "vectors.npy");

  cli::write(work / "expected" / "all.npy", vectors);
  const auto all = matcher(work, {"verify", "shelf", work.str("expected"), "--format", "json"});
  INFO(all.err);
  CHECK(all.code == 0);
  CHECK(json::parse(all.out)["samples"] == 2);
  CHECK(json::parse(all.out)["compared_with"] == work.str("expected"));
  CHECK(json::parse(all.out)["cosine_at_least"] == 0.9999);

  std::vector<float> numbers(16);
  for (std::size_t i = 0; i < 2; ++i) {
    std::copy_n(vectors.data() + 128 + i * 64, 64, reinterpret_cast<char*>(numbers.data()));
    cli::write(work / "expected" / (i == 0 ? "a.npy" : "b.jpg.npy"), npy(1, 16, numbers));
  }
  cli::fs::remove(work / "expected" / "all.npy");
  CHECK(matcher(work, {"verify", "shelf", work.str("expected")}).code == 0);

  cli::write(work / "expected" / "a.npy", npy(1, 16, numbers));  // that of b
  const auto swapped = matcher(work, {"verify", "shelf", work.str("expected")});
  CHECK(swapped.code == 4);
  CHECK_THAT(swapped.err,
             ContainsSubstring("model \"shelf\" does not return the vectors of " + work.str("expected") + ": cosine "));
  CHECK_THAT(swapped.err, ContainsSubstring(", worst for " + work.str("expected/a.jpg") + ". Its weights, "));
}

TEST_CASE("verify says what is wrong with the vectors that were given") {
  const cli::Folder work;
  REQUIRE(export_model(work, "shelf", fixture("dinov2-odd")).code == 0);
  const auto refused = [&](int code, const std::string& sentence) {
    const auto result = matcher(work, {"verify", "shelf", work.str("expected")});
    CHECK(result.code == code);
    CHECK(result.out.empty());
    CHECK(result.err == "matcher: error: " + sentence + "\n");
  };
  const auto folder = work.str("expected");
  refused(3, "\"" + folder + "\" is not a folder; give one with images and .npy files");
  add_photos(work);
  refused(3, "\"" + folder + "\" has 2 images and 0 .npy files; both are needed");
  cli::write(work / "expected" / "all.npy", npy(3, 16, std::vector<float>(48, 1)));
  refused(3, folder + "/all.npy has 3 vectors for 2 images; it needs the shape [2, 16]");
  cli::write(work / "expected" / "all.npy", npy(2, 8, std::vector<float>(16, 1)));
  refused(4, folder + "/all.npy has 8 numbers, but the model returns 16: it belongs to another model");
  cli::fs::remove(work / "expected" / "all.npy");
  cli::write(work / "expected" / "a.npy", npy(1, 16, std::vector<float>(16, 1)));
  cli::write(work / "expected" / "c.npy", npy(1, 16, std::vector<float>(16, 1)));
  refused(3, folder + "/b.jpg has no expected vector; put it beside the image as b.jpg.npy");
}

TEST_CASE("a model without a golden sample cannot be verified alone") {
  const cli::Folder work;
  const auto result = matcher(work, {"verify", "colour-layout"});
  CHECK(result.code == 3);
  CHECK(result.err ==
        "matcher: error: colour-layout has no golden sample, because matcher export did not make it. Give a folder "
        "with images and their vectors: matcher verify colour-layout FOLDER\n");
}
