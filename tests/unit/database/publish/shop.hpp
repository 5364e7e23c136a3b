// A shop that publishes small galleries to a database in memory.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <vector>

#include "matcher/database/publish/job.hpp"
#include "matcher/database/publish/part.hpp"
#include "matcher/database/versions/version.hpp"
#include "unit/database/memory_database.hpp"

namespace matcher::database::test {

class Owned : public index::VectorSource {
 public:
  explicit Owned(Matrix vectors) : vectors_(std::move(vectors)) {}
  std::size_t rows() const override { return vectors_.rows; }
  std::size_t cols() const override { return vectors_.cols; }
  void copy(std::size_t first, Matrix& out) const override { index::MatrixSource(vectors_.view()).copy(first, out); }

 private:
  Matrix vectors_;
};

/// Unit vectors along the axes, one per item.
inline Gallery gallery_of(const std::vector<std::string>& ids, const std::string& model = "3f9c1a2b44d05e66") {
  Gallery gallery;
  Matrix vectors(ids.size(), 16);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    vectors.row(i)[i] = 1;
    store::ItemRow item;
    item.id = ids[i];
    item.content_hash = "hash of " + ids[i];
    gallery.items.push_back(item);
  }
  gallery.vectors = std::make_shared<Owned>(std::move(vectors));
  auto& manifest = gallery.manifest;
  manifest.model = {.name = "model-" + model.substr(0, 2),
                    .fingerprint = model,
                    .precision = "fp32",
                    .device = {},
                    .dimension = 16,
                    .size_bytes = 1};
  manifest.data.name = "shop";
  manifest.count = ids.size();
  return gallery;
}

struct Shop {
  std::shared_ptr<MemoryDatabase> server = std::make_shared<MemoryDatabase>();
  Address address = parse_address("chroma://host/products");
  PublishTarget target{.address = "chroma://host/products", .backup = {}};

  PublishResult publish(const Gallery& gallery) {
    SilentObserver observer;
    return run_job(server, address, target, 1, observer, [&] { return gallery; });
  }
  PartResult send(const Gallery& gallery) {
    SilentObserver observer;
    return send_part(server, address, target, 1, observer, [&] { return gallery; });
  }
  Error error_of(const Gallery& gallery) {
    return error_of([&] { publish(gallery); });
  }
  template <class Call>
  Error error_of(const Call& call) requires std::invocable<Call> {
    try {
      call();
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorCode::ok, "no error");
  }
  bool is_complete(const std::string& version) { return find_version(*server, version, "here")->record.complete; }
};

inline const std::string first_version = "products__3f9c1a2b44d0", second_version = "products__a01b77c0ffee";
inline const std::string other_model = "a01b77c0ffee0000";

}  // namespace matcher::database::test
