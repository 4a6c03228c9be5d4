// SPDX-License-Identifier: GPL-3.0-or-later
// The items of a picture grid: captions and marks, asked for one by one as they come into sight.
#pragma once

#include <QAbstractListModel>
#include <QColor>
#include <QString>

#include <cstdint>
#include <functional>

namespace clwb::ui
{

enum class PictureMark { None, Right, Wrong };

struct PictureEntry
{
    int64_t id = 0;    ///< for the PictureSource
    QString caption;   ///< one line under the picture
    QString tip;       ///< more about it; may be empty
    QColor frame = {}; ///< around the picture; invalid: none
    PictureMark mark = PictureMark::None;
};

class PictureListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, FrameRole, MarkRole };
    using QAbstractListModel::QAbstractListModel;

    /// @param entryOf called from the GUI thread whenever an entry is shown; quick
    void setEntries(int count, std::function<PictureEntry(int row)> entryOf);
    [[nodiscard]] PictureEntry entryAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    int m_count = 0;
    std::function<PictureEntry(int)> m_entryOf;
};

} // namespace clwb::ui
