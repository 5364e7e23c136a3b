#include "matcher/store/import/arrow.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/files/read_file.hpp"
#include "matcher/process/plugin.hpp"

#define MATCHER_STRING(name) MATCHER_STRING_OF(name)
#define MATCHER_STRING_OF(name) #name

namespace matcher::store {
namespace {

constexpr PluginName plugin{"Apache Arrow", "libmatcher_arrow.so", MATCHER_STRING(MATCHER_ARROW_PLUGIN)};

void check_installed(const fs::path& file) try { find_plugin(plugin); } catch (const Error&) {
  throw Error(ErrorCode::resource,
              fmt::format("\"{}\" needs Apache Arrow, which this matcher was built without. Install it (pip install "
                          "pyarrow) and build matcher with -DMATCHER_ARROW_PYTHON=python3, or save the vectors as .npy",
                          file.string()));
}

[[noreturn]] void fail(const fs::path& file, const std::string& reason) {
  throw Error(ErrorCode::input, fmt::format("\"{}\" cannot be used: {}", file.string(), reason));
}

class ArrowVectors : public ForeignVectors {
 public:
  explicit ArrowVectors(const fs::path& file) : file_(file), reader_(file, ArrowContent::vectors) {}

  bool next(ForeignBlock& block) override {
    ArrowRows rows;
    if (!reader_.next(rows)) return false;
    block = {Matrix(), std::move(rows.ids), file_.string(), "row", numbers_from(read_, rows.rows)};
    block.vectors.data = std::move(rows.vectors);
    block.vectors.rows = rows.rows;
    block.vectors.cols = rows.dimension;
    read_ += rows.rows;
    return true;
  }

 private:
  fs::path file_;
  ArrowReader reader_;
  std::uint64_t read_ = 0;
};

}  // namespace

ArrowReader::ArrowReader(const fs::path& file, ArrowContent content) : file_(file) {
  open_for_reading(file);  // for its error
  check_installed(file);
  std::string error;
  opened_.reset(reinterpret_cast<ArrowFactory>(open_plugin(plugin))(file.string(), content, error));
  if (!opened_) fail(file, error);
}

bool ArrowReader::next(ArrowRows& rows) try { return opened_->next(rows); } catch (const std::runtime_error& error) {
  fail(file_, error.what());
}

const ImportFormat arrow_format{
    {".parquet", ".arrow", ".feather"},
    [](const fs::path& file) -> std::unique_ptr<ForeignVectors> { return std::make_unique<ArrowVectors>(file); }};

}  // namespace matcher::store
