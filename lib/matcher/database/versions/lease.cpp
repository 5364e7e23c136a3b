#include "matcher/database/versions/lease.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

namespace matcher::database {
namespace {

using json = nlohmann::ordered_json;

constexpr std::chrono::seconds renewal{15};
constexpr long long silent_s = 600;  // a holder on another machine that was silent for so long may have ended

std::string draw_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

std::string first_line(const char* file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

/// Process ids mean the same in processes with the same text: since this start of the machine, in one container.
std::string machine_name() {
  std::error_code error;
  return first_line("/proc/sys/kernel/random/boot_id") + " " +
         std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "an unknown machine";
}

/// The 22nd field of /proc/PID/stat; 0 if there is no such process. The second field may hold spaces.
long long start_of(long long process) {
  const auto line = first_line(fmt::format("/proc/{}/stat", process).c_str());
  const auto end = line.rfind(')');
  if (end == std::string::npos) return 0;
  std::istringstream fields(line.substr(end + 1));
  std::string state, field;
  fields >> state;
  for (int i = 4; i < 22; ++i) fields >> field;
  long long begun = 0;
  fields >> begun;
  return state == "Z" || state == "X" ? 0 : begun;
}

long long now_s() { return static_cast<long long>(std::time(nullptr)); }

std::string to_text(long long seconds) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time_t(seconds)));
}

std::string describe(const Holder& h) {
  if (h.writer.empty()) return "an unknown process";
  return fmt::format("process {} on {}, since {}", h.process, h.host, to_text(h.since_s));
}

[[noreturn]] void refuse(const std::string& where, const Holder& holder) {
  throw Error(ErrorCode::resource, fmt::format("another matcher writes to {}: {}. Wait until it ends, then run the "
                                               "command again",
                                               where, describe(holder)));
}

}  // namespace

Holder this_process() {
  const auto process = static_cast<long long>(::getpid());
  const char* user = std::getenv("USER");
  return {draw_name(), host_name(), user ? user : "", machine_name(), process, start_of(process), now_s(), now_s()};
}

std::string holder_text(const Holder& h) {
  return json{{"writer", h.writer},   {"host", h.host},   {"user", h.user},     {"machine", h.machine},
              {"process", h.process}, {"begun", h.begun}, {"since", h.since_s}, {"renewed", h.renewed_s}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Holder parse_holder(const std::string& text) try {
  const auto j = json::parse(text);
  return {j.at("writer"),  j.at("host"),  j.at("user"),  j.at("machine"),
          j.at("process"), j.at("begun"), j.at("since"), j.at("renewed")};
} catch (const json::exception&) {
  return {};
}

std::optional<bool> is_alive(const Holder& holder) {
  if (holder.machine != machine_name()) return std::nullopt;
  return holder.begun != 0 && start_of(holder.process) == holder.begun;
}

void check_unlocked(Database& database, const std::string& name, const std::string& where) {
  const auto text = database.read_lock(name);
  if (!text) return;
  const auto holder = parse_holder(*text);
  if (is_alive(holder).value_or(true)) refuse(where, holder);
}

Lease::Lease(Database& database, std::string name, std::string where, Observer& observer)
    : database_(database), name_(std::move(name)), where_(std::move(where)), self_(this_process()) {
  acquire(observer);
  renewer_ = std::thread([this] { renew_until_stopped(); });
}

Lease::~Lease() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  stopping_.notify_all();
  if (renewer_.joinable()) renewer_.join();
  try {
    if (holds()) database_.drop_lock(name_);
  } catch (const Error&) {  // the server is gone; whoever comes next finds that this process ended
  }
}

void Lease::acquire(Observer& observer) {
  constexpr int tries = 3;  // others may take over at the same time
  Holder holder;
  for (int i = 0; i < tries; ++i) {
    if (database_.create_lock(name_, holder_text(self_))) {
      if (holds()) return;
      continue;
    }
    const auto text = database_.read_lock(name_);
    if (!text) continue;  // given back meanwhile
    holder = parse_holder(*text);
    if (!is_abandoned(holder, *text)) refuse(where_, holder);
    observer.log(LogLevel::warning, fmt::format("the lock of {} was held by {}, which ended without giving it back; "
                                                "this process takes it over",
                                                where_, describe(holder)));
    if (database_.read_lock(name_) == text) database_.drop_lock(name_);
  }
  refuse(where_, holder);
}

/// A holder of this machine is asked for. Another one must have been silent for long, and stay silent now: the clocks
/// of two machines may differ.
bool Lease::is_abandoned(const Holder& holder, const std::string& text) const {
  if (const auto alive = is_alive(holder)) return !*alive;
  if (now_s() - holder.renewed_s < silent_s) return false;
  std::this_thread::sleep_for(2 * renewal + std::chrono::seconds(5));
  return database_.read_lock(name_) == text;
}

bool Lease::holds() const {
  const auto text = database_.read_lock(name_);
  return text && parse_holder(*text).writer == self_.writer;
}

void Lease::check() const {
  const auto text = database_.read_lock(name_);
  const auto holder = parse_holder(text.value_or(""));
  if (holder.writer == self_.writer) return;
  throw Error(ErrorCode::resource,
              fmt::format("another matcher took over the lock of {} ({}), and this one stopped. Wait until the other "
                          "ends, then run the command again",
                          where_, describe(holder)));
}

void Lease::renew() {
  if (!holds()) return;
  self_.renewed_s = now_s();
  database_.write_lock(name_, holder_text(self_));
}

void Lease::renew_until_stopped() {
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, renewal, [&] { return stops_; })) {
    lock.unlock();
    try {
      renew();
    } catch (const Error&) {  // the next request to the server reports it
    }
    lock.lock();
  }
}

}  // namespace matcher::database
