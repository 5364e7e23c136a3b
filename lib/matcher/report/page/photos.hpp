// Photos of a page, with their captions.
#pragma once

#include <string>

#include "matcher/report/html.hpp"

namespace matcher::report {

/// A photo below a caption.
struct Figure {
  std::string title;      ///< "test photo", "answer 1"
  std::string name{};     ///< the product
  std::string note{};     ///< its score
  std::string path{};     ///< a key of the page's thumbnails
  std::string instead{};  ///< shown if there is no thumbnail; empty: "no photo"
};

std::string draw(const Figure& figure, const Thumbnails& thumbnails);

/// Photos side by side, below a heading, which is HTML. `attributes` are those of the card.
std::string card(const std::string& attributes, const std::string& heading, const std::string& photos,
                 const std::string& note);

}  // namespace matcher::report
