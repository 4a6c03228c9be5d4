// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a picture was right after each session, as a row of small cells.
#pragma once

#include <QWidget>

#include <utility>
#include <vector>

namespace clwb::ui
{

class SessionStrip : public QWidget
{
    Q_OBJECT

public:
    SessionStrip(const QString& objectName, const QString& title, QWidget* parent = nullptr);
    /// By rising session; empty: nothing is drawn.
    void setRights(std::vector<std::pair<int, bool>> rights);
    [[nodiscard]] const std::vector<std::pair<int, bool>>& rights() const { return m_rights; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRectF cell(size_t at) const;
    static QString textOf(const std::pair<int, bool>& right);
    std::vector<std::pair<int, bool>> m_rights;
};

} // namespace clwb::ui
