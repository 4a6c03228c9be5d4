// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/replay.h"

#include "core/base/check.h"
#include "core/base/random_stream.h"
#include "core/text/pseudo_text.h"

namespace clwb::train
{
namespace
{

RandomStream streamFor(const std::string& refresh, uint64_t seed, const char* name, int session,
                       int64_t epoch, int64_t batch)
{
    const auto s = static_cast<uint64_t>(session);
    const auto e = static_cast<uint64_t>(epoch);
    if (refresh == "once")
        return RandomStream::named(seed, name);
    if (refresh == "epoch")
        return RandomStream::named(seed, name, {s, e});
    return RandomStream::named(seed, name, {s, e, static_cast<uint64_t>(batch)});
}

} // namespace

ReplaySource::ReplaySource(const spec::RunSpec& spec, const text::Tokenizer& tokenizer,
                           const std::vector<std::string>& captions, int64_t context)
    : m_params(spec.params)
    , m_seed(spec.seed)
    , m_tokenizer(tokenizer)
    , m_captions(captions)
    , m_context(context)
{}

Replay ReplaySource::draw(int session, int64_t epoch, int64_t batch) const
{
    Replay replay;
    if (m_params.replay == "captions") {
        CLWB_CHECK(!m_captions.empty());
        RandomStream stream =
            streamFor(m_params.replayRefresh, m_seed, "replay-captions", session, epoch, batch);
        for (int64_t k = 0; k < m_params.Ks; ++k) {
            const std::string& caption = m_captions[stream.below(m_captions.size())];
            replay.sentences.push_back(
                m_tokenizer.encodeForModel(caption, static_cast<int>(m_context)).ids);
            const auto& ids = replay.sentences.back();
            replay.bodies.emplace_back(ids.begin() + 1, ids.end() - 1);
        }
        return replay;
    }
    RandomStream stream =
        streamFor(m_params.replayRefresh, m_seed, "pseudo-text", session, epoch, batch);
    const auto& pool = m_params.tokenPool == "whole_word" ? m_tokenizer.poolWholeWord()
                                                          : m_tokenizer.poolAllNonSpecial();
    replay.bodies = text::drawPseudoSentences(stream, pool, m_params.Ks, m_params.M);
    for (const auto& body : replay.bodies) {
        std::vector<int32_t> sentence{m_tokenizer.sot()};
        sentence.insert(sentence.end(), body.begin(), body.end());
        sentence.push_back(m_tokenizer.eot());
        replay.sentences.push_back(std::move(sentence));
    }
    return replay;
}

} // namespace clwb::train
