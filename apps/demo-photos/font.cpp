#include "demo-photos/font.hpp"

namespace matcher::demo {
namespace {

/// Between two letters, as a part of the height.
constexpr float spacing = 0.24f;

constexpr std::array<std::string_view, 26> letters{
    "062046 1434",                   // A
    "003041423303 3344453606 0006",  // B
    "4130100105163645",              // C
    "002042442606 0006",             // D
    "40000646 0333",                 // E
    "400006 0333",                   // F
    "41301001051636454323",          // G
    "0006 4046 0343",                // H
    "2026",                          // I
    "4045361605",                    // J
    "0006 400346",                   // K
    "000646",                        // L
    "0600234046",                    // M
    "06004640",                      // N
    "103041453616050110",            // O
    "06003041423303",                // P
    "103041453616050110 2446",       // Q
    "06003041423303 2346",           // R
    "413010010213334445361605",      // S
    "0040 2026",                     // T
    "000516364540",                  // U
    "002640",                        // V
    "0016233640",                    // W
    "0046 4006",                     // X
    "002340 2326",                   // Y
    "00400646",                      // Z
};

constexpr std::array<std::string_view, 10> digits{
    "103041453616050110",                // 0
    "112026",                            // 1
    "01103041420646",                    // 2
    "0110304142334445361605 1333",       // 3
    "36300444",                          // 4
    "4000033344453616",                  // 5
    "3010010516364544331304",            // 6
    "004016",                            // 7
    "13020110304142331304051636454433",  // 8
    "163645413010010213 3342",           // 9
};

/// Strokes on a grid 4 wide and 6 high: each pair of digits is a point, a space starts a new stroke.
std::string_view strokes_of(char letter) {
  if (letter >= 'A' && letter <= 'Z') return letters[static_cast<std::size_t>(letter - 'A')];
  if (letter >= '0' && letter <= '9') return digits[static_cast<std::size_t>(letter - '0')];
  return "";
}

float advance(char letter, const Typeface& face) {
  const bool narrow = letter == 'I' || letter == ' ';
  return face.width * (narrow ? 0.5f : 1.0f) + face.weight / 2 + spacing;
}

/// Where a line of text stands: its first letter's top left corner, the height of a letter and the tilt.
struct Line {
  Point start;
  float height;
  float slant;
  float rise;

  /// `p` is in letter heights from the start of the line.
  Point place(Point p) const {
    const float x = p.x + (1 - p.y) * slant;
    return {start.x + x * height, start.y + (p.y - x * rise) * height};
  }
};

void draw_letter(Canvas& canvas, char letter, const Typeface& face, float offset, const Line& line, Color ink) {
  const float shift_x = letter == 'I' ? offset - face.width / 4 : offset;
  const auto grid_point = [&](std::string_view pair) {
    return line.place(
        {shift_x + static_cast<float>(pair[0] - '0') / 4 * face.width, static_cast<float>(pair[1] - '0') / 6});
  };
  const std::string_view strokes = strokes_of(letter);
  for (std::size_t i = 0; i + 4 <= strokes.size(); i += 2) {
    if (strokes[i] == ' ') ++i;
    const bool last_of_stroke = i + 4 > strokes.size() || strokes[i + 2] == ' ';
    if (last_of_stroke) continue;
    draw_line(canvas, grid_point(strokes.substr(i, 2)), grid_point(strokes.substr(i + 2, 2)), face.weight * line.height,
              ink);
  }
}

}  // namespace

float text_aspect(std::string_view text, const Typeface& face) {
  float width = std::abs(face.slant) - spacing;
  for (const char letter : text) width += advance(letter, face);
  return std::max(width, 0.1f) + face.weight;
}

void draw_text(Canvas& canvas, std::string_view text, const Typeface& face, const Box& box, Color ink, float rise) {
  const float aspect = text_aspect(text, face);
  const float height = std::min(box.height() / (1 + face.weight + rise * aspect), box.width() / aspect);
  const Point middle = box.centre();
  const Line line{{middle.x - (aspect - face.weight) * height / 2, middle.y + (rise * aspect - 1) * height / 2},
                  height,
                  face.slant,
                  rise};
  float offset = 0;
  for (const char letter : text) {
    draw_letter(canvas, letter, face, offset, line, ink);
    offset += advance(letter, face);
  }
}

}  // namespace matcher::demo
