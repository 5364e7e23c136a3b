#include "demo-photos/words.hpp"

namespace matcher::demo {
namespace {

constexpr std::array<Flavour, flavour_count> flavours{{
    {"CLASSIC", 0.00f}, {"LEMON", 0.15f},  {"CHERRY", 0.96f}, {"MINT", 0.43f},   {"BERRY", 0.80f},  {"VANILLA", 0.12f},
    {"OCEAN", 0.56f},   {"PEPPER", 0.02f}, {"OLIVE", 0.22f},  {"GINGER", 0.09f}, {"LIGHT", 0.54f},  {"MILD", 0.33f},
    {"STRONG", 0.99f},  {"APPLE", 0.27f},  {"PLUM", 0.85f},   {"COCOA", 0.06f},  {"ORANGE", 0.07f}, {"SPRING", 0.38f},
    {"NIGHT", 0.66f},   {"FIG", 0.77f},    {"PEACH", 0.05f},  {"PINE", 0.40f},   {"FROST", 0.60f},
}};

using Goods = std::array<std::string_view, 6>;
constexpr std::array<Goods, form_count> goods{{
    {"CEREAL", "TEA", "CRACKERS", "PASTA", "RICE", "COOKIES"},
    {"MILK", "JUICE", "OAT DRINK", "CREAM", "SOUP", "ICE TEA"},
    {"TOMATOES", "BEANS", "TUNA", "COLA", "CORN", "SODA"},
    {"WATER", "OIL", "VINEGAR", "SHAMPOO", "SYRUP", "KETCHUP"},
    {"JAM", "HONEY", "PICKLES", "PESTO", "SPREAD", "MUSTARD"},
    {"YOGHURT", "BUTTER", "HUMMUS", "QUARK", "PUDDING", "SORBET"},
    {"COFFEE", "NUTS", "RAISINS", "SUGAR", "LENTILS", "FLOUR"},
    {"CRISPS", "CANDY", "PRETZELS", "POPCORN", "GUMMIES", "TOAST"},
    {"TOOTHPASTE", "HAND CREAM", "MUSTARD", "GLUE", "MAYO", "PAINT"},
}};

bool is_liquid(Form form) { return form == Form::bottle || form == Form::carton || form == Form::tube; }

}  // namespace

const Flavour& flavour(int index) { return flavours[static_cast<std::size_t>(index % flavour_count)]; }

std::string invent_brand(Random& random) {
  static constexpr std::array<std::string_view, 20> first{"BA",  "KO", "LU",  "MI",  "NOR", "PEL", "RA",
                                                          "SOL", "TA", "VEL", "ZE",  "FRI", "GAL", "HA",
                                                          "DO",  "JU", "WIN", "CAS", "ELM", "ARC"};
  static constexpr std::array<std::string_view, 14> middle{"LI", "RO", "NA", "VE", "TI", "MO", "DA",
                                                           "SA", "KE", "LU", "RI", "ZO", "BE", "NO"};
  static constexpr std::array<std::string_view, 14> final{"NA", "RA",  "X",  "LO", "TTO", "VA", "NE",
                                                          "S",  "DEL", "KA", "RT", "MA",  "L",  "GO"};
  std::string brand{random.pick(first)};
  if (random.chance(0.55f)) brand += random.pick(middle);
  brand += random.pick(final);
  if (brand.size() < 4) brand += random.pick(final);
  return brand;
}

std::string_view pick_good(Form form, Random& random) { return random.pick(goods[static_cast<std::size_t>(form)]); }

std::string pick_weight(Form form, Random& random) {
  static constexpr std::array<std::string_view, 6> grams{"100", "250", "400", "500", "750", "125"};
  return std::string{random.pick(grams)} + (is_liquid(form) ? " ML" : " G");
}

std::string title_case(std::string_view words) {
  std::string title{words};
  for (std::size_t i = 1; i < title.size(); ++i) {
    if (title[i - 1] != ' ' && title[i] >= 'A' && title[i] <= 'Z') title[i] = static_cast<char>(title[i] - 'A' + 'a');
  }
  return title;
}

}  // namespace matcher::demo
