// The entry point of the Apache Arrow plugin.
#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/util/float16.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/properties.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>

#include "matcher/store/import/arrow/table.hpp"

namespace matcher::store {
namespace {

constexpr std::int64_t rows_per_batch = 4096;

/// Returns the value, or throws the reason.
template <class T>
T value_or_throw(arrow::Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.status().message());
  return std::move(result).ValueUnsafe();
}

void check(const arrow::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.message());
}

bool is_list(const arrow::DataType& type) {
  return type.id() == arrow::Type::LIST || type.id() == arrow::Type::LARGE_LIST ||
         type.id() == arrow::Type::FIXED_SIZE_LIST;
}

bool is_list_of_floats(const arrow::DataType& type) {
  return is_list(type) && arrow::is_floating(type.field(0)->type()->id());
}

std::string columns_of(const arrow::Schema& schema) {
  std::string names;
  for (const auto& field : schema.fields())
    names += (names.empty() ? "" : ", ") + field->name() + " (" + field->type()->ToString() + ")";
  return names;
}

/// The column "embedding", or the only one that holds lists of floating-point numbers.
int find_vectors(const arrow::Schema& schema) {
  std::vector<int> found;
  for (int i = 0; i < schema.num_fields(); ++i)
    if (is_list_of_floats(*schema.field(i)->type())) found.push_back(i);
  const int named = schema.GetFieldIndex("embedding");
  if (std::ranges::count(found, named) != 0) return named;
  if (found.size() == 1) return found[0];
  throw std::runtime_error(
      std::string(found.empty() ? "no column holds" : "more than one column holds") +
      " lists of floating-point numbers, and none of them is called embedding; its columns are: " + columns_of(schema));
}

/// The column of ids; -1: none.
int find_ids(const arrow::Schema& schema) {
  for (const auto* name : {"id", "image_path", "key"})
    if (const int found = schema.GetFieldIndex(name); found >= 0) return found;
  return -1;
}

struct Chosen {
  int vectors = -1, ids = -1;  ///< fields; -1: none
};

Chosen choose(const arrow::Schema& schema, ArrowContent content) {
  if (content == ArrowContent::vectors) return {find_vectors(schema), find_ids(schema)};
  if (const int ids = find_ids(schema); ids >= 0) return {-1, ids};
  throw std::runtime_error("none of its columns is called id, image_path or key; they are: " + columns_of(schema));
}

std::string id_at(const arrow::Array& ids, std::int64_t row) {
  if (ids.IsNull(row)) throw std::runtime_error("row " + std::to_string(row) + " of a batch has no id");
  if (ids.type_id() == arrow::Type::STRING) return static_cast<const arrow::StringArray&>(ids).GetString(row);
  if (ids.type_id() == arrow::Type::LARGE_STRING)
    return static_cast<const arrow::LargeStringArray&>(ids).GetString(row);
  if (arrow::is_integer(ids.type_id())) return value_or_throw(ids.GetScalar(row))->ToString();
  throw std::runtime_error("the ids are neither texts nor whole numbers, but " + ids.type()->ToString());
}

template <class ArrayType, class Convert>
void append_as(const arrow::Array& values, std::vector<float>& out, const Convert& convert) {
  const auto& typed = static_cast<const ArrayType&>(values);
  for (std::int64_t i = 0; i < typed.length(); ++i) out.push_back(convert(typed.Value(i)));
}

void append(const arrow::Array& values, std::vector<float>& out) {
  if (values.null_count() > 0) throw std::runtime_error("a vector holds a null");
  switch (values.type_id()) {
    case arrow::Type::FLOAT:
      return append_as<arrow::FloatArray>(values, out, [](float v) { return v; });
    case arrow::Type::DOUBLE:
      return append_as<arrow::DoubleArray>(values, out, [](double v) { return float(v); });
    default:
      append_as<arrow::HalfFloatArray>(values, out,
                                       [](std::uint16_t v) { return arrow::util::Float16::FromBits(v).ToFloat(); });
  }
}

template <class ListType>
std::shared_ptr<arrow::Array> slice_as(const arrow::Array& lists, std::int64_t row) {
  return static_cast<const ListType&>(lists).value_slice(row);
}

std::shared_ptr<arrow::Array> list_at(const arrow::Array& lists, std::int64_t row) {
  if (lists.type_id() == arrow::Type::LIST) return slice_as<arrow::ListArray>(lists, row);
  if (lists.type_id() == arrow::Type::LARGE_LIST) return slice_as<arrow::LargeListArray>(lists, row);
  return slice_as<arrow::FixedSizeListArray>(lists, row);
}

/// Reads batches of the chosen columns.
class File : public ArrowFile {
 public:
  bool next(ArrowRows& rows) override {
    rows = {};
    std::shared_ptr<arrow::RecordBatch> batch;
    do {
      if (at_ == waiting_rows() && !read_next()) return false;
      const auto count = std::min(rows_per_batch, waiting_rows() - at_);
      batch = waiting_->Slice(at_, count);
      at_ += count;
    } while (batch->num_rows() == 0);
    rows.rows = std::size_t(batch->num_rows());
    if (chosen_.vectors >= 0) take_vectors(*batch, rows);
    if (chosen_.ids >= 0) take_ids(*batch->column(chosen_.ids), rows);
    first_ += batch->num_rows();
    return true;
  }

  /// Opens the file. Throws std::runtime_error.
  void open(const std::string& path, ArrowContent content) {
    auto file = value_or_throw(arrow::io::ReadableFile::Open(path));
    path.ends_with(".parquet") ? open_parquet(file, content) : open_arrow(file, content);
  }

