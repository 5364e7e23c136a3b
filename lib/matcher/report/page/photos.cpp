#include "matcher/report/page/photos.hpp"

#include <fmt/format.h>

#include "matcher/report/escape.hpp"

namespace matcher::report {
namespace {

std::string image(const Figure& f, const Thumbnails& thumbnails) {
  const auto found = thumbnails.find(f.path);
  if (found == thumbnails.end())
    return fmt::format("<div class=\"none\">{}</div>", escape_xml(f.instead.empty() ? "no photo" : f.instead));
  return fmt::format("<img src=\"{}\" alt=\"{}: {}\">", found->second, escape_xml(f.title), escape_xml(f.name));
}

}  // namespace

std::string draw(const Figure& f, const Thumbnails& thumbnails) {
  return fmt::format("<figure>{}<figcaption><b>{}</b> {}{}</figcaption></figure>", image(f, thumbnails),
                     escape_xml(f.title), escape_xml(f.name),
                     f.note.empty() ? "" : fmt::format(" <span>{}</span>", escape_xml(f.note)));
}

std::string card(const std::string& attributes, const std::string& heading, const std::string& photos,
                 const std::string& note) {
  return fmt::format("<article class=\"card\"{}>\n<h3>{}</h3>\n<div class=\"photos\">{}</div>\n{}</article>\n",
                     attributes, heading, photos,
                     note.empty() ? "" : fmt::format("<p class=\"id\">{}</p>\n", escape_xml(note)));
}

}  // namespace matcher::report
