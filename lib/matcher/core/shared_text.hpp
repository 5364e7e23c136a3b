// Texts that many items have, such as labels and splits: each is stored once, for the life of the process.
#pragma once

#include <string>
#include <string_view>

namespace matcher {

/// A text of 8 bytes. Thread-safe; never freed, and the same text again needs no further memory.
class SharedText {
 public:
  SharedText() : text_(&none()) {}
  SharedText(std::string_view text) : text_(&stored(text)) {}
  SharedText(const std::string& text) : SharedText(std::string_view(text)) {}
  SharedText(const char* text) : SharedText(std::string_view(text)) {}

  const std::string& text() const { return *text_; }
  operator const std::string&() const { return *text_; }
  bool empty() const { return text_->empty(); }

  friend bool operator==(const SharedText& a, const SharedText& b) { return a.text_ == b.text_; }
  friend bool operator==(const SharedText& a, std::string_view b) { return *a.text_ == b; }
  friend bool operator==(const SharedText& a, const std::string& b) { return *a.text_ == b; }
  friend bool operator==(const SharedText& a, const char* b) { return *a.text_ == b; }

 private:
  static const std::string& none();
  static const std::string& stored(std::string_view text);
  const std::string* text_;
};

}  // namespace matcher
