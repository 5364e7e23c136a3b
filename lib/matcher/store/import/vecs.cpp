// The files of FAISS and TEXMEX: each vector is its dimension, as int32, and its numbers: float32 in .fvecs, int32 in
// .ivecs. Reference: http://corpus-texmex.irisa.fr
#include <fmt/format.h>

#include <cstring>
#include <fstream>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/files/read_check.hpp"
#include "matcher/files/read_file.hpp"
#include "matcher/store/import/formats.hpp"

namespace matcher::store {
namespace {

constexpr std::int32_t most_dimensions = 1 << 20;

class VecsFile : public ForeignVectors {
 public:
  explicit VecsFile(const fs::path& file)
      : file_(file), in_(open_for_reading(file)), whole_numbers_(lower_case(file.extension().string()) == ".ivecs") {}

  bool next(ForeignBlock& block) override {
    const auto first = row_;
    block = {Matrix(), {}, file_.string(), "row", {}};
    while (block.vectors.rows < rows_per_block && add_row(block.vectors)) ++row_;
    block.numbers = numbers_from(first, block.vectors.rows);
    return block.vectors.rows > 0;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\", row {}: {}. Write it again, or copy it again", file_.string(), row_, reason));
  }

  bool add_row(Matrix& rows) {
    std::int32_t dimension = 0;
    const auto found = read(&dimension, sizeof dimension);
    if (found == 0) return false;
    if (found < sizeof dimension) fail("the file is truncated");
    check(dimension);
    std::vector<float> row(std::size_t(dimension), 0.0F);
    if (read(row.data(), row.size() * sizeof(float)) < row.size() * sizeof(float)) fail("the file is truncated");
    if (whole_numbers_) convert(row);
    rows.data.insert(rows.data.end(), row.begin(), row.end());
    rows.cols = row.size();
    ++rows.rows;
    return true;
  }

  void check(std::int32_t dimension) {
    if (dimension <= 0 || dimension > most_dimensions) fail(fmt::format("the dimension is {}", dimension));
    if (row_ == 0) dimension_ = dimension;
    if (dimension != dimension_)
      fail(fmt::format("the dimension is {}, but that of row 0 is {}", dimension, dimension_));
  }

  static void convert(std::vector<float>& row) {
    for (auto& value : row) {
      std::int32_t whole = 0;
      std::memcpy(&whole, &value, sizeof whole);
      value = float(whole);
    }
  }

  std::size_t read(void* out, std::size_t bytes) {
    in_.read(static_cast<char*>(out), std::streamsize(bytes));
    check_read_to_end(in_, file_);
    return std::size_t(in_.gcount());
  }

  fs::path file_;
  std::ifstream in_;
  bool whole_numbers_;
  std::uint64_t row_ = 0;
  std::int32_t dimension_ = 0;
};

}  // namespace

const ImportFormat vecs_format{{".fvecs", ".ivecs"}, [](const fs::path& file) -> std::unique_ptr<ForeignVectors> {
                                 return std::make_unique<VecsFile>(file);
                               }};

}  // namespace matcher::store
