// SPDX-License-Identifier: GPL-3.0-or-later
// A box that says what the horizontal axis of accuracy curves counts.
#pragma once

#include "ui/models/curve_axis.h"

#include <QComboBox>
#include <QStandardItemModel>

namespace clwb::ui
{

inline void fillAxisBox(QComboBox& box, CurveAxis current)
{
    for (const CurveAxis axis : kCurveAxes)
        box.addItem(axisPhrase(axis), axisId(axis));
    box.setCurrentIndex(box.findData(axisId(current)));
}

inline CurveAxis axisOfBox(const QComboBox& box)
{
    return axisOfId(box.currentData().toString());
}

/// An axis that is not offered says why.
inline void offerAxis(QComboBox& box, CurveAxis axis, bool isOffered)
{
    const int row = box.findData(axisId(axis));
    if (QStandardItem* item = static_cast<QStandardItemModel*>(box.model())->item(row)) {
        item->setEnabled(isOffered);
        item->setToolTip(isOffered ? QString() : whyNotOn(axis));
    }
}

} // namespace clwb::ui
