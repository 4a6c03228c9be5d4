// SPDX-License-Identifier: GPL-3.0-or-later
// The replayed sentences of each batch: random pseudo sentences or captions (§5.3, §8).
#pragma once

#include "core/model/text_tower.h"
#include "core/spec/run_spec.h"
#include "core/text/bpe_tokenizer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace clwb::train
{

struct Replay
{
    model::Sentences sentences;               ///< SOT … EOT
    std::vector<std::vector<int32_t>> bodies; ///< the ids between, for the trace
};

/// Draws Ks sentences as a function of (seed, session, epoch, batch) and the refresh rule A8, so
/// that ablations over M and Ks see the same data order and a resumed run the same sentences.
class ReplaySource
{
public:
    /// @param captions corpus of caption replay; may be empty for random tokens
    ReplaySource(const spec::RunSpec& spec, const text::Tokenizer& tokenizer,
                 const std::vector<std::string>& captions, int64_t context);

    [[nodiscard]] Replay draw(int session, int64_t epoch, int64_t batch) const;

private:
    const spec::MethodParams& m_params;
    uint64_t m_seed;
    const text::Tokenizer& m_tokenizer;
    const std::vector<std::string>& m_captions;
    int64_t m_context;
};

} // namespace clwb::train
