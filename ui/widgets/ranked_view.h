// SPDX-License-Identifier: GPL-3.0-or-later
// The candidates of one model: thumbnails in rows, or captions in lines; arrows move, Enter opens.
#pragma once

#include <QListView>

namespace clwb::ui
{

class PictureLoader;
class RankedListModel;

class RankedView : public QListView
{
    Q_OBJECT

public:
    /// @param pictures loads thumbnails; outlives the view
    RankedView(RankedListModel* model, PictureLoader* pictures, const QString& objectName,
               const QString& accessibleName, QWidget* parent = nullptr);
    /// Why a candidate has no picture; empty when it has one or is not loaded yet.
    [[nodiscard]] QString problemOf(const QModelIndex& index) const;

Q_SIGNALS:
    void opened(const QModelIndex& index); ///< Enter or a double click

protected:
    bool viewportEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void applyKind();

    RankedListModel* m_model;
    PictureLoader* m_pictures;
};

} // namespace clwb::ui
