// Calls Milvus over gRPC: credentials, deadlines, and repeated calls where that is safe.
#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/grpcpp.h>
#include <milvus.grpc.pb.h>
#include <milvus.pb.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "matcher/database/access.hpp"
#include "matcher/database/address.hpp"
#include "matcher/database/http/retry.hpp"

namespace matcher::database {

namespace wire = ::milvus::proto::milvus;

/// If a call may be repeated after the server may have carried it out.
enum class Repeat { always, unless_done };

/// Several threads may use it at once.
class Calls {
 public:
  using Service = wire::MilvusService::Stub;
  template <typename Request, typename Answer>
  using Method = grpc::Status (Service::*)(grpc::ClientContext*, const Request&, Answer*);

  Calls(const Address& address, const Access& access);

  /// Returns the answer. Throws Error(resource) for a failure, TooLarge for a request that is too large.
  template <typename Request, typename Answer>
  Answer call(const char* name, Method<Request, Answer> method, const Request& request,
              Repeat repeat = Repeat::always) const {
    auto answer = ask(name, method, request, repeat);
    check(name, status_of(answer));
    return answer;
  }

  /// Returns the answer with the status that the server gave, after repeating what may be repeated.
  template <typename Request, typename Answer>
  Answer ask(const char* name, Method<Request, Answer> method, const Request& request,
             Repeat repeat = Repeat::always) const {
    Answer answer;
    run({name, request.ByteSizeLong(), repeat}, [&](grpc::ClientContext& context) {
      answer.Clear();
      const auto sent = (service_.get()->*method)(&context, request, &answer);
      return Attempt{sent, status_of(answer)};
    });
    return answer;
  }

  /// Throws Error(resource) unless the status is one of success.
  void check(const char* name, const wire::Status& status) const;

  static bool is_success(const wire::Status& status) { return status.code() == 0 && status.error_code() == 0; }
  /// A collection or an alias that does not exist.
  static bool is_missing(const wire::Status& status);
  static bool is_missing_index(const wire::Status& status);

  const std::string& server() const { return server_; }
  const std::string& database() const { return database_; }

 private:
  struct Call {
    const char* name;
    std::size_t bytes;
    Repeat repeat;
  };
  struct Attempt {
    grpc::Status sent;
    wire::Status status;
  };

  static const wire::Status& status_of(const wire::Status& status) { return status; }
  static const wire::Status& status_of(const auto& answer) { return answer.status(); }

  void run(const Call& call, const std::function<Attempt(grpc::ClientContext&)>& attempt) const;
  void prepare(grpc::ClientContext& context) const;
  [[noreturn]] void fail(const Call& call, const Attempt& attempt, const Outcome& outcome, int made) const;

  const std::string server_, database_;
  const Access access_;
  std::unique_ptr<Service> service_;
  mutable std::atomic<bool> reached_{false};
};

}  // namespace matcher::database
