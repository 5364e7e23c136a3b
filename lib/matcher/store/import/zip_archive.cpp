#include "matcher/store/import/zip_archive.hpp"

#include <fmt/format.h>
#include <minizip/unzip.h>

#include <algorithm>

#include "matcher/core/text.hpp"
#include "matcher/files/read_file.hpp"

namespace matcher::store {
namespace {

constexpr std::size_t largest_read = 1 << 30;  // bytes; minizip counts in int

std::string describe_state(int state) {
  switch (state) {
    case UNZ_CRCERROR:
      return "a checksum is wrong";
    case UNZ_BADZIPFILE:
      return "its list of records is wrong";
    case UNZ_ERRNO:
      return "it is truncated, or cannot be read";
    default:
      return fmt::format("the compressed bytes are wrong, code {}", state);
  }
}

}  // namespace

void ZipArchive::Close::operator()(void* opened) const { unzClose(opened); }

ZipArchive::ZipArchive(const std::filesystem::path& path) : path_(path.string()) {
  open_for_reading(path);  // for its error
  archive_.reset(unzOpen64(path_.c_str()));
  if (!archive_) refuse("it has no list of records at its end");
}

std::optional<std::string> ZipArchive::next_record() {
  if (is_open_) close_record();
  if (!find_next()) return std::nullopt;
  auto name = read_entry();
  check(unzOpenCurrentFile(archive_.get()));
  is_open_ = true;
  return name;
}

std::size_t ZipArchive::read(std::span<char> out) {
  std::size_t count = 0;
  while (left_ > 0 && count < out.size()) {
    const auto got =
        unzReadCurrentFile(archive_.get(), out.data() + count, unsigned(std::min(out.size() - count, largest_read)));
    if (got < 0) check(got);
    if (got == 0) refuse("a record ends early");
    count += std::size_t(got);
    left_ -= std::uint64_t(got);
  }
  if (is_open_ && left_ == 0) close_record();
  return count;
}

/// minizip compares the checksum if the whole record was read.
void ZipArchive::close_record() {
  is_open_ = false;
  left_ = 0;
  check(unzCloseCurrentFile(archive_.get()));
}

bool ZipArchive::find_next() {
  unz_global_info64 info{};
  check(unzGetGlobalInfo64(archive_.get(), &info));
  if (info.number_entry == 0) return false;
  const int state = is_started_ ? unzGoToNextFile(archive_.get()) : unzGoToFirstFile(archive_.get());
  is_started_ = true;
  if (state == UNZ_END_OF_LIST_OF_FILE) return false;
  check(state);
  return true;
}

std::string ZipArchive::read_entry() {
  unz_file_info64 info{};
  check(unzGetCurrentFileInfo64(archive_.get(), &info, nullptr, 0, nullptr, 0, nullptr, 0));
  std::string name(info.size_filename, '\0');  // at most 64 KiB
  check(unzGetCurrentFileInfo64(archive_.get(), &info, name.data(), uLong(name.size()), nullptr, 0, nullptr, 0));
  const bool is_known = info.compression_method == 0 || info.compression_method == Z_DEFLATED;
  if (!is_known) refuse(fmt::format("a record is compressed by method {}, not by deflate", info.compression_method));
  left_ = info.uncompressed_size;
  return valid_utf8(name);
}

void ZipArchive::check(int state) const {
  if (state != UNZ_OK) refuse(describe_state(state));
}

void ZipArchive::refuse(const std::string& reason) const {
  throw ArchiveError(ErrorCode::input,
                     fmt::format("\"{}\" is not an archive of numpy.savez, or is damaged ({}). Save it "
                                 "again with numpy.savez",
                                 path_, reason));
}

}  // namespace matcher::store
