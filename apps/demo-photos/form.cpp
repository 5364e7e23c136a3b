#include "demo-photos/form.hpp"

#include "demo-photos/arithmetic.hpp"

namespace matcher::demo {
namespace {

constexpr std::array straight{Knot{0, 1}, Knot{1, 1}};
constexpr std::array can{Knot{0, 0.90f}, Knot{0.035f, 1}, Knot{0.965f, 1}, Knot{1, 0.90f}};
constexpr std::array bottle{Knot{0, 0.33f},     Knot{0.085f, 0.33f}, Knot{0.09f, 0.27f},
                            Knot{0.15f, 0.28f}, Knot{0.22f, 0.45f},  Knot{0.33f, 0.97f},
                            Knot{0.38f, 1},     Knot{0.96f, 1},      Knot{1, 0.90f}};
constexpr std::array jar{Knot{0, 0.88f},     Knot{0.01f, 0.90f}, Knot{0.15f, 0.90f}, Knot{0.155f, 0.82f},
                         Knot{0.18f, 0.84f}, Knot{0.26f, 1},     Knot{0.95f, 1},     Knot{1, 0.90f}};
constexpr std::array tub{Knot{0, 0.98f},     Knot{0.01f, 1},     Knot{0.075f, 1},
                         Knot{0.08f, 0.95f}, Knot{0.97f, 0.73f}, Knot{1, 0.70f}};
constexpr std::array pouch{Knot{0, 0.96f},    Knot{0.09f, 0.96f}, Knot{0.12f, 0.93f}, Knot{0.3f, 0.95f},
                           Knot{0.75f, 1.0f}, Knot{0.96f, 0.98f}, Knot{1, 0.90f}};
constexpr std::array bag{Knot{0, 1},         Knot{0.06f, 0.98f}, Knot{0.12f, 0.94f}, Knot{0.5f, 0.90f},
                         Knot{0.88f, 0.94f}, Knot{0.94f, 0.98f}, Knot{1, 1}};
constexpr std::array tube{Knot{0, 1},          Knot{0.07f, 1},     Knot{0.5f, 0.93f},  Knot{0.80f, 0.80f},
                          Knot{0.835f, 0.62f}, Knot{0.84f, 0.52f}, Knot{0.99f, 0.48f}, Knot{1, 0.46f}};

const std::array<FormTraits, form_count> table{{
    {"box", Body::block, 0.55f, 0.82f, 0.74f, {0, 0}, {0.03f, 0.97f}, true, straight},
    {"carton", Body::block, 0.40f, 0.50f, 0.82f, {0, 0.19f}, {0.21f, 0.97f}, true, straight},
    {"can", Body::round, 0.52f, 0.68f, 0.68f, {0, 0.045f}, {0.07f, 0.95f}, true, can},
    {"bottle", Body::round, 0.30f, 0.40f, 0.86f, {0, 0.087f}, {0.42f, 0.90f}, false, bottle},
    {"jar", Body::round, 0.66f, 0.86f, 0.66f, {0, 0.152f}, {0.31f, 0.88f}, false, jar},
    {"tub", Body::round, 0.80f, 1.10f, 0.56f, {0, 0.077f}, {0.12f, 0.95f}, true, tub},
    {"pouch", Body::cushion, 0.62f, 0.78f, 0.74f, {0, 0.085f}, {0.13f, 0.93f}, true, pouch},
    {"bag", Body::cushion, 0.66f, 0.80f, 0.78f, {0, 0.05f}, {0.09f, 0.91f}, true, bag},
    {"tube", Body::cushion, 0.28f, 0.36f, 0.86f, {0.837f, 1}, {0.09f, 0.80f}, true, tube},
}};

}  // namespace

const FormTraits& traits_of(Form form) { return table[static_cast<std::size_t>(form)]; }

Outline::Outline(Form form) {
  const std::span<const Knot> knots = traits_of(form).outline;
  std::size_t next = 1;
  for (std::size_t i = 0; i < table_.size(); ++i) {
    const float y = static_cast<float>(i) / static_cast<float>(last);
    while (next + 1 < knots.size() && knots[next].y < y) ++next;
    const Knot& above = knots[next - 1];
    table_[i] = mix(above.reach, knots[next].reach, smooth_step(above.y, knots[next].y, y));
  }
}

}  // namespace matcher::demo
