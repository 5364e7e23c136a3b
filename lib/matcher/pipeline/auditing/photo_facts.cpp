#include "matcher/pipeline/auditing/photo_facts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <thread>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/read_file.hpp"
#include "matcher/image/lazy_image.hpp"
#include "matcher/image/preprocess.hpp"
#include "matcher/process/ordered_channel.hpp"

namespace matcher::pipeline {
namespace {

constexpr int block = grain / 8;        // pixels of the small copy per colour
constexpr double most_difference = 20;  // levels; JPEG of quality 40 stays below 12, another photo above 30
constexpr double mean_difference = 3;   // levels
constexpr double most_gain = 1.6;       // of contrast
constexpr double most_stretch = 0.04;   // difference of the logarithms of both aspect ratios

/// The place of a pixel in a square with this side.
std::size_t place(int y, int x, int side) { return std::size_t(y) * std::size_t(side) + std::size_t(x); }

std::uint8_t grey_of(const std::uint8_t* rgb) {
  return std::uint8_t((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
}

void add_small_copy(const image::Image& photo, PhotoFacts& facts) {
  const auto small = image::resize(photo, {grain, grain}, image::Filter::bilinear);
  std::array<int, 8 * 8 * 3> sums{};
  for (int y = 0; y < grain; ++y) {
    for (int x = 0; x < grain; ++x) {
      const auto* rgb = small.row(y) + std::size_t(x) * 3;
      facts.grey[place(y, x, grain)] = grey_of(rgb);
      for (int c = 0; c < 3; ++c) sums[place(y / block, x / block, 8) * 3 + std::size_t(c)] += rgb[c];
    }
  }
  for (std::size_t i = 0; i < sums.size(); ++i)
    facts.colours[i] = std::uint8_t((sums[i] + block * block / 2) / (block * block));
}

void look_at_pixels(const image::Image& decoded, PhotoFacts& facts) {
  const auto photo = image::compose_on_white(decoded);
  facts.width = photo.width;
  facts.height = photo.height;
  facts.pixels =
      Hasher().field(double(photo.width)).field(double(photo.height)).bytes(std::as_bytes(std::span(photo.rgb))).hex();
  add_small_copy(photo, facts);
}

PhotoFacts look_at(const std::string& path) {
  PhotoFacts facts;
  if (path.empty()) return facts;
  facts.looked_at = true;
  try {
    const auto bytes = read_bytes(path);
    facts.bytes = content_hash(bytes);
    image::use_image(bytes, [&](image::LazyImage& image) { look_at_pixels(image.decode({}), facts); });
  } catch (const image::DecodeError& error) {
    facts.reason = error.what();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    facts.reason = "the file cannot be read";
  }
  return facts;
}

/// The place in a turned square that the place (x, y) goes to.
std::pair<int, int> place_after(Turn turn, int x, int y, int side) {
  const int last = side - 1;
  switch (turn) {
    case Turn::mirror:
      return {last - x, y};
    case Turn::left:
      return {y, last - x};
    case Turn::upside_down:
      return {last - x, last - y};
    case Turn::right:
      return {last - y, x};
    default:
      return {x, y};
  }
}

template <class Array>
void turn_square(const Array& from, Array& to, Turn turn, int side, int channels) {
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const auto [u, v] = place_after(turn, x, y, side);
      const auto target = place(v, u, side) * std::size_t(channels), source = place(y, x, side) * std::size_t(channels);
      for (std::size_t c = 0; c < std::size_t(channels); ++c) to[target + c] = from[source + c];
    }
  }
}

/// The values of `b` as gain times those of `a` and an offset, by least squares.
struct Levels {
  double gain = 1, offset = 0;
};

template <class Array>
Levels fit_levels(const Array& a, const Array& b) {
  double sum_a = 0, sum_b = 0, squares = 0, products = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum_a += a[i];
    sum_b += b[i];
    squares += double(a[i]) * a[i];
    products += double(a[i]) * b[i];
  }
  const double n = double(a.size()), spread = squares - sum_a * sum_a / n;
  const double gain = spread > 0 ? (products - sum_a * sum_b / n) / spread : 1;
  return {gain, (sum_b - gain * sum_a) / n};
}

/// True if no value differs by more than most_difference, and all by no more than mean_difference on average, after the
/// best change of levels.
template <class Array>
bool agrees(const Array& a, const Array& b) {
  const auto levels = fit_levels(a, b);
  if (levels.gain < 1 / most_gain || levels.gain > most_gain) return false;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(levels.gain * a[i] + levels.offset - b[i]);
    if (difference > most_difference) return false;
    sum += difference;
  }
  return sum <= mean_difference * double(a.size());
}

double stretch(const PhotoFacts& facts) { return std::log(double(facts.width) / double(facts.height)); }

}  // namespace

std::vector<PhotoFacts> look_at_photos(Observer& observer, const std::vector<std::string>& paths, int threads) {
  OrderedChannel<PhotoFacts> channel(0, paths.size(), std::size_t(4 * threads));
  const auto work = [&] {
    try {
      while (const auto number = channel.claim()) channel.put(*number, look_at(paths[*number]));
    } catch (...) {
      channel.fail(std::current_exception());
    }
  };
  struct Close {
    OrderedChannel<PhotoFacts>& channel;
    ~Close() { channel.close(); }
  };
  std::vector<std::jthread> pool;
  const Close close{channel};  // before the threads are joined
  for (int i = 0; i < threads; ++i) pool.emplace_back(work);
  std::vector<PhotoFacts> all;
  all.reserve(paths.size());
  observer.begin("look at photos", paths.size(), 0);
  while (auto facts = channel.take()) {
    all.push_back(std::move(*facts));
    observer.advance(1);
  }
  observer.end();
  return all;
}

PhotoFacts turned(const PhotoFacts& facts, Turn turn) {
  auto other = facts;
  turn_square(facts.grey, other.grey, turn, grain, 1);
  turn_square(facts.colours, other.colours, turn, 8, 3);
  if (turn == Turn::left || turn == Turn::right) std::swap(other.width, other.height);
  return other;
}

bool describe_colours(const PhotoFacts& facts, std::span<float> out) {
  const auto& colours = facts.colours;
  const float mean = float(std::accumulate(colours.begin(), colours.end(), 0)) / float(colours.size());
  std::ranges::transform(colours, out.begin(), [&](std::uint8_t value) { return float(value) - mean; });
  return normalise(out);
}

bool shows_same(const PhotoFacts& a, const PhotoFacts& b) {
  return std::abs(stretch(a) - stretch(b)) <= most_stretch && agrees(a.colours, b.colours) && agrees(a.grey, b.grey);
}

}  // namespace matcher::pipeline
