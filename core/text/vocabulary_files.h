// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and writing of vocabulary files: vocab.json, merges.txt, CLIP's merge list.
#pragma once

#include "core/text/bpe_tokenizer.h"

#include <filesystem>

namespace clwb::text
{

/// vocab.json + merges.txt of a folder. Errors: Data: missing, no JSON object of numbers, ids that
/// are not 0 … n−1 once each, merge lines that are not two words.
Result<Vocabulary> readVocabularyFolder(const std::filesystem::path& folder);

/// CLIP's merge list, gzip or plain text: a version line, then merges by rank, 48 894 at most used.
/// Errors: Data: missing, damaged, incomplete.
Result<Vocabulary> readClipMergeList(const std::filesystem::path& file);

/// Errors: Data, DiskFull.
Result<void> writeVocabularyFolder(const Vocabulary& vocabulary,
                                   const std::filesystem::path& folder);

} // namespace clwb::text
