#include "matcher/database/http/http.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "matcher/database/http/failure.hpp"
#include "matcher/database/http/retry.hpp"

namespace matcher::database {
namespace {

constexpr long connect_timeout_ms = 5000;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void add(HeaderList& list, const std::string& header) {
  auto* longer = curl_slist_append(list.get(), header.c_str());
  if (!longer) throw std::bad_alloc();
  if (!list) list.reset(longer);  // otherwise it is the same list, whose first part does not move
}

/// Clears "Expect": otherwise libcurl waits a second for "100 Continue" before it sends a body.
HeaderList make_headers(const Access& access) {
  HeaderList list;
  for (const auto* header : {"Content-Type: application/json", "Accept: application/json", "Expect:"})
    add(list, header);
  if (!access.token.empty()) add(list, "Authorization: Bearer " + access.token);
  for (const auto& header : access.headers) add(list, header);
  return list;
}

std::size_t collect(char* data, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

Transport transport_of(CURLcode code) {
  switch (code) {
    case CURLE_OK:
      return Transport::answered;
    case CURLE_COULDNT_CONNECT:
      return Transport::refused;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Transport::unresolved;
    case CURLE_OPERATION_TIMEDOUT:
      return Transport::timed_out;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return Transport::insecure;
    default:
      return Transport::dropped;
  }
}

bool was_served(const Outcome& outcome) {
  if (outcome.transport != Transport::answered || outcome.disk_full || outcome.status >= 500) return false;
  return outcome.status != 401 && outcome.status != 403 && outcome.status != 408 && outcome.status != 413 &&
         outcome.status != 429;
}

/// Blocks SIGPIPE in this thread while it lives. Writing to a TLS connection that the server closed raises it, which
/// would end the program.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    const timespec now{0, 0};
    if (!sigismember(&before_, SIGPIPE)) sigtimedwait(&pipe_, nullptr, &now);  // discards one that was raised meanwhile
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  sigset_t pipe_, before_;
};

}  // namespace

struct Http::State {
  std::string server, origin, start;
  Access access;
  HeaderList headers;
  std::mutex mutex;
  std::vector<Handle> idle;
  std::atomic<bool> reached{false};
  RetryPolicy policy;

  Handle take() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return Handle(curl_easy_init());
    auto handle = std::move(idle.back());
    idle.pop_back();
    return handle;
  }

  void give_back(Handle handle) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(handle));
  }

  void prepare(CURL* curl, const Request& request, const std::string& url, std::string& body) const {
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, long(access.timeout_s * 1000));
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "matcher");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    if (!access.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, access.ca_file.c_str());
    if (std::string_view(request.method) == "GET" || request.body.empty()) return;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  }

  Outcome attempt(const Request& request, Response& response) {
    auto handle = take();
    if (!handle) throw std::bad_alloc();
    response = {};
    const auto url = origin + request.path;
    prepare(handle.get(), request, url, response.body);
    const NoPipeSignal no_signal;
    Outcome outcome{transport_of(curl_easy_perform(handle.get())), 0, std::nullopt, false};
    if (outcome.transport != Transport::answered) return outcome;  // the handle closes its connection
    reached = true;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &response.status);
    curl_off_t seconds = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0) outcome.retry_after_s = double(seconds);
    outcome.status = response.status;
    outcome.disk_full = outcome.status >= 400 && says_disk_full(response.body);
    give_back(std::move(handle));
    return outcome;
  }

  [[noreturn]] void fail(const Request& request, const Outcome& outcome, const Response& response, int made) const {
    const FailedRequest failed{server, start, fmt::format("{} {}", request.method, request.path), access.timeout_s,
                               made};
    if (outcome.transport != Transport::answered) fail_unanswered(failed, outcome.transport);
    if (outcome.disk_full) fail_disk_full(failed, excerpt(response.body));
    const auto status = fmt::format("{}", outcome.status);
    if (outcome.status == 401 || outcome.status == 403) fail_credentials(failed, status);
    if (outcome.status == 413) fail_too_large(failed, request.body.size(), status);
    if (outcome.status == 429) fail_rate(failed, status);
    fail_status(failed, status, excerpt(response.body));
  }
};

Http::Http(const Address& address, const Access& access, std::string start) : state_(std::make_unique<State>()) {
  static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) throw Error(ErrorCode::resource, "libcurl cannot be initialised");
  state_->server = address.text;
  state_->origin = address.origin();
  state_->start = std::move(start);
  state_->access = access;
  state_->headers = make_headers(access);
}

Http::~Http() = default;

const std::string& Http::server() const { return state_->server; }

Response Http::send(const Request& request) const {
  Response response;
  for (int made = 1;; ++made) {
    const auto outcome = state_->attempt(request, response);
    if (was_served(outcome)) return response;
    const auto wait = wait_before_next(state_->policy, outcome, request.repeatable, state_->reached, made);
    if (!wait) state_->fail(request, outcome, response, made);
    pause(*wait);
  }
}

}  // namespace matcher::database
