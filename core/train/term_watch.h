// SPDX-License-Identifier: GPL-3.0-or-later
// Watches the extra terms of a session's loss: whether they ever moved the model, and how often
// they could not be computed. A loss that is silently zero trains FT under another name.
#pragma once

#include "core/base/error.h"
#include "core/model/parameters.h"
#include "core/train/batch_step.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace clwb::train
{

class TermWatch
{
public:
    /// @param batches of the whole session
    explicit TermWatch(int session = 0, int64_t batches = 0);

    /// Whether a batch (from 1) is one to measure: the first, every tenth and the last of an epoch.
    /// The first of a session is not enough: there the student is still the teacher.
    static bool measures(int64_t batch, int64_t batchesPerEpoch);

    /// Takes in a step. Errors: RunFailed when a term's numerics failed in more than 1 % of the
    /// session's batches.
    Result<void> add(const StepOutput& step);

    /// At the session's end, a sentence or two each: terms that made less than 0.1 % of the
    /// gradient in every measured step, with the likely cause, and terms that were left out, with
    /// the reason.
    [[nodiscard]] std::vector<std::string> warnings() const;

    /// "watch.terms/NAME", "watch.skips/NAME: REASON", for checkpoints.
    [[nodiscard]] model::Parameters state() const;
    /// Continues from a state; other tensors are passed over.
    void restore(const model::Parameters& tensors);

private:
    struct Term
    {
        double share = 0;     ///< largest of the measured steps
        int64_t measured = 0; ///< steps
        int64_t failed = 0;   ///< batches
    };
    int m_session;
    int64_t m_batches;
    std::map<std::string, Term> m_terms;
    std::map<std::string, int64_t> m_skips; ///< "NAME: REASON" → batches
};

} // namespace clwb::train
