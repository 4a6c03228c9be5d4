// SPDX-License-Identifier: GPL-3.0-or-later
// Words and colours of the strip.
#include "ui/widgets/class_strip.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/flow_layout.h"

#include <QBoxLayout>
#include <QLabel>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

ClassStrip::ClassStrip(QWidget* parent)
    : Card(parent)
    , m_line(new FlowLayout)
{
    nameWidget(this, u"live.classes"_s, tr("Classes that changed most"));
    body()->setContentsMargins(14, 9, 14, 9);
    // The page decides how wide it is: long class names must not push the plots out of the window.
    setMinimumWidth(320);
    m_line->setSpacing(15);
    body()->addLayout(m_line);
}

QLabel* ClassStrip::makeWord(const QString& text, const QColor& colour)
{
    QLabel* label = makeLabel(text, this);
    QPalette colours = label->palette();
    colours.setColor(QPalette::WindowText, colour);
    label->setPalette(colours);
    return label;
}

void ClassStrip::addPart(const QString& title, const std::vector<ClassChange>& changes,
                         const QColor& colour)
{
    if (changes.empty())
        return;
    // A part stays together where the line is broken.
    auto* part = new QWidget(this);
    auto* words = new QHBoxLayout(part);
    words->setContentsMargins(0, 0, 0, 0);
    words->setSpacing(9);
    words->addWidget(makeWord(title, themeOf(palette()).muted));
    constexpr int kShownCharacters = 20;
    constexpr size_t kShownClasses = 2; // all three parts fit one line of a window of 1440 pixels
    for (size_t i = 0; i < std::min(changes.size(), kShownClasses); ++i) {
        const ClassChange& change = changes[i];
        QString name = toQt(change.name);
        if (name.size() > kShownCharacters)
            name = name.left(kShownCharacters - 1).trimmed() + u'…';
        words->addWidget(makeWord(u"%1 %2"_s.arg(name, changeText(change.points, 0)), colour));
    }
    m_line->addWidget(part);
}

void ClassStrip::setChanges(const ClassChanges& changes)
{
    while (QLayoutItem* item = m_line->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const Theme& theme = themeOf(palette());
    if (changes.session == 0) {
        m_line->addWidget(
            makeWord(tr("Classes that change most appear after the first session."), theme.muted));
        return;
    }
    QLabel* title = makeHeading(tr("After session %1").arg(changes.session), this);
    title->setToolTip(tr("Change of accuracy in points: forgot = since learned, learned = by this "
                         "session, zero-shot = since the original model"));
    m_line->addWidget(title);
    if (changes.forgotten.empty() && changes.learned.empty() && changes.zeroShotLost.empty())
        m_line->addWidget(makeWord(tr("no class has changed"), theme.muted));
    addPart(tr("forgot most"), changes.forgotten, theme.bad);
    addPart(tr("learned most"), changes.learned, theme.good);
    addPart(tr("zero-shot lost most"), changes.zeroShotLost, theme.bad);
}

} // namespace clwb::ui
