// Fuzz targets: functions that read bytes of any content, as files of other people may have it.
// A target is one Target object in the folder of its layer. run.hpp judges what it does with an input.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace matcher::fuzz {

namespace fs = std::filesystem;

/// A target adds itself to targets(). `name` is also the name of its folder in tests/fuzz/corpus.
struct Target {
  using Run = std::function<void(std::string_view)>;
  using Seeds = std::function<std::vector<std::string>()>;

  /// `run` may throw Error: that refuses the input. `seeds` makes valid inputs.
  Target(std::string target_name, Run run_input, Seeds make_seeds = {});

  std::string name;
  Run run;
  Seeds seeds;
};

/// All targets, by name.
const std::vector<const Target*>& targets();

/// A folder of this process, removed at its end.
const fs::path& scratch();

/// Writes a file into the folder of this process and returns its path.
fs::path write_file(const fs::path& name, std::string_view content);

/// The contents of the files in a folder of the source tree, below it too, with one of the endings and at most `limit`
/// bytes. Fixtures and examples are seeds without a copy.
std::vector<std::string> files_in(const fs::path& folder, const std::vector<std::string>& endings,
                                  std::size_t limit = 4096);

/// The contents of files by path.
using Files = std::map<fs::path, std::string>;

/// A folder of which the input replaces one file: its first byte is the number of the file, by name.
class OneReplaced {
 public:
  /// `make` fills the folder that it is given.
  OneReplaced(const std::string& name, const std::function<void(const fs::path&)>& make);

  const fs::path& folder() const { return folder_; }
  /// Replaces one file by the input, whose "sum" is made right, and restores it when `use` returns or throws. Other
  /// files that have the hash of the file, such as a manifest, get the hash of the input.
  void with(std::string_view input, const std::function<void()>& use) const;
  /// Returns one input per file, which replaces it by itself.
  std::vector<std::string> seeds() const;

 private:
  fs::path folder_;
  Files files_;
};

}  // namespace matcher::fuzz
