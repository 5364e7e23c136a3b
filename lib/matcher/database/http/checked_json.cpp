#include "matcher/database/http/checked_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/files/json_damage.hpp"

namespace matcher::database {
namespace {

using Text = const std::string&;

class CheckedJson : public Database {
 private:
  template <typename Work>
  auto checked(const Work& work) const {
    try {
      return work();
    } catch (const nlohmann::json::exception& error) {
      throw Error(ErrorCode::resource,
                  fmt::format("{} answered with JSON that is not as documented ({}); use a version of the server "
                              "that docs/guides names",
                              name_, describe_damage(error)));
    }
  }

 public:
  CheckedJson(std::shared_ptr<Database> server, std::string name)
      : server_(std::move(server)), name_(std::move(name)) {}

  std::string type() const override { return server_->type(); }
  Limits limits() override {
    return checked([&] { return server_->limits(); });
  }
  std::string live(Text name) override {
    return checked([&] { return server_->live(name); });
  }
  void make_live(Text name, Text version) override {
    checked([&] { server_->make_live(name, version); });
  }
  std::optional<Collection> describe(Text version) override {
    return checked([&] { return server_->describe(version); });
  }
  std::vector<Collection> versions(Text name) override {
    return checked([&] { return server_->versions(name); });
  }
  bool has_index(IndexType type) const override { return server_->has_index(type); }
  void create(Text version, std::size_t dimension, Text record, const IndexChoice& index) override {
    checked([&] { server_->create(version, dimension, record, index); });
  }
  void settle(Text version) override {
    checked([&] { server_->settle(version); });
  }
  void set_effort(Text version, std::size_t effort) override {
    checked([&] { server_->set_effort(version, effort); });
  }
  bool keeps_effort() const override { return server_->keeps_effort(); }
  bool create_lock(Text name, Text text) override {
    return checked([&] { return server_->create_lock(name, text); });
  }
  std::optional<std::string> read_lock(Text name) override {
    return checked([&] { return server_->read_lock(name); });
  }
  void write_lock(Text name, Text text) override {
    checked([&] { server_->write_lock(name, text); });
  }
  void drop_lock(Text name) override {
    checked([&] { server_->drop_lock(name); });
  }
  void note(Text version, Text record) override {
    checked([&] { server_->note(version, record); });
  }
  void drop(Text version) override {
    checked([&] { server_->drop(version); });
  }
  void upsert(Text version, std::span<const Row> rows, MatrixView vectors) override {
    checked([&] { server_->upsert(version, rows, vectors); });
  }
  void remove(Text version, std::span<const std::string> ids) override {
    checked([&] { server_->remove(version, ids); });
  }
  std::size_t count(Text version) override {
    return checked([&] { return server_->count(version); });
  }
  void read(Text version, bool with_vectors, const Reader& reader) override {
    checked([&] { server_->read(version, with_vectors, reader); });
  }
  std::vector<std::pair<std::string, std::vector<float>>> vectors(Text version,
                                                                  std::span<const std::string> ids) override {
    return checked([&] { return server_->vectors(version, ids); });
  }
  std::vector<std::vector<Found>> search(Text version, MatrixView queries, std::size_t k,
                                         const Conditions& conditions) override {
    return checked([&] { return server_->search(version, queries, k, conditions); });
  }

 private:
  const std::shared_ptr<Database> server_;
  const std::string name_;
};

}  // namespace

std::shared_ptr<Database> check_json(std::shared_ptr<Database> server, const std::string& name) {
  return std::make_shared<CheckedJson>(std::move(server), name);
}

}  // namespace matcher::database
