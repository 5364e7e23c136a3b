#include "matcher/store/import/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"
#include "matcher/files/read_check.hpp"
#include "matcher/files/read_file.hpp"

namespace matcher::store {
namespace {

constexpr std::size_t longest_header = 1 << 20;  // bytes; numpy writes 128

class FileStream : public ByteStream {
 public:
  explicit FileStream(const fs::path& path) : path_(path), in_(open_for_reading(path)) {}

  std::size_t read(std::span<char> out) override {
    in_.read(out.data(), std::streamsize(out.size()));
    check_read_to_end(in_, path_);
    return std::size_t(in_.gcount());
  }

 private:
  fs::path path_;
  std::ifstream in_;
};

std::unique_ptr<ForeignVectors> open_npy(const fs::path& file) {
  auto bytes = std::make_unique<FileStream>(file);
  auto header = read_npy_header(*bytes, fmt::format("\"{}\"", file.string()));
  return std::make_unique<NpyVectors>(std::move(bytes), std::move(header), file.string());
}

}  // namespace

NpyHeader read_npy_header(ByteStream& bytes, const std::string& name) {
  std::string header(npy_start_bytes, '\0');
  header.resize(bytes.read(header));
  const auto size = std::min(npy_header_size(header, name), longest_header);
  const auto start = header.size();
  header.resize(std::max(size, start));
  header.resize(start + bytes.read(std::span(header).subspan(start)));
  return parse_npy_header(header, name);
}

NpyVectors::NpyVectors(std::unique_ptr<ByteStream> bytes, const NpyHeader& header, std::string file)
    : bytes_(std::move(bytes)), type_(header.type), file_(std::move(file)) {
  const auto& shape = header.shape;
  const bool is_usable = (shape.size() == 1 || shape.size() == 2) && shape.back() > 0;
  if (!is_usable) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" has the shape [{}], but vectors have the shape [number, "
                                              "dimension]. Save them with numpy.save as one array of two axes",
                                              file_, fmt::join(shape, ", ")));
  }
  rows_ = shape.size() == 1 ? 1 : shape[0];
  columns_ = shape.back();
}

bool NpyVectors::next(ForeignBlock& block) {
  const auto rows = std::min(rows_per_block, rows_ - read_);
  if (rows == 0) {
    check_end();
    return false;
  }
  block = {Matrix(rows, columns_), {}, file_, "row", numbers_from(read_, rows)};
  std::string bytes(rows * columns_ * size_of(type_), '\0');
  const auto found = bytes_->read(bytes);
  if (found < bytes.size()) {
    throw Error(ErrorCode::input, fmt::format("\"{}\" is truncated: it has {} of {} vectors. Copy it again", file_,
                                              read_ + found / (columns_ * size_of(type_)), rows_));
  }
  convert_npy(type_, bytes, block.vectors.data);
  read_ += rows;
  return true;
}

void NpyVectors::check_end() {
  char more = 0;  // an archive checks its sum at the end of a record
  if (bytes_->read({&more, 1}) == 0) return;
  throw Error(ErrorCode::input,
              fmt::format("\"{}\" goes on after its {} vectors. Save each array in a file of its own, "
                          "with numpy.save",
                          file_, rows_));
}

const ImportFormat npy_format{{".npy"}, open_npy};

}  // namespace matcher::store
