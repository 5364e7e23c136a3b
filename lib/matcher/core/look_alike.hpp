// Finds texts that look the same to people but differ for programs: labels and ids from two sources.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace matcher {

/// Returns the text as people see it: normal form KC, lower case, without invisible characters; blanks are single
/// spaces, none at the ends; one kind of dash and quote.
std::string visible_form(std::string_view text);

/// Two different texts that look the same.
struct LookAlike {
  std::string one, other;
  std::string difference;  ///< "capitals", "their Unicode form (NFD, NFC)" and so on, joined by "and"
};

/// Pairs each text that is not among `known` with one of `known` that looks the same.
std::vector<LookAlike> find_look_alikes(const std::set<std::string_view>& texts,
                                        const std::set<std::string_view>& known);

/// `"jam" of the queries and "Jam" of the gallery differ in capitals`, for up to two pairs.
std::string describe_differences(const std::vector<LookAlike>& pairs, std::string_view place,
                                 std::string_view other_place);

}  // namespace matcher
