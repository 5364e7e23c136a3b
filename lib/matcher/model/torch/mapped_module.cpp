// LibTorch copies every weight of a file into new memory, and packing frees most of it again: clearing those pages took
// half of the load time. For torch.package, LibTorch takes existing weights, from an archive with other names. So this
// builds such an archive of everything but the weights.
#include "matcher/model/torch/mapped_module.hpp"

#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/storage_context.h>

#include <algorithm>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "matcher/files/mapped_file.hpp"
#include "matcher/model/bundle/archive.hpp"

namespace matcher::model {
namespace {

using SharedFile = std::shared_ptr<const MappedFile>;
using Reader = caffe2::serialize::PyTorchStreamReader;

constexpr std::string_view module_id = "0", weights = "data/";

/// Owned by a storage: keeps the file mapped, and releases its pages at the end.
struct MappedBytes {
  SharedFile file;
  std::span<const std::byte> bytes;
  ~MappedBytes() { release_pages(bytes); }
};

c10::Storage to_storage(const SharedFile& file, const StoredRecord& record) {
  auto* mapped = new MappedBytes{file, file->bytes().subspan(record.offset, record.size)};
  const auto release = [](void* context) { delete static_cast<MappedBytes*>(context); };
  auto* address = const_cast<std::byte*>(mapped->bytes.data());
  return {c10::Storage::use_byte_size_t(), record.size, at::DataPtr(address, mapped, release, at::kCPU)};
}

std::string text_of(Reader& reader, const std::string& name) {
  const auto [bytes, size] = reader.getRecord(name);
  return {static_cast<const char*>(bytes.get()), size};
}

/// True for a file of `matcher export`, in this machine's byte order, without tensors other than the weights.
bool can_be_mapped(Reader& reader) {
  if (reader.hasRecord("byteorder") && text_of(reader, "byteorder") != "little") return false;
  const auto names = reader.getAllRecords();
  const auto any = [&](std::string_view start) {
    return std::ranges::any_of(names, [&](const std::string& name) { return name.starts_with(start); });
  };
  return any("extra/golden/") && !any("constants/");
}

/// Returns the name that torch.package has for a record; "" if it has none.
std::string packaged(std::string_view name) {
  if (name == "data.pkl" || name == "constants.pkl") return fmt::format(".data/ts_code/{}/{}", module_id, name);
  if (name.starts_with("code/")) return fmt::format(".data/ts_code/{}", name);
  return name == "version" ? ".data/version" : "";
}

std::string package(Reader& reader) {
  std::string archive;
  caffe2::serialize::PyTorchStreamWriter writer([&](const void* data, std::size_t size) {
    archive.append(static_cast<const char*>(data), size);
    return size;
  });
  for (const auto& name : reader.getAllRecords()) {
    const auto target = packaged(name);
    if (target.empty()) continue;
    const auto text = text_of(reader, name);
    writer.writeRecord(target, text.data(), text.size());
  }
  writer.writeEndOfFile();
  return archive;
}

}  // namespace

std::optional<torch::jit::Module> map_module(const std::filesystem::path& path) {
  Reader file(path.string());
  if (!can_be_mapped(file)) return std::nullopt;
  const auto mapped = std::make_shared<const MappedFile>(path);
  auto storages = std::make_shared<torch::jit::DeserializationStorageContext>();
  for (const auto& record : stored_records(path)) {
    if (record.name.starts_with(weights))
      storages->addStorage(record.name.substr(weights.size()), to_storage(mapped, record));
  }
  std::istringstream archive(package(file));
  return torch::jit::import_ir_module(std::make_shared<torch::jit::CompilationUnit>(),
                                      std::make_shared<Reader>(&archive), std::move(storages), at::Device(at::kCPU),
                                      std::string(module_id));
}

}  // namespace matcher::model
