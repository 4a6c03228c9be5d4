// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/term_watch.h"

#include "core/base/number_text.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <initializer_list>

namespace clwb::train
{
namespace
{

constexpr double kDeadShare = 1e-3;
constexpr double kBearableFailures = 0.01;
constexpr int64_t kFewestMeasured = 2; // one step alone says nothing, see measures()
const std::string kTermPrefix = "watch.terms/";
const std::string kSkipPrefix = "watch.skips/";

at::Tensor numbers(std::initializer_list<double> values)
{
    return at::tensor(at::ArrayRef<double>(values.begin(), values.size()),
                      at::TensorOptions().dtype(at::kFloat));
}

std::string causeOf(double share)
{
    if (share == 0) {
        return "the student never left the teacher in what this term compares. Likely nothing it "
               "sees is trained (frozen tower, learning rate 0), or it compares a single class";
    }
    return "likely its weight (params.beta) is too small, or the session is so short or the "
           "learning "
           "rate so low that the student hardly leaves the teacher";
}

} // namespace

TermWatch::TermWatch(int session, int64_t batches)
    : m_session(session)
    , m_batches(batches)
{}

bool TermWatch::measures(int64_t batch, int64_t batchesPerEpoch)
{
    return batch == 1 || batch % 10 == 0 || batch == batchesPerEpoch;
}

Result<void> TermWatch::add(const StepOutput& step)
{
    for (const auto& [name, share] : step.shares) {
        Term& term = m_terms[name];
        term.share = std::max(term.share, share);
        term.measured += 1;
    }
    for (const methods::NamedLoss& term : step.skipped) {
        m_skips[term.name + ": " + term.skipped] += 1;
        if (!term.failed)
            continue;
        const int64_t failed = ++m_terms[term.name].failed;
        if (static_cast<double>(failed) <= kBearableFailures * static_cast<double>(m_batches))
            continue;
        return fail(ErrorCode::RunFailed,
                    "session " + std::to_string(m_session) + ": " + term.name + " failed in " +
                        std::to_string(failed) + " of its " + std::to_string(m_batches) +
                        " batches, more than 1 %: " + term.skipped,
                    "the features are probably degenerate: look at the loss curves before this "
                    "step; a lower schedule.lr or a larger schedule.batch_size may help");
    }
    return {};
}

std::vector<std::string> TermWatch::warnings() const
{
    const std::string head = "session " + std::to_string(m_session) + ": ";
    std::vector<std::string> texts;
    for (const auto& [name, term] : m_terms) {
        if (term.measured < kFewestMeasured || term.share >= kDeadShare)
            continue;
        const std::string most =
            term.share == 0 ? "no gradient at all"
                            : "at most " + fixedText(100 * term.share, 4) + " % of the gradient";
        texts.push_back(head + name + " made " + most + " in " + std::to_string(term.measured) +
                        " measured steps, so that this session was trained as without it: " +
                        causeOf(term.share));
    }
    for (const auto& [what, count] : m_skips) {
        texts.push_back(head + "left out in " + std::to_string(count) + " of " +
                        std::to_string(m_batches) + " batches: " + what);
    }
    return texts;
}

model::Parameters TermWatch::state() const
{
    model::Parameters state;
    for (const auto& [name, term] : m_terms) {
        state.emplace(kTermPrefix + name, numbers({term.share, static_cast<double>(term.measured),
                                                   static_cast<double>(term.failed)}));
    }
    for (const auto& [what, count] : m_skips)
        state.emplace(kSkipPrefix + what, numbers({static_cast<double>(count)}));
    return state;
}

void TermWatch::restore(const model::Parameters& tensors)
{
    m_terms.clear();
    m_skips.clear();
    for (const auto& [name, tensor] : tensors) {
        if (!name.starts_with("watch."))
            continue;
        const at::Tensor values = tensor.to(at::kDouble);
        const auto value = [&values](int64_t i) { return values[i].item<double>(); };
        if (name.starts_with(kTermPrefix) && tensor.numel() == 3) {
            m_terms[name.substr(kTermPrefix.size())] = {value(0), static_cast<int64_t>(value(1)),
                                                        static_cast<int64_t>(value(2))};
        } else if (name.starts_with(kSkipPrefix) && tensor.numel() == 1) {
            m_skips[name.substr(kSkipPrefix.size())] = static_cast<int64_t>(value(0));
        }
    }
}

} // namespace clwb::train
