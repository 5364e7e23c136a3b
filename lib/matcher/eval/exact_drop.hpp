// Exact one-sided tests of a drop in a rate on the same queries, against a margin other than 0.
#pragma once

#include "matcher/eval/paired.hpp"

namespace matcher::eval {

/// The p-value of such a fall, or one further beyond, if the rate falls by `margin` ([-1, 1]) or less. The
/// unconditional exact test: outcomes are ordered by Tango's score, and p is the largest probability over the shares of
/// changed queries that the data leave open (their 99.9999 % Clopper-Pearson interval), plus 1e-6, so little that Holm
/// over many labels bears it (Berger & Boos, JASA 89 (1994), 1012-1016): of true hypotheses no more are rejected than
/// the level says, at any n. Above 300 changed queries p is that of the score under the normal distribution.
double p_beyond_margin(const Discordant& counts, double margin);

/// The same of a rise, or a fall less far, if the rate falls by `margin` or more.
double p_within_margin(const Discordant& counts, double margin);

}  // namespace matcher::eval
