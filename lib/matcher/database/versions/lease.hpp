// The lock of a name: only one process at a time writes to the versions of a name.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "matcher/core/observer.hpp"
#include "matcher/database/database.hpp"

namespace matcher::database {

/// The process that holds a lock.
struct Holder {
  std::string writer;  ///< a random name
  std::string host, user;
  std::string machine;      ///< a start of a machine, and a space of process ids in it
  long long process = 0;    ///< its id
  long long begun = 0;      ///< its start, in the clock ticks of the machine
  long long since_s = 0;    ///< seconds since 1970
  long long renewed_s = 0;  ///< seconds since 1970; renewed while the process lives
  bool operator==(const Holder&) const = default;
};

Holder this_process();
std::string holder_text(const Holder& holder);
/// Returns a holder with an empty writer if the text is not of matcher.
Holder parse_holder(const std::string& text);

/// Asks the system if the process of a holder lives. Nothing if it is not a process of this machine.
std::optional<bool> is_alive(const Holder& holder);

/// Throws Error(resource) with the holder and the time if a process that may live holds the lock of a name.
void check_unlocked(Database& database, const std::string& name, const std::string& where);

/// Holds the lock of a name while it lives, and renews it. A process that was stopped for long, and lost its lock to
/// another, stops at its next check.
class Lease {
 public:
  /// `where` is the address, for messages. Borrows `database` and `observer`, which must outlive this object. Takes
  /// over the lock of a process that ended, and logs that. Throws Error(resource) with the holder and the time if
  /// another process holds the lock.
  Lease(Database& database, std::string name, std::string where, Observer& observer);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// Throws Error(resource) if another process has taken the lock over.
  void check() const;

 private:
  void acquire(Observer& observer);
  bool is_abandoned(const Holder& holder, const std::string& text) const;
  bool holds() const;
  void renew();
  void renew_until_stopped();

  Database& database_;
  const std::string name_, where_;
  Holder self_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stops_ = false;
  std::thread renewer_;
};

}  // namespace matcher::database
