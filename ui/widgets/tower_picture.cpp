// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of the two towers.
#include "ui/widgets/tower_picture.h"

#include "ui/plots/plot_theme.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QPainter>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

TowerPicture::TowerPicture(QWidget* parent)
    : QWidget(parent)
{
    nameWidget(this, u"new_run.towers"_s, tr("Trained towers"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void TowerPicture::setOption(const QString& option)
{
    m_option = option;
    const bool image = option == "WM"_L1 || option == "IO"_L1;
    const bool text = option == "WM"_L1 || option == "TO"_L1;
    setAccessibleDescription(
        tr("image tower %1, text tower %2")
            .arg(image ? tr("trained") : tr("frozen"), text ? tr("trained") : tr("frozen")));
    setToolTip(accessibleDescription());
    update();
}

void TowerPicture::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(smallFont(font()));
    const auto tower = [&](double left, const QString& title, bool isTrained) {
        for (int block = 0; block < 3; ++block) {
            const QRectF area(left + 12.0 * block, 8 + 2.0 * block, 9, height() - 16 - 4.0 * block);
            painter.setPen(Qt::NoPen);
            painter.setBrush(isTrained ? theme.accent : theme.grid);
            painter.drawRoundedRect(area, 2.5, 2.5);
        }
        painter.setPen(isTrained ? theme.text : theme.muted);
        const QRectF words(left + 42, 0, 62, height());
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                         title + u'\n' + (isTrained ? tr("trained") : tr("frozen")));
    };
    tower(0, tr("image"), m_option == "WM"_L1 || m_option == "IO"_L1);
    tower(106, tr("text"), m_option == "WM"_L1 || m_option == "TO"_L1);
}

} // namespace clwb::ui
