// SPDX-License-Identifier: GPL-3.0-or-later
// Texts as a model takes them: class prompts and token ids.
#pragma once

#include "core/model/text_tower.h"
#include "core/text/bpe_tokenizer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace clwb::eval
{

/// SOT … EOT ids of texts, cut to the model's context; `truncated` counts the cut ones.
model::Sentences tokenize(const text::Tokenizer& tokenizer, const std::vector<std::string>& texts,
                          int64_t context, int64_t* truncated = nullptr);

/// The prompt with each class name put in for "{}".
std::vector<std::string> classPrompts(const std::string& prompt,
                                      const std::vector<std::string>& classes);

} // namespace clwb::eval
