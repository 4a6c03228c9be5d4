// SPDX-License-Identifier: GPL-3.0-or-later
// The view of the chosen configurations, which is also the legend of all plots beside it.
#pragma once

#include <QListView>

namespace clwb::ui
{

class ComparedListModel;

/// Click or Space shows or hides, double click, Ctrl+click or Return shows only one, Del takes it
/// out of the comparison.
class ComparedList : public QListView
{
    Q_OBJECT

public:
    ComparedList(ComparedListModel* model, QWidget* parent = nullptr);

Q_SIGNALS:
    void toggled(const QString& id);
    void soloed(const QString& id);
    void removed(const QString& id);
    void menuRequested(const QString& id, const QPoint& globalPos);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    [[nodiscard]] QString idAt(const QModelIndex& index) const;
    bool m_isAfterDouble = false;
};

} // namespace clwb::ui
