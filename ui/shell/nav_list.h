// SPDX-License-Identifier: GPL-3.0-or-later
// The navigation at the left: one entry a page with icon, title and number.
#pragma once

#include <QListWidget>

#include <cstdint>
#include <vector>

namespace clwb::ui
{

class NavList : public QListWidget
{
    Q_OBJECT

public:
    explicit NavList(QWidget* parent = nullptr);
    void addPage(const QString& id, const QString& title, int number);
    void setCurrentPage(const QString& id);
    /// Pages that dragged runs can be dropped on.
    void setRunTargets(const QStringList& ids) { m_runTargets = ids; }

Q_SIGNALS:
    void pageChosen(const QString& id);
    void runsDropped(const QString& id, const std::vector<int64_t>& runs);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    /// The entry below the pointer that would take the runs; null: none.
    [[nodiscard]] QListWidgetItem* targetAt(const QDropEvent& event) const;
    void markTarget(const QListWidgetItem* target);
    QStringList m_runTargets;
};

} // namespace clwb::ui