 private:
  std::int64_t waiting_rows() const { return waiting_ ? waiting_->num_rows() : 0; }

  bool read_next() {
    at_ = 0;
    waiting_ = read_();
    return waiting_ != nullptr;
  }

  void take_vectors(const arrow::RecordBatch& batch, ArrowRows& rows) {
    const auto& lists = *batch.column(chosen_.vectors);
    for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
      if (lists.IsNull(row)) throw std::runtime_error("row " + std::to_string(first_ + row) + " has no vector");
      const auto values = list_at(lists, row);
      check_dimension(values->length(), first_ + row);
      append(*values, rows.vectors);
    }
    rows.dimension = std::size_t(dimension_);
  }

  void check_dimension(std::int64_t found, std::int64_t row) {
    if (dimension_ == 0) dimension_ = found;
    if (found == dimension_ && found > 0) return;
    throw std::runtime_error("row " + std::to_string(row) + " has " + std::to_string(found) +
                             " numbers, but row 0 has " + std::to_string(dimension_));
  }

  static void take_ids(const arrow::Array& ids, ArrowRows& rows) {
    for (std::int64_t row = 0; row < ids.length(); ++row) rows.ids.push_back(id_at(ids, row));
  }

  void open_parquet(const std::shared_ptr<arrow::io::RandomAccessFile>& file, ArrowContent content) {
    parquet::ReaderProperties properties = parquet::default_reader_properties();
    properties.enable_buffered_stream();  // pages as they are needed, not whole row groups
    parquet::arrow::FileReaderBuilder builder;
    check(builder.Open(file, properties));
    parquet::ArrowReaderProperties of_arrow;
    of_arrow.set_batch_size(rows_per_batch);
    of_arrow.set_pre_buffer(false);
    std::unique_ptr<parquet::arrow::FileReader> reader;
    check(builder.memory_pool(arrow::default_memory_pool())->properties(of_arrow)->Build(&reader));
    std::shared_ptr<arrow::Schema> schema;
    check(reader->GetSchema(&schema));
    read_parquet(std::move(reader), *schema, choose(*schema, content));
  }

  void read_parquet(std::unique_ptr<parquet::arrow::FileReader> reader, const arrow::Schema& schema,
                    const Chosen& in_file) {
    std::vector<int> leaves, groups(std::size_t(reader->num_row_groups()));
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = int(i);
    for (const int field : {in_file.vectors, in_file.ids})
      if (field >= 0) add_leaves(reader->manifest().schema_fields.at(std::size_t(field)), leaves);
    std::ranges::sort(leaves);
    std::shared_ptr<arrow::RecordBatchReader> batches = value_or_throw(reader->GetRecordBatchReader(groups, leaves));
    const auto read = batches->schema();
    if (in_file.vectors >= 0) chosen_.vectors = read->GetFieldIndex(schema.field(in_file.vectors)->name());
    if (in_file.ids >= 0) chosen_.ids = read->GetFieldIndex(schema.field(in_file.ids)->name());
    read_ = [kept = std::shared_ptr<parquet::arrow::FileReader>(std::move(reader)), batches] {
      std::shared_ptr<arrow::RecordBatch> batch;
      check(batches->ReadNext(&batch));
      return batch;
    };
  }

  static void add_leaves(const parquet::arrow::SchemaField& field, std::vector<int>& leaves) {
    if (field.column_index >= 0) leaves.push_back(field.column_index);
    for (const auto& child : field.children) add_leaves(child, leaves);
  }

  void open_arrow(const std::shared_ptr<arrow::io::RandomAccessFile>& file, ArrowContent content) {
    auto opened = arrow::ipc::RecordBatchFileReader::Open(file);
    opened.ok() ? read_file(*opened, content) : read_stream(file, content);
  }

  void read_file(const std::shared_ptr<arrow::ipc::RecordBatchFileReader>& reader, ArrowContent content) {
    chosen_ = choose(*reader->schema(), content);
    read_ = [reader, batch = 0]() mutable -> std::shared_ptr<arrow::RecordBatch> {
      if (batch == reader->num_record_batches()) return nullptr;
      return value_or_throw(reader->ReadRecordBatch(batch++));
    };
  }

  void read_stream(const std::shared_ptr<arrow::io::RandomAccessFile>& file, ArrowContent content) {
    check(file->Seek(0));
    auto reader = value_or_throw(arrow::ipc::RecordBatchStreamReader::Open(file));
    chosen_ = choose(*reader->schema(), content);
    read_ = [reader] {
      std::shared_ptr<arrow::RecordBatch> batch;
      check(reader->ReadNext(&batch));
      return batch;
    };
  }

  std::function<std::shared_ptr<arrow::RecordBatch>()> read_;
  Chosen chosen_;
  std::shared_ptr<arrow::RecordBatch> waiting_;
  std::int64_t at_ = 0, first_ = 0, dimension_ = 0;  ///< the place in `waiting_`; the row of the file; of the vectors
};

}  // namespace
}  // namespace matcher::store

extern "C" __attribute__((visibility("default"))) matcher::store::ArrowFile* MATCHER_ARROW_PLUGIN(
    const std::string& path, matcher::store::ArrowContent content, std::string& error) try {
  auto file = std::make_unique<matcher::store::File>();
  file->open(path, content);
  return file.release();
} catch (const std::exception& failed) {
  error = failed.what();
  return nullptr;
}
