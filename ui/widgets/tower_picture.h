// SPDX-License-Identifier: GPL-3.0-or-later
// Which tower an option trains: two small towers, the trained one in colour, the frozen in grey.
#pragma once

#include <QWidget>

namespace clwb::ui
{

class TowerPicture : public QWidget
{
    Q_OBJECT

public:
    explicit TowerPicture(QWidget* parent = nullptr);
    /// @param option WM, IO, TO; empty: nothing is trained
    void setOption(const QString& option);
    [[nodiscard]] QSize sizeHint() const override { return {210, 40}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_option;
};

} // namespace clwb::ui
