#include "matcher/model/bundle/builtin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"

namespace matcher::model {
namespace {

struct Builtin {
  const char* name;
  const char* source;
};

// OKLab: Björn Ottosson, "A perceptual color space for image processing", 2020. Square roots of histograms make the
// inner product the Bhattacharyya coefficient (the Hellinger kernel).
constexpr const char* colour_layout = R"(
def forward(self, pictures: Tensor) -> Tensor:
    # Which of 3 x 8 x 8 OKLab colours there are, in the whole picture and its centre: [n, 3, h, w] in 0..1 -> [n, 384].
    rgb = torch.avg_pool2d(pictures.float().clamp(0.0, 1.0), [4, 4])
    linear = torch.where(rgb > 0.04045, torch.pow((rgb + 0.055) / 1.055, 2.4), rgb / 12.92)
    to_lms = torch.tensor([[0.4122214708, 0.5363325363, 0.0514459929],
                           [0.2119034982, 0.6806995451, 0.1073969566],
                           [0.0883024619, 0.2817188376, 0.6299787005]], device=rgb.device)
    to_lab = torch.tensor([[0.2104542553, 0.7936177850, -0.0040720468],
                           [1.9779984951, -2.4285922050, 0.4505937099],
                           [0.0259040371, 0.7827717662, -0.8086757660]], device=rgb.device)
    lms = torch.pow(torch.matmul(linear.permute(0, 2, 3, 1), to_lms.t()), 1.0 / 3.0)
    # Hue and chroma tell products apart better than lightness, which is mostly the shop's lamps: they count thrice.
    # 0.06 is the distance within which two colours are nearly one.
    weights = torch.tensor([1.0, 3.0, 3.0], device=rgb.device) * (1.4142135623730951 / 0.06)
    lab = torch.matmul(lms, to_lab.t()) * weights
    lightness = torch.tensor([0.3, 0.6, 0.9], device=rgb.device)
    chroma = torch.linspace(-0.12, 0.16, 8, device=rgb.device)
    colours = torch.cartesian_prod([lightness, chroma, chroma]) * weights
    # A softmax over minus half the squared distances, without the term that all colours share.
    closeness = torch.addmm(-0.5 * (colours * colours).sum(1), lab.flatten(0, 2), colours.t())
    shares = torch.softmax(closeness, 1).view(lab.size(0), lab.size(1), lab.size(2), 192)
    h = shares.size(1)
    w = shares.size(2)
    centre = shares[:, h // 4 : h - h // 4, w // 4 : w - w // 4]
    histograms = torch.cat([shares.mean([1, 2]), centre.mean([1, 2])], 1)
    return torch.sqrt(0.5 * histograms)
)";

// Reference: Dalal and Triggs, "Histograms of oriented gradients for human detection", CVPR 2005. Shelf photos are not
// aligned, so these histograms have coarse cells and three scales, and use opponent colours.
constexpr const char* gradient_layout = R"(
def forward(self, pictures: Tensor) -> Tensor:
    # How strong edges are in 8 directions, by 3 scales, 3 opponent colours and 2 x 2 cells: [n, 3, h, w] -> [n, 288].
    rgb = pictures.float()
    red = rgb[:, 0]
    green = rgb[:, 1]
    blue = rgb[:, 2]
    opponent = torch.stack([(red + green + blue) / 3.0, red - green, (red + green) / 2.0 - blue], 1)
    angles = torch.arange(8, device=rgb.device) * 0.7853981633974483
    across = torch.cos(angles).view(8, 1, 1)
    down = torch.sin(angles).view(8, 1, 1)
    parts: List[Tensor] = []
    for size in [2, 4, 8]:
        level = torch.avg_pool2d(opponent, [size, size])
        dx = level[:, :, 1:-1, 2:] - level[:, :, 1:-1, :-2]
        dy = level[:, :, 2:, 1:-1] - level[:, :, :-2, 1:-1]
        strength = torch.relu(dx.unsqueeze(2) * across + dy.unsqueeze(2) * down).flatten(1, 2)
        parts.append(torch.adaptive_avg_pool2d(strength, [2, 2]).flatten(2))
    # Within a cell the whole is one, so that a dark corner counts as much as a bright one.
    cells = torch.cat(parts, 1)
    return torch.sqrt(0.25 * cells / (cells.sum(1, True) + 0.0001)).flatten(1)
)";

// Fingerprints depend on every byte of these sources.
constexpr std::array builtins{Builtin{"colour-layout", colour_layout}, Builtin{"gradient-layout", gradient_layout}};

}  // namespace

std::vector<std::string> builtin_names() {
  std::vector<std::string> names;
  for (const auto& builtin : builtins) names.emplace_back(builtin.name);
  return names;
}

std::string builtin_source(const std::string& name) {
  const auto* found = std::ranges::find_if(builtins, [&](const Builtin& builtin) { return builtin.name == name; });
  if (found != builtins.end()) return found->source;
  throw Error(ErrorCode::usage,
              fmt::format("there is no built-in model \"{}\"{}", name, name_hint(name, builtin_names())));
}

}  // namespace matcher::model
