// SPDX-License-Identifier: GPL-3.0-or-later
// Words, links and colours of the strip.
#include "ui/widgets/class_strip.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/flow_layout.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

ClassStrip::ClassStrip(const QString& objectName, const QString& title, QWidget* parent)
    : Card(parent)
    , m_line(new FlowLayout)
{
    nameWidget(this, objectName, title);
    body()->setContentsMargins(14, 7, 14, 7);
    // The page decides how wide it is: long class names must not push the plots out of the window.
    setMinimumWidth(320);
    m_line->setSpacing(13);
    body()->addLayout(m_line);
    m_label = makeHeading({}, this);
    m_label->hide();
    m_session = new ElidedCombo(this);
    nameWidget(m_session, objectName + u".session"_s, tr("%1: session").arg(title));
    m_session->setProperty("small", true);
    m_session->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_session->setToolTip(tr("Change of accuracy in points. Forgot: since the class's own session, "
                             "which taught it. Learned: by this session. Zero-shot: since "
                             "original CLIP."));
    connect(m_session, &QComboBox::activated, this, [this] { showChanges(); });
    m_session->hide();
    showChanges();
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
                         const QColor& colour, const std::string& part, Outcome outcome,
                         const QString& kind)
{
    if (changes.empty())
        return;
    // A part stays together where the line is broken.
    auto* words = new QWidget(this);
    auto* line = new QHBoxLayout(words);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(7);
    line->addWidget(makeWord(title, themeOf(palette()).muted));
    constexpr int kShownCharacters = 20;
    const int session = m_session->currentData().toInt();
    for (size_t i = 0; i < changes.size(); ++i) {
        const ClassChange& change = changes[i];
        QString name = toQt(change.name);
        if (name.size() > kShownCharacters)
            name = name.left(kShownCharacters - 1).trimmed() + u'…';
        const QString text = u"%1 %2"_s.arg(name, changeText(change.points, 0));
        if (!m_run) {
            line->addWidget(makeWord(text, colour));
            continue;
        }
        const QString id =
            u"%1.%2%3"_s.arg(objectName(), kind + toQt(outcomeId(outcome) + part)).arg(i);
        QPushButton* link = makeLink(id, QString(text).replace(u'&', u"&&"_s), words);
        // Two strips may stand on one page.
        link->setAccessibleName(u"%1: %2 – %3"_s.arg(title, text, accessibleName()));
        link->setToolTip(tr("Show these pictures of %1, %2 points %3")
                             .arg(toQt(change.name).toHtmlEscaped(), changeText(change.points, 2),
                                  sessionPlaceText(session)));
        link->setStyleSheet(u"QPushButton { color: %1; }"_s.arg(colour.name()));
        ImageLink target{.run = *m_run,
                         .a = PredictionPoint{*m_run, change.since},
                         .b = PredictionPoint{*m_run, session},
                         .part = part,
                         .classNumber = change.number,
                         .className = change.name,
                         .outcome = outcome};
        connect(link, &QPushButton::clicked, this,
                [this, target = std::move(target)] { Q_EMIT imagesRequested(target); });
        line->addWidget(link);
    }
    m_line->addWidget(words);
    words->show();
}

void ClassStrip::setRun(std::optional<int64_t> run, const QString& label,
                        const std::map<int, metrics::EvaluationRecord>& records)
{
    const bool isOther = run != m_run;
    m_run = run;
    m_label->setText(label);
    std::map<int, ClassChanges> changes;
    for (const auto& entry : records) {
        // Two of each: all three parts fit one line of a window of 1440 pixels.
        if (ClassChanges found = classChanges(records, 2, entry.first); found.session != 0)
            changes.emplace(entry.first, std::move(found));
    }
    const bool wasLast = m_session->currentIndex() == m_session->count() - 1;
    const int chosen = m_session->currentData().toInt();
    m_changes = std::move(changes);
    fillSessions();
    const int place = m_session->findData(chosen);
    m_session->setCurrentIndex(isOther || wasLast || place < 0 ? m_session->count() - 1 : place);
    showChanges();
}

void ClassStrip::fillSessions()
{
    const QSignalBlocker isSilent(m_session);
    m_session->clear();
    for (const auto& entry : m_changes)
        m_session->addItem(tr("After session %1").arg(entry.first), entry.first);
}

void ClassStrip::showChanges()
{
    while (QLayoutItem* item = m_line->takeAt(0)) {
        QWidget* widget = item->widget();
        delete item;
        if (widget != m_label && widget != m_session)
            widget->deleteLater(); // perhaps the link whose click led here
        widget->hide();
    }
    const Theme& theme = themeOf(palette());
    const auto add = [this](QWidget* widget) {
        m_line->addWidget(widget);
        widget->show();
    };
    if (!m_label->text().isEmpty())
        add(m_label);
    const auto found = m_changes.find(m_session->currentData().toInt());
    if (found == m_changes.end()) {
        add(makeWord(tr("Classes that change most appear after the first session."), theme.muted));
        return;
    }
    add(m_session);
    const ClassChanges& changes = found->second;
    if (changes.forgotten.empty() && changes.learned.empty() && changes.worsened.empty() &&
        changes.zeroShotLost.empty())
        add(makeWord(tr("no class has changed"), theme.muted));
    addPart(tr("forgot since learned"), changes.forgotten, theme.bad, "ut", Outcome::Forgotten);
    addPart(tr("learned by this session"), changes.learned, theme.good, "ut", Outcome::Learned);
    addPart(tr("worse after this session"), changes.worsened, theme.bad, "ut", Outcome::Forgotten,
            u"worse."_s);
    addPart(tr("zero-shot lost since original CLIP"), changes.zeroShotLost, theme.bad, "zs",
            Outcome::Forgotten);
}

void ClassStrip::changeEvent(QEvent* event)
{
    Card::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        showChanges(); // in the colours of the theme
}

} // namespace clwb::ui
