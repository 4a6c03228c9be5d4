// SPDX-License-Identifier: GPL-3.0-or-later
// A choice whose text ends in "…" where the room is short, instead of being cut; its list is as
// wide as its entries.
#pragma once

#include <QComboBox>

namespace clwb::ui
{

class ElidedCombo : public QComboBox
{
    Q_OBJECT

public:
    explicit ElidedCombo(QWidget* parent = nullptr);
    void showPopup() override;
    /// From this width on the current text is whole.
    [[nodiscard]] int wholeWidth() const;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace clwb::ui
