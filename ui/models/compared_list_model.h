// SPDX-License-Identifier: GPL-3.0-or-later
// The chosen configurations as a list: colour, line, mark, name, and whether they are shown.
#pragma once

#include "ui/models/comparison.h"

#include <QAbstractListModel>

namespace clwb::ui
{

class ComparedListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        SourceRole,
        ColourRole,
        StyleRole, ///< Qt::PenStyle
        SettingRole,
        IsReportedRole,
        IsReferenceRole,
        IsShownRole
    };
    using QAbstractListModel::QAbstractListModel;
    /// Keeps the rows in place where only visibility changed.
    void setComparison(SharedComparison comparison);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    SharedComparison m_comparison;
};

} // namespace clwb::ui
