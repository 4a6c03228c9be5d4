// SPDX-License-Identifier: GPL-3.0-or-later
// Learns a byte-level BPE vocabulary from texts.
#pragma once

#include "core/text/bpe_tokenizer.h"

#include <string>
#include <vector>

namespace clwb::text
{

/// A vocabulary of 512 byte symbols, the most frequent merges and the two special tokens. Each
/// merge is the pair counted most often in `texts` at that point; equal counts go to the pair that
/// comes first bytewise. A result depends on the texts only, not on their order.
/// @param size entries wanted, ≥ 514; texts with too few distinct pairs give fewer
/// Errors: Data: size < 514, no texts.
Result<Tokenizer> learnVocabulary(const std::vector<std::string>& texts, int size);

} // namespace clwb::text
