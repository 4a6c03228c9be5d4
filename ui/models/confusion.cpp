// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/confusion.h"

#include "core/base/check.h"

#include <algorithm>
#include <numeric>

namespace clwb::ui
{

Confusion confusionOf(const store::PredictionItems& items, const store::Predictions& predictions)
{
    Confusion confusion;
    confusion.classes = items.classes.size();
    confusion.counts.assign(confusion.classes * confusion.classes, 0);
    confusion.totals.assign(confusion.classes, 0);
    const auto top = static_cast<size_t>(predictions.top);
    for (size_t item = 0; item < items.labels.size(); ++item) {
        const auto truth = static_cast<size_t>(items.labels[item]);
        const auto predicted = static_cast<size_t>(predictions.classes[item * top]);
        ++confusion.counts[truth * confusion.classes + predicted];
        ++confusion.totals[truth];
    }
    return confusion;
}

std::vector<float> confusionShares(const Confusion& confusion)
{
    std::vector<float> shares(confusion.counts.size(), 0);
    for (size_t truth = 0; truth < confusion.classes; ++truth) {
        if (confusion.totals[truth] == 0)
            continue;
        const float percent = 100.0F / static_cast<float>(confusion.totals[truth]);
        for (size_t predicted = 0; predicted < confusion.classes; ++predicted)
            shares[truth * confusion.classes + predicted] =
                percent * static_cast<float>(confusion.at(truth, predicted));
    }
    return shares;
}

std::vector<float> confusionChange(const Confusion& a, const Confusion& b)
{
    CLWB_CHECK(a.classes == b.classes);
    std::vector<float> change = confusionShares(b);
    const std::vector<float> before = confusionShares(a);
    std::transform(change.begin(), change.end(), before.begin(), change.begin(), std::minus<>());
    return change;
}

std::vector<int32_t> orderBySession(size_t classes, const std::vector<int>& sessions)
{
    std::vector<int32_t> order(classes);
    std::iota(order.begin(), order.end(), 0);
    if (sessions.size() == classes) {
        std::stable_sort(order.begin(), order.end(), [&sessions](int32_t left, int32_t right) {
            return sessions[static_cast<size_t>(left)] < sessions[static_cast<size_t>(right)];
        });
    }
    return order;
}

} // namespace clwb::ui
