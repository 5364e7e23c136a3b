#include "matcher/report/audit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "matcher/files/csv.hpp"

namespace matcher::report {
namespace {

/// Photos that are left out, each once.
class LeftOut {
 public:
  void add(const AuditItem& item, std::string reason, std::string suggested = {}) {
    if (seen_.emplace(item.role, item.id).second) photos_.push_back({item, std::move(reason), std::move(suggested)});
  }
  std::vector<LeaveOut> take() { return std::move(photos_); }

 private:
  std::set<std::pair<std::string, std::string>> seen_;
  std::vector<LeaveOut> photos_;
};

std::string in_words(Likeness likeness) {
  switch (likeness) {
    case Likeness::bytes:
      return "the same file as";
    case Likeness::pixels:
      return "the same pixels as";
    case Likeness::content:
      return "shows the same as";
    case Likeness::mirrored:
      return "shows the mirror image of";
    case Likeness::turned:
      return "shows, turned, the same as";
    default:
      return "a near-duplicate of";
  }
}

/// Vectors alone also join different photos of one series.
bool is_certain(const SamePair& pair) { return pair.likeness != Likeness::vectors; }

void add_duplicates(const Audit& audit, LeftOut& out) {
  for (const auto& pair : audit.duplicates) {
    if (!is_certain(pair)) continue;
    if (pair.has_two_labels()) {
      out.add(pair.a, fmt::format("{} \"{}\", of product \"{}\"", in_words(pair.likeness), pair.b.id, pair.b.label));
      out.add(pair.b, fmt::format("{} \"{}\", of product \"{}\"", in_words(pair.likeness), pair.a.id, pair.a.label));
    } else {
      out.add(pair.b, fmt::format("{} \"{}\"", in_words(pair.likeness), pair.a.id));
    }
  }
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

const char* name_of(Likeness likeness) {
#define MATCHER_NAME(name) #name,
  static constexpr std::array names{MATCHER_LIKENESSES(MATCHER_NAME)};
#undef MATCHER_NAME
  return names[std::size_t(likeness)];
}

const std::string& name_of(const Audit& audit, const std::string& label) {
  const auto found = audit.label_names.find(label);
  return found == audit.label_names.end() ? label : found->second;
}

std::size_t Audit::likely() const { return std::size_t(std::ranges::count_if(suspects, &Suspect::likely)); }

std::size_t Audit::two_labels() const {
  return std::size_t(std::ranges::count_if(duplicates, &SamePair::has_two_labels));
}

std::vector<LeaveOut> photos_to_leave_out(const Audit& audit) {
  LeftOut out;
  for (const auto& [item, reason] : audit.unusable) out.add(item, "unusable: " + reason);
  add_duplicates(audit, out);
  for (const auto& pair : audit.leaks) {
    const bool a_is_query = pair.a.role == "queries";
    const auto &query = a_is_query ? pair.a : pair.b, &item = a_is_query ? pair.b : pair.a;
    out.add(query, fmt::format("{} \"{}\" of the gallery", in_words(pair.likeness), item.id));
  }
  for (const auto& suspect : audit.suspects)
    if (suspect.likely)
      out.add(suspect.item, "the label may be wrong: its nearest photos are of other products", suspect.suggested);
  return out.take();
}

std::string clean_csv(const Audit& audit) {
  auto text = csv_line({"id", "role", "path", "label", "reason", "suggested"});
  for (const auto& [item, reason, suggested] : photos_to_leave_out(audit))
    text += csv_line({item.id, item.role, item.path, item.label, reason, suggested});
  return text;
}

std::string sentence(const Audit& a) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, const char* one, const char* many) {
    if (count > 0) parts.push_back(counted(count, one, many));
  };
  add(a.likely(), "label may be wrong", "labels may be wrong");
  add(a.two_labels(), "pair of equal photos has two products", "pairs of equal photos have two products");
  add(a.leaks.size(), "query is in the gallery too", "queries are in the gallery too");
  add(a.unusable.size(), "photo cannot be used", "photos cannot be used");
  add(a.inseparable.size(), "pair of products cannot be told apart", "pairs of products cannot be told apart");
  return parts.empty() ? "No fault was found" : fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace matcher::report
