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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  for (const auto& [name, source] : modules) {
    torch::jit::Module module(std::string("__torch__.") + name);
    module.define(source);
    module.save(std::string(argv[1]) + "/" + name + ".pt");
  }
  return 0;
}
