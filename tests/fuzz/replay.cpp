// Runs fuzz targets without libFuzzer: known inputs, seeds, and a few damaged variants of each.
// usage: matcher_fuzz_replay --list | --seeds TARGET FOLDER | TARGET [FILE|FOLDER ...]
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz/run.hpp"

namespace {

using namespace matcher::fuzz;

constexpr unsigned variants = 60;  // per input; a test takes some seconds

struct Input {
  std::string name, content;
};

Input read_input(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {path.filename().string(), {std::istreambuf_iterator<char>(in), {}}};
}

std::vector<Input> inputs_in(const fs::path& path) {
  if (!fs::exists(path)) return {};  // a target without known inputs has seeds only
  if (!fs::is_directory(path)) return {read_input(path)};
  std::vector<Input> inputs;
  for (const auto& entry : fs::directory_iterator(path)) inputs.push_back(read_input(entry.path()));
  std::ranges::sort(inputs, {}, &Input::name);
  return inputs;
}

std::vector<Input> seeds_of(const Target& target) {
  std::vector<Input> inputs;
  if (!target.seeds) return inputs;
  for (auto& seed : target.seeds()) inputs.push_back({"seed-" + std::to_string(inputs.size()), std::move(seed)});
  return inputs;
}

/// Cuts the input, or changes some bytes. The same number always gives the same variant.
std::string damage(std::string content, unsigned number) {
  std::mt19937 random(number);
  if (content.empty()) return content;
  if (number % 3 == 0) return content.substr(0, random() % content.size());
  for (unsigned i = 0; i <= number % 4; ++i) content[random() % content.size()] = char(random());
  return content;
}

/// Returns true if the target reads or refuses the input; prints the fault otherwise.
bool is_good(const Target& target, const std::string& name, const std::string& content) {
  const auto fault = fault_of(target, content);
  if (!fault.empty()) std::printf("fuzz: %s: %s: %s\n", target.name.c_str(), name.c_str(), fault.c_str());
  return fault.empty();
}

unsigned count_faults(const Target& target, const Input& input) {
  unsigned faults = is_good(target, input.name, input.content) ? 0 : 1;
  for (unsigned i = 0; i < variants; ++i)
    faults += is_good(target, input.name + ", variant " + std::to_string(i), damage(input.content, i)) ? 0 : 1;
  return faults;
}

int replay(const Target& target, int count, char** paths) {
  auto inputs = seeds_of(target);
  for (int i = 0; i < count; ++i) std::ranges::move(inputs_in(paths[i]), std::back_inserter(inputs));
  unsigned faults = 0;
  for (const auto& input : inputs) faults += count_faults(target, input);
  std::printf("fuzz: %s: %zu inputs with %u variants each, %u faults\n", target.name.c_str(), inputs.size(), variants,
              faults);
  return faults == 0 && !inputs.empty() ? 0 : 1;
}

int write_seeds(const Target& target, const fs::path& folder) {
  for (const auto& seed : seeds_of(target)) std::ofstream(folder / seed.name, std::ios::binary) << seed.content;
  return 0;
}

int list_targets() {
  for (const auto* target : targets()) std::printf("%s\n", target->name.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first == "--list") return list_targets();
  const bool seeds = first == "--seeds" && argc == 4;
  const auto* target = find_target(seeds ? argv[2] : first);
  if (target == nullptr) {
    std::fprintf(stderr, "usage: matcher_fuzz_replay --list | --seeds TARGET FOLDER | TARGET [FILE|FOLDER ...]\n");
    return 2;
  }
  return seeds ? write_seeds(*target, argv[3]) : replay(*target, argc - 2, argv + 2);
}
