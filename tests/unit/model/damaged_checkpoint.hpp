// Checkpoints of tests/data/model with one thing changed, and what export says about them.
#pragma once

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <string>

#include "matcher/model/families/families.hpp"
#include "unit/model/safetensors_writer.hpp"
#include "unit/model/scratch.hpp"

namespace matcher::test {

inline constexpr const char* weights = "model.safetensors";
inline constexpr const char* config = "config.json";
inline constexpr const char* processor = "preprocessor_config.json";

/// A copy of a fixture, to be damaged.
class Copy {
 public:
  explicit Copy(const std::string& name) {
    fs::copy(fs::path(MATCHER_TEST_DATA) / "model" / name, folder(), fs::copy_options::recursive);
  }

  fs::path folder() const { return scratch_ / "DIR"; }
  void write(const std::string& name, const std::string& text) const { write_atomically(folder() / name, text); }
  void remove(const std::string& name) const { REQUIRE(fs::remove(folder() / name)); }

  void edit(const std::string& name, const std::function<void(nlohmann::json&)>& change) const {
    auto object = nlohmann::json::parse(read_text(folder() / name));
    change(object);
    write(name, object.dump());
  }
  void set(const std::string& name, const std::string& key, const nlohmann::json& value) const {
    edit(name, [&](nlohmann::json& object) { object[key] = value; });
  }
  void edit_weights(const std::function<void(Tensors&)>& change, const std::string& name = weights) const {
    auto tensors = parse_safetensors(read_text(folder() / name));
    change(tensors);
    write(name, safetensors(tensors));
  }

  /// The message of an export, with "DIR" for the folder.
  std::string complaint() const {
    const auto error = error_of([&] {
      model::Checkpoint checkpoint(folder());
      const auto& family = model::find_family(checkpoint);
      family.preprocess(checkpoint);
      model::read_architecture(family, checkpoint);
    });
    if (!error) return "no complaint";
    CHECK(error->code() == ErrorCode::input);
    std::string text = error->what();
    const auto place = folder().string();
    for (auto at = text.find(place); at != std::string::npos; at = text.find(place))
      text.replace(at, place.size(), "DIR");
    return text;
  }

 private:
  Scratch scratch_;
};

/// The message for a fixture with one value changed in a file.
inline std::string complaint_with(const std::string& fixture, const char* file, const std::string& key,
                                  const nlohmann::json& value) {
  const Copy copy(fixture);
  copy.set(file, key, value);
  return copy.complaint();
}

inline std::string about(const char* file, const std::string& key, const std::string& reason) {
  return fmt::format("DIR/{}: \"{}\" {}; correct it, or fetch the checkpoint again", file, key, reason);
}

/// The message about a value that is correct, but that matcher cannot follow.
inline std::string refusal_of(const char* file, const std::string& key, const std::string& reason) {
  return fmt::format("DIR/{}: \"{}\" {}", file, key, reason);
}

inline void check_config(const std::string& key, const nlohmann::json& value, const std::string& reason) {
  INFO(key << " = " << value.dump());
  CHECK(complaint_with("dinov2-same", config, key, value) == about(config, key, reason));
}

inline void check_processor(const std::string& key, const nlohmann::json& value, const std::string& reason) {
  INFO(key << " = " << value.dump());
  CHECK(complaint_with("dinov2-same", processor, key, value) == about(processor, key, reason));
}

}  // namespace matcher::test
