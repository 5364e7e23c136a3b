#include "matcher/model/text/byte_pairs.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace matcher::model {

/// A word in work: its tokens as a linked list, and a heap of possible merges.
class BytePairs::Word {
 public:
  Word(const BytePairs& pairs, const std::vector<TokenId>& tokens) : pairs_(pairs) {
    nodes_.reserve(tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) nodes_.push_back({tokens[i], i - 1, i + 1});
    nodes_.back().next = none;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) propose(i);
  }

  void merge() {
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end());
      const auto top = heap_.back();
      heap_.pop_back();
      if (is_valid(top)) merge_at(top);
    }
  }

  void write(std::vector<TokenId>& tokens) const {
    tokens.clear();
    for (std::size_t i = 0; i != none; i = nodes_[i].next) tokens.push_back(nodes_[i].id);
  }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  static constexpr TokenId gone = -1;

  struct Node {
    TokenId id;
    std::size_t previous, next;  // the first node's previous is 0 - 1, which equals `none`
  };
  struct Candidate {
    std::size_t rank, position;
    TokenId result;
    bool operator<(const Candidate& o) const { return std::tie(rank, position) > std::tie(o.rank, o.position); }
  };

  /// False if an earlier merge took one of the candidate's tokens.
  bool is_valid(const Candidate& candidate) const {
    const auto& node = nodes_[candidate.position];
    if (node.id == gone || node.next == none) return false;
    const auto* rule = pairs_.find(node.id, nodes_[node.next].id);
    return rule != nullptr && rule->result == candidate.result;
  }

  void propose(std::size_t position) {
    const auto& node = nodes_[position];
    const auto* rule = pairs_.find(node.id, nodes_[node.next].id);
    if (rule == nullptr) return;
    heap_.push_back({rule->rank, position, rule->result});
    std::push_heap(heap_.begin(), heap_.end());
  }

  void merge_at(const Candidate& candidate) {
    auto& node = nodes_[candidate.position];
    auto& taken = nodes_[node.next];
    node.id = candidate.result;
    node.next = taken.next;
    taken.id = gone;
    if (node.next != none) nodes_[node.next].previous = candidate.position;
    if (node.previous != none) propose(node.previous);
    if (node.next != none) propose(candidate.position);
  }

  const BytePairs& pairs_;
  std::vector<Node> nodes_;
  std::vector<Candidate> heap_;
};

BytePairs::BytePairs(std::span<const BytePairMerge> merges) {
  rules_.reserve(merges.size());
  for (std::size_t rank = 0; rank < merges.size(); ++rank)
    rules_.insert_or_assign(key(merges[rank].left, merges[rank].right), Rule{rank, merges[rank].result});
}

const BytePairs::Rule* BytePairs::find(TokenId left, TokenId right) const {
  const auto found = rules_.find(key(left, right));
  return found == rules_.end() ? nullptr : &found->second;
}

void BytePairs::apply(std::vector<TokenId>& word) const {
  if (word.size() < 2) return;
  Word list(*this, word);
  list.merge();
  list.write(word);
}

}  // namespace matcher::model
