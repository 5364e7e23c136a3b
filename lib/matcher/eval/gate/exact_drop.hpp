// Tests a drop of a share on the same queries exactly, one-sided, against any margin.
#pragma once

#include "matcher/eval/paired.hpp"

namespace matcher::eval {

/// The p-value of a drop this large, or larger, if the share falls by `margin` ([-1, 1]) or less: the unconditional
/// exact test. Outcomes are ordered by Tango's score. p is the largest probability over the plausible shares of changed
/// queries (their 99.9999 % Clopper-Pearson interval), plus 1e-6 (Berger & Boos, JASA 89 (1994), 1012-1016). So at most
/// `level` of true hypotheses are rejected at any n; 1e-6 is small enough for Holm over many labels. Above 300 changed
/// queries p is that of the score under the normal distribution.
double p_beyond_margin(const Discordant& counts, double margin);

/// The p-value of a drop this small, or a rise, if the share falls by `margin` or more.
double p_within_margin(const Discordant& counts, double margin);

}  // namespace matcher::eval
