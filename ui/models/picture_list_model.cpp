// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/picture_list_model.h"

#include <utility>

namespace clwb::ui
{

void PictureListModel::setEntries(int count, std::function<PictureEntry(int)> entryOf)
{
    beginResetModel();
    m_count = count;
    m_entryOf = std::move(entryOf);
    endResetModel();
}

PictureEntry PictureListModel::entryAt(int row) const
{
    return row >= 0 && row < m_count ? m_entryOf(row) : PictureEntry{};
}

int PictureListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_count;
}

QVariant PictureListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PictureEntry entry = m_entryOf(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return entry.caption;
    case Qt::ToolTipRole:
        return entry.tip.isEmpty() ? entry.caption : entry.tip;
    case Qt::AccessibleTextRole:
        return entry.mark == PictureMark::Right   ? tr("%1, right").arg(entry.caption)
               : entry.mark == PictureMark::Wrong ? tr("%1, wrong").arg(entry.caption)
                                                  : entry.caption;
    case IdRole:
        return QVariant::fromValue<qint64>(entry.id);
    case FrameRole:
        return entry.frame.isValid() ? QVariant(entry.frame) : QVariant();
    case MarkRole:
        return static_cast<int>(entry.mark);
    default:
        return {};
    }
}

} // namespace clwb::ui
