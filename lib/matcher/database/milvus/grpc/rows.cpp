#include "matcher/database/milvus/grpc/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"

namespace matcher::database {
namespace {

static_assert(std::endian::native == std::endian::little, "the bytes of floats are sent as they are");

constexpr int text_type = 21, vector_type = 101;
constexpr std::size_t longest_id = 1024, longest_field = 65535;

void add_pair(wire::Field& field, const char* key, std::size_t value) {
  auto* pair = field.add_parameters();
  pair->set_key(key);
  pair->set_value(fmt::format("{}", value));
}

wire::Field& add_text(wire::Schema& schema, const char* name, std::size_t longest) {
  auto& field = *schema.add_fields();
  field.set_name(name);
  field.set_type(text_type);
  add_pair(field, "max_length", longest);
  return field;
}

void add_key_and_vector(wire::Schema& schema, std::size_t dimension) {
  add_text(schema, id_field, longest_id).set_is_primary(true);
  auto& vector = *schema.add_fields();
  vector.set_name(vector_field);
  vector.set_type(vector_type);
  add_pair(vector, "dim", dimension);
}

void check_length(const char* field, const std::string& value, std::size_t longest, const std::string& id) {
  if (value.size() <= longest) return;
  throw Error(ErrorCode::input, fmt::format("the {} of item \"{}\" has {} bytes; Milvus takes up to {}", field,
                                            id.substr(0, 80), value.size(), longest));
}

wire::Texts& add_text_column(wire::UpsertRequest& request, const char* name) {
  auto& column = *request.add_columns();
  column.set_type(text_type);
  column.set_name(name);
  return *column.mutable_scalars()->mutable_texts();
}

const wire::Column* find_column(const wire::QueryAnswer& answer, const std::string& name) {
  const auto found = std::ranges::find(answer.columns(), name, &wire::Column::name);
  return found == answer.columns().end() ? nullptr : &*found;
}

/// Protocol buffers take UTF-8 only. Other bytes become U+FFFD.
std::string to_utf8(const std::string& text) {
  using json = nlohmann::json;
  const auto quoted = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(quoted).get<std::string>();
}

bool is_ascii(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 128; });
}

void add(wire::Texts& texts, const std::string& value) { texts.add_data(is_ascii(value) ? value : to_utf8(value)); }

std::string quote(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

wire::Schema version_schema(const std::string& name, std::size_t dimension) {
  wire::Schema schema;
  schema.set_name(name);
  schema.set_has_dynamic_fields(true);
  add_key_and_vector(schema, dimension);
  for (const auto* field : field_names) add_text(schema, field, longest_field);
  return schema;
}

wire::Schema lock_schema(const std::string& name, const std::string& text) {
  wire::Schema schema;
  schema.set_name(name);
  schema.set_description(text);
  add_key_and_vector(schema, 2);
  return schema;
}

void add_rows(wire::UpsertRequest& request, std::span<const Row> rows, MatrixView vectors) {
  auto& ids = add_text_column(request, id_field);
  for (const auto& row : rows) {
    check_length("id", row.id, longest_id, row.id);
    add(ids, row.id);
  }
  for (std::size_t i = 0; i < std::size(field_names); ++i) {
    auto& column = add_text_column(request, field_names[i]);
    for (const auto& row : rows) {
      check_length(field_names[i], row.values[i], longest_field, row.id);
      add(column, row.values[i]);
    }
  }
  auto& column = *request.add_columns();
  column.set_type(vector_type);
  column.set_name(vector_field);
  column.mutable_vectors()->set_dimension(std::int64_t(vectors.cols));
  auto& floats = *column.mutable_vectors()->mutable_floats()->mutable_data();
  floats.Reserve(int(vectors.rows * vectors.cols));
  for (std::size_t i = 0; i < vectors.rows; ++i) floats.Add(vectors.row(i).begin(), vectors.row(i).end());
  request.set_rows(std::uint32_t(rows.size()));
}

std::vector<Row> rows_of(const wire::QueryAnswer& answer) {
  std::vector<Row> rows;
  const auto* ids = find_column(answer, id_field);
  if (!ids) return rows;
  for (const auto& id : ids->scalars().texts().data()) rows.push_back({id, {}});
  for (const auto* name : field_names) {
    const auto* column = find_column(answer, name);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const bool has = column && int(i) < column->scalars().texts().data_size();
      rows[i].values.push_back(has ? column->scalars().texts().data(int(i)) : std::string());
    }
  }
  return rows;
}

MatrixView vectors_of(const wire::QueryAnswer& answer) {
  const auto* column = find_column(answer, vector_field);
  if (!column || column->vectors().dimension() == 0) return {};
  const auto& floats = column->vectors().floats().data();
  const auto dimension = std::size_t(column->vectors().dimension());
  return {floats.data(), std::size_t(floats.size()) / dimension, dimension};
}

std::string filter_ids(std::span<const std::string> ids) {
  std::string filter = std::string(id_field) + " in [";
  for (const auto& id : ids) filter += (&id == ids.data() ? "" : ",") + quote(id);
  return filter + "]";
}

std::string filter_after(const std::string& id) { return fmt::format("{} > {}", id_field, quote(id)); }

std::string filter_values(const Conditions& conditions) {
  std::string filter;
  for (const auto& [column, values] : conditions) {
    filter += (filter.empty() ? "" : " and ") + column + " in [";
    for (const auto& value : values) filter += (&value == values.data() ? "" : ",") + quote(value);
    filter += "]";
  }
  return filter;
}

std::string placeholders_of(MatrixView queries) {
  wire::Placeholders group;
  auto& placeholder = *group.add_placeholders();
  placeholder.set_tag("$0");
  placeholder.set_type(vector_type);
  for (std::size_t i = 0; i < queries.rows; ++i) {
    const auto row = queries.row(i);
    placeholder.add_values(row.data(), row.size_bytes());
  }
  return group.SerializeAsString();
}

}  // namespace matcher::database
