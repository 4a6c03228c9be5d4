// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/colour_menu.h"

#include "ui/shell/theme.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QPainter>
#include <QPixmap>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct ColourMenu
{
    Q_DECLARE_TR_FUNCTIONS(ColourMenu)
};

QIcon swatch(const QColor& colour, qreal ratio)
{
    constexpr int kSide = 14;
    QPixmap picture(QSize(kSide, kSide) * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(2, 2, kSide - 4, kSide - 4), 3, 3);
    return picture;
}

} // namespace

QMenu* makeColourMenu(const QColor& present, std::function<void(const QColor&)> chosen,
                      QWidget* parent)
{
    auto* menu = new QMenu(ColourMenu::tr("Colour"), parent);
    menu->setObjectName(u"colourMenu"_s);
    auto* group = new QActionGroup(menu);
    const auto add = [&](const QString& name, const QColor& colour) {
        QAction* action = menu->addAction(name);
        if (colour.isValid())
            action->setIcon(swatch(colour, menu->devicePixelRatioF()));
        action->setCheckable(true);
        action->setChecked(colour == present);
        group->addAction(action);
        QObject::connect(action, &QAction::triggered, menu, [chosen, colour] { chosen(colour); });
    };
    add(ColourMenu::tr("Automatic"), {});
    menu->addSeparator();
    for (const auto& [name, colour] : lineColours())
        add(name, colour);
    return menu;
}

} // namespace clwb::ui
