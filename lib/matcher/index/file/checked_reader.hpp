// Reads values of an index file, and checks each before it is used.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "matcher/index/file/input.hpp"

namespace matcher::index {

using Size = std::uint64_t;

/// A number in the file that no index has. The text is a reason, such as "its number of lists is 9, not 8".
class InvalidStructure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A class of index that matcher cannot check.
class UnknownStructure : public InvalidStructure {
 public:
  using InvalidStructure::InvalidStructure;
};

/// Multiplies; the largest number if the product is too large.
Size product(Size a, Size b);

/// The checks and the reader throw InvalidStructure with the values.
void require(bool holds, const char* reason);
void require_equal(Size value, Size wanted, const char* what);
void require_between(std::int64_t value, std::int64_t low, std::int64_t high, const char* what);

class CheckedReader {
 public:
  explicit CheckedReader(Input& in) : in_(in) {}

  /// Checks that `count` values of `size` bytes remain in the file.
  void require_rest(Size count, Size size) const;
  Size rest() const { return in_.rest(); }

  template <class T>
  T read() {
    T value;
    read_bytes(&value, sizeof value);
    return value;
  }

  bool read_flag();
  std::string read_mark();  ///< four characters that name a class

  /// Reads the length of a list of values of `size` bytes, all of which must be in the file.
  Size read_length(Size size);
  Size read_length(Size size, Size wanted, const char* what);

  /// Calls `use(value)` for the next `count` values.
  template <class T, class Use>
  void for_each(Size count, const Use& use) {
    require_rest(count, sizeof(T));
    std::array<T, 2048> some;
    for (Size done = 0; done < count;) {
      const auto now = std::min<Size>(some.size(), count - done);
      read_bytes(some.data(), now * sizeof(T));
      std::for_each_n(some.begin(), now, use);
      done += now;
    }
  }

  template <class T>
  std::vector<T> read_values(Size count) {
    require_rest(count, sizeof(T));
    std::vector<T> values(count);
    read_bytes(values.data(), count * sizeof(T));
    return values;
  }

  void read_floats(Size count);  ///< sums of products of such values must be finite
  void skip(Size bytes);

 private:
  void read_bytes(void* into, Size size);
  Input& in_;
};

}  // namespace matcher::index
