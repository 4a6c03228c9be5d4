// SPDX-License-Identifier: GPL-3.0-or-later
// Lays widgets out like words: a row is broken where the width ends.
#pragma once

#include <QLayout>
#include <QList>

namespace clwb::ui
{

class FlowLayout : public QLayout
{
    Q_OBJECT

public:
    explicit FlowLayout(QWidget* parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    [[nodiscard]] int count() const override { return static_cast<int>(m_items.size()); }
    [[nodiscard]] QLayoutItem* itemAt(int index) const override { return m_items.value(index); }
    QLayoutItem* takeAt(int index) override;

    [[nodiscard]] Qt::Orientations expandingDirections() const override { return {}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    /// Everything in one row.
    [[nodiscard]] QSize sizeHint() const override;
    /// As wide as the widest item.
    [[nodiscard]] QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    /// @return the height that is used; moves the items where `isApplied`
    int arrange(const QRect& rect, bool isApplied) const;
    QList<QLayoutItem*> m_items;
};

} // namespace clwb::ui
