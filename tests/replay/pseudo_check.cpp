// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/pseudo_check.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>

namespace clwb::replay
{
namespace
{

using Sentence = std::vector<int64_t>;

/// Token ids that may be drawn.
std::set<int64_t> tokenPool(const Settings& settings, const StudyData& study)
{
    std::set<int64_t> pool;
    const std::vector<std::string>& words = study.vocabulary();
    for (size_t id = 0; id < words.size(); ++id) {
        const bool isSpecial = words[id] == "<|startoftext|>" || words[id] == "<|endoftext|>";
        if (!isSpecial && (settings.tokenPool != "whole_word" || words[id].ends_with("</w>")))
            pool.insert(static_cast<int64_t>(id));
    }
    return pool;
}

/// Token ids of every training caption, without start, end and padding.
Result<std::set<Sentence>> captionSentences(StudyData& study)
{
    CLWB_ASSIGN(const std::vector<std::string> captions, study.captionCorpus());
    CLWB_ASSIGN(const at::Tensor ids, study.tokens(captions));
    std::set<Sentence> sentences;
    for (int64_t i = 0; i < ids.size(0); ++i) {
        const int64_t end = ids[i].argmax().item<int64_t>();
        const at::Tensor inner = ids[i].slice(0, 1, end);
        Sentence sentence;
        for (int64_t k = 0; k < inner.size(0); ++k)
            sentence.push_back(inner[k].item<int64_t>());
        sentences.insert(std::move(sentence));
    }
    return sentences;
}

bool isDrawnFrom(const Sentence& sentence, const std::set<int64_t>& pool)
{
    return std::all_of(sentence.begin(), sentence.end(),
                       [&](int64_t id) { return pool.contains(id); });
}

/// Whether two steps must replay the same sentences.
bool isSamePeriod(const StepLine& a, const StepLine& b, const std::string& refresh)
{
    if (refresh == "epoch")
        return a.session == b.session && a.epoch == b.epoch;
    return refresh == "once" && a.session == b.session;
}

void checkRefresh(const StepLine& previous, const StepLine& step, const Settings& settings,
                  Findings& findings)
{
    const bool isSame = previous.pseudo == step.pseudo;
    const bool mustBeSame = isSamePeriod(previous, step, settings.replayRefresh);
    // "Once" is read as once a session or once a run: both draw no new ones within a session.
    const bool mayBeSame = mustBeSame || settings.replayRefresh == "once";
    if (mustBeSame && !isSame)
        findings.add("pseudo sentences",
                     step.place() + ": drawn anew, refresh is " + settings.replayRefresh);
    if (isSame && !mayBeSame)
        findings.add("pseudo sentences", step.place() + ": the same as in the step before");
}

} // namespace

Result<void> checkPseudo(const Trace& trace, const Settings& settings, StudyData& study,
                         Findings& findings)
{
    const bool isReplaying = settings.method == "vr-lwf";
    const bool isCaption = settings.replay == "captions";
    std::set<int64_t> pool;
    std::set<Sentence> captions;
    if (isReplaying && isCaption) {
        CLWB_ASSIGN(captions, captionSentences(study));
    } else if (isReplaying) {
        pool = tokenPool(settings, study);
    }
    const StepLine* previous = nullptr;
    for (const TraceEvent& event : trace.events) {
        const auto* step = std::get_if<StepLine>(&event);
        if (!step || step->isSkipped)
            continue;
        const size_t expected = isReplaying ? static_cast<size_t>(settings.Ks) : 0;
        if (step->pseudo.size() != expected)
            findings.add("pseudo sentences", step->place() + ": has " +
                                                 std::to_string(step->pseudo.size()) +
                                                 ", expected " + std::to_string(expected));
        for (const Sentence& sentence : step->pseudo) {
            const bool isGood = isCaption ? captions.contains(sentence)
                                          : sentence.size() == static_cast<size_t>(settings.M) &&
                                                isDrawnFrom(sentence, pool);
            if (!isGood)
                findings.add("pseudo sentences",
                             step->place() + ": one is " +
                                 (isCaption ? "no training caption" : "not M tokens of the pool"));
        }
        if (previous && isReplaying)
            checkRefresh(*previous, *step, settings, findings);
        previous = step;
    }
    return {};
}

} // namespace clwb::replay
