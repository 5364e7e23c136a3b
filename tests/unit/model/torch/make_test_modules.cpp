// Writes TorchScript modules that return what a network should not, one file each, into the folder that is given.
#include <torch/script.h>

#include <iostream>
#include <string>
#include <utility>

namespace {

const std::pair<const char*, const char*> modules[] = {
    {"mean", "def forward(self, x: Tensor):\n  return x.mean([2, 3])\n"},
    {"map", "def forward(self, x: Tensor):\n  return torch.adaptive_avg_pool2d(x, [7, 5])\n"},
    {"tuple", "def forward(self, x: Tensor):\n  return (x.mean([2, 3]), x)\n"},
    {"dictionary", "def forward(self, x: Tensor):\n  return {'features': x.mean([2, 3])}\n"},
    {"integers", "def forward(self, x: Tensor):\n  return x.mean([2, 3]).to(dtype=3)\n"},
    {"one_row", "def forward(self, x: Tensor):\n  return x.mean([2, 3])[0:1]\n"},
    {"other_size", "def forward(self, x: Tensor):\n  return x.view(-1, 3 * 17 * 17)\n"},
    {"raises", "def forward(self, x: Tensor):\n  assert x.size(0) > 9, 'ten or more'\n  return x.mean([2, 3])\n"},
    {"no_forward", "def encode(self, x: Tensor):\n  return x\n"},
    // Zeros pass; a bright first pixel does not.
    {"nan", "def forward(self, x: Tensor):\n  return x.mean([2, 3]) / (x[:, :, 0, 0] < 0.5)\n"},
    {"nan_for_zeros", "def forward(self, x: Tensor):\n  y = x.mean([2, 3])\n  return y / y.norm(2, [1], True)\n"},
    {"warns", "def forward(self, x: Tensor):\n  torch.warn('a warning of the network')\n  return x.mean([2, 3])\n"},
};

/// Networks of convolutions: layers take any order of memory, a view of another shape does not.
const std::pair<const char*, const char*> convolutions[] = {
    {"convolutions",
     "def forward(self, x: Tensor):\n"
     "  x = torch.relu(torch.conv2d(x, self.first, None, [2, 2], [1, 1]))\n"
     "  return torch.conv2d(x, self.second, None, [2, 2], [1, 1]).mean([2, 3])\n"},
    {"flattened_convolutions",
     "def forward(self, x: Tensor):\n"
     "  x = torch.relu(torch.conv2d(x, self.first, None, [4, 4], [1, 1]))\n"
     "  return torch.conv2d(x, self.second, None, [8, 8], [1, 1]).view(x.size(0), -1)\n"},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  for (const auto& [name, source] : modules) {
    torch::jit::Module module(std::string("__torch__.") + name);
    module.define(source);
    module.save(std::string(argv[1]) + "/" + name + ".pt");
  }
  torch::manual_seed(1);
  for (const auto& [name, source] : convolutions) {
    torch::jit::Module module(std::string("__torch__.") + name);
    module.register_parameter("first", torch::randn({32, 3, 3, 3}), false);
    module.register_parameter("second", torch::randn({32, 32, 3, 3}) * 0.1, false);
    module.define(source);
    module.save(std::string(argv[1]) + "/" + name + ".pt");
  }
  return 0;
}
