#include "matcher/index/file/lists.hpp"

#include <vector>

#include "matcher/index/file/codes.hpp"

namespace matcher::index {
namespace {

constexpr Size few_lists = 1 << 16;
constexpr const char* number_of_lists = "the number of its lists";
constexpr const char* size_of_codes = "the size of the codes in its lists";
constexpr const char* number_of_rows = "the number of rows in its lists";
constexpr const char* elsewhere = "its lists are not in the file";

struct Lists {
  Size count = 0;
  std::vector<Size> places;  ///< list and offset of each row, joined as FAISS does; empty: not stored
};

/// Reads the centroids and the map from rows to places.
Lists read_head(CheckedReader& in, const Header& h) {
  Lists lists{in.read<Size>(), {}};
  in.skip(8);  // probes, which matcher sets
  require(lists.count > 0 && lists.count <= std::max(h.n, few_lists), "it has more lists than vectors");
  read_part(in, h, lists.count);
  const auto kind = in.read<std::uint8_t>();
  require(kind <= 1, "its map of rows is of an unknown kind");
  lists.places = in.read_values<Size>(in.read_length(8, kind * h.n, "the length of its map of rows"));
  return lists;
}

/// Checks that every row is in one place.
class Rows {
 public:
  Rows(const Lists& lists, Size n) : lists_(lists), seen_(n, false) {}

  void start_list(Size list) {
    list_ = list;
    offset_ = 0;
  }

  void add(std::int64_t row) {
    require_between(row, 0, std::int64_t(seen_.size()) - 1, "a row in its lists");
    const auto at = std::size_t(row);
    require(!seen_[at], "a row is in its lists twice");
    require(lists_.places.empty() || lists_.places[at] == (list_ << 32 | offset_),
            "its map of rows differs from its lists");
    seen_[at] = true;
    ++offset_;
  }

 private:
  const Lists& lists_;
  std::vector<bool> seen_;
  Size list_ = 0, offset_ = 0;
};

/// Returns the size of each list from pairs of list and size.
std::vector<Size> spread(const std::vector<Size>& pairs, Size count) {
  require(pairs.size() % 2 == 0, "the sizes of its lists are not in pairs");
  std::vector<Size> sizes(count);
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    require(pairs[i] < count, "the number of a list is too large");
    sizes[pairs[i]] = pairs[i + 1];
  }
  return sizes;
}

/// Reads the size of each list. Together they are the rows of the index.
std::vector<Size> read_sizes(CheckedReader& in, const Header& h, Size count) {
  const auto form = in.read_mark();
  require(form == "sprs" || form == "full", "the sizes of its lists are of an unknown kind");
  auto sizes = in.read_values<Size>(in.read_length(8));
  if (form == "sprs") sizes = spread(sizes, count);
  require_equal(sizes.size(), count, "the number of sizes of its lists");
  Size all = 0;
  for (const auto size : sizes) {
    require(size <= h.n - all, "its lists have more rows than it has vectors");
    all += size;
  }
  require_equal(all, h.n, number_of_rows);
  return sizes;
}

void read_lists(CheckedReader& in, const Header& h, const Lists& lists, const Code& code) {
  require(in.read_mark() == "ilar", elsewhere);
  require_equal(in.read<Size>(), lists.count, number_of_lists);
  require_equal(in.read<Size>(), code.bytes, size_of_codes);
  const auto sizes = read_sizes(in, h, lists.count);
  in.require_rest(h.n, code.bytes + sizeof(std::int64_t));
  Rows rows(lists, h.n);
  for (Size list = 0; list < lists.count; ++list) {
    read_codes(in, sizes[list], code);
    rows.start_list(list);
    in.for_each<std::int64_t>(sizes[list], [&](std::int64_t row) { rows.add(row); });
  }
}

void read_blocks(CheckedReader& in, const Header& h, const Lists& lists, Size block, Size bytes) {
  in.require_rest(h.n, sizeof(std::int64_t));
  Rows rows(lists, h.n);
  Size all = 0;
  for (Size list = 0; list < lists.count; ++list) {
    const auto size = in.read_length(8);
    rows.start_list(list);
    in.for_each<std::int64_t>(size, [&](std::int64_t row) { rows.add(row); });
    in.skip(in.read_length(1, (size + block - 1) / block * block * bytes, "the length of the codes of a list"));
    all += size;
  }
  require_equal(all, h.n, number_of_rows);
}

}  // namespace

void read_vector_lists(CheckedReader& in, const Header& h) {
  const auto lists = read_head(in, h);
  read_lists(in, h, lists, {Code::floats, 4 * h.d});
}

void read_product_lists(CheckedReader& in, const Header& h) {
  const auto lists = read_head(in, h);
  in.read_flag();  // residuals
  const auto stored = in.read<Size>();
  const auto code = read_product_quantizer(in, h);
  require_equal(stored, code.bytes, "the size of its codes");
  read_lists(in, h, lists, code);
}

void read_scalar_lists(CheckedReader& in, const Header& h) {
  const auto lists = read_head(in, h);
  const auto code = read_scalar_quantizer(in, h);
  require_equal(in.read<Size>(), code.bytes, "the size of its codes");
  in.read_flag();  // residuals
  read_lists(in, h, lists, code);
}

void read_packed_lists(CheckedReader& in, const Header& h) {
  const auto lists = read_head(in, h);
  in.read_flag();  // residuals
  in.skip(8);      // size of a code, which FAISS computes
  const auto block = in.read<std::int32_t>();
  const auto packed = in.read<Size>();
  require(in.read<std::int32_t>() == 0 && in.read<Size>() == 0, "its search is of an unknown kind");
  const auto bytes = check_packing(block, packed, read_four_bit_quantizer(in, h));
  require(in.read_mark() == "ilbl", elsewhere);
  require_equal(in.read<Size>(), lists.count, number_of_lists);
  require_equal(in.read<Size>(), std::numeric_limits<Size>::max(), size_of_codes);
  require_equal(in.read<Size>(), Size(block), "the number of codes in a block");
  require_equal(in.read<Size>(), Size(block) * bytes, "the size of a block");
  read_blocks(in, h, lists, Size(block), bytes);
}

}  // namespace matcher::index
