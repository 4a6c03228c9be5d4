// SPDX-License-Identifier: GPL-3.0-or-later
// Layout and texts of the panel.
#include "ui/widgets/picture_panel.h"

#include "ui/bridge/picture_loader.h"
#include "ui/bridge/qt_text.h"
#include "ui/widgets/building.h"
#include "ui/widgets/session_strip.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kPanelPicture = 100;
constexpr int kTwoVerdicts = 330; ///< pixels from which on both models stand beside each other
constexpr size_t kPanelCacheBytes = size_t(8) << 20;

QString verdictText(const ModelVerdict& verdict)
{
    const QString percent = numberText(100 * verdict.truthProbability, 1);
    if (verdict.truthRank == 0)
        return PicturePanel::tr("right, with %1 %").arg(percent);
    return PicturePanel::tr("true class: rank %1, %2 %").arg(verdict.truthRank + 1).arg(percent);
}

} // namespace

QString outcomeText(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Forgotten:
        return PicturePanel::tr("Forgotten: right under A, wrong under B");
    case Outcome::Learned:
        return PicturePanel::tr("Learned: wrong under A, right under B");
    case Outcome::Never:
        return PicturePanel::tr("Never: wrong under both");
    case Outcome::Always:
        break;
    }
    return PicturePanel::tr("Always: right under both");
}

PicturePanel::PicturePanel(QWidget* parent)
    : Card(parent)
    , m_loader(new PictureLoader(this, kPanelCacheBytes))
{
    nameWidget(this, u"images.picture"_s, tr("Selected picture"));
    m_empty = makeMuted(tr("Select a picture to see what both models think it is."), this);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    body()->addWidget(m_empty, 1);
    m_scroll = new QScrollArea(this);
    nameWidget(m_scroll, u"images.pictureScroll"_s, tr("Selected picture"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget(m_scroll);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(makeHead(content));
    column->addWidget(makeVerdicts(content));
    column->addStretch(1);
    m_scroll->setWidget(content);
    m_scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    body()->addWidget(m_scroll, 1);
    body()->addLayout(makePlace(this));
    connect(m_loader, &PictureLoader::loaded, this, &PicturePanel::showPicture);
    setFacts({});
}

QWidget* PicturePanel::makeHead(QWidget* parent)
{
    auto* head = new QWidget(parent);
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(12);
    m_picture = makeLabel({}, head);
    nameWidget(m_picture, u"images.pictureShown"_s, tr("The picture"));
    m_picture->setFixedSize(kPanelPicture, kPanelPicture);
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setWordWrap(true);
    line->addWidget(m_picture, 0, Qt::AlignTop);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(3);
    m_truth = makeLabel({}, head);
    m_truth->setWordWrap(true);
    m_truth->setObjectName(u"images.truth"_s);
    QFont bold = m_truth->font();
    bold.setWeight(QFont::DemiBold);
    m_truth->setFont(bold);
    texts->addWidget(m_truth);
    m_outcome = makeLabel({}, head);
    m_outcome->setObjectName(u"images.outcome"_s);
    m_outcome->setWordWrap(true);
    texts->addWidget(m_outcome);
    for (int at = 0; at < 2; ++at) {
        History& history = m_histories[at];
        history.title = makeMuted({}, head);
        history.title->setWordWrap(true);
        history.strip = new SessionStrip(u"images.strip%1"_s.arg(at),
                                         tr("Right or wrong after each session"), head);
        texts->addWidget(history.title);
        texts->addWidget(history.strip);
        history.title->hide();
        history.strip->hide();
    }
    texts->addStretch(1);
    line->addLayout(texts, 1);
    return head;
}

QWidget* PicturePanel::makeVerdicts(QWidget* parent)
{
    auto* verdicts = new QWidget(parent);
    m_verdictLine = new QHBoxLayout(verdicts);
    m_verdictLine->setContentsMargins(0, 0, 0, 0);
    m_verdictLine->setSpacing(14);
    for (int side = 0; side < 2; ++side) {
        Verdict& verdict = m_verdicts[side];
        const QString letter = side == 0 ? tr("A") : tr("B");
        auto* column = new QVBoxLayout;
        column->setSpacing(3);
        verdict.model = makeElided({}, verdicts);
        verdict.bars = new RankingBars(side == 0 ? u"images.bestA"_s : u"images.bestB"_s,
                                       tr("Best classes under model %1").arg(letter), verdicts);
        verdict.rank = makeElided({}, verdicts);
        verdict.rank->setObjectName(side == 0 ? u"images.rankA"_s : u"images.rankB"_s);
        column->addWidget(verdict.model);
        column->addWidget(verdict.bars);
        column->addWidget(verdict.rank);
        m_verdictLine->addLayout(column, 1);
    }
    return verdicts;
}

void PicturePanel::resizeEvent(QResizeEvent* event)
{
    Card::resizeEvent(event);
    m_verdictLine->setDirection(width() < textScaled(*this, kTwoVerdicts)
                                    ? QBoxLayout::TopToBottom
                                    : QBoxLayout::LeftToRight);
}

QLayout* PicturePanel::makePlace(QWidget* parent)
{
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    m_path = makeElided({}, parent);
    m_path->setObjectName(u"images.path"_s);
    line->addWidget(m_path, 1);
    m_open = makeButton(u"images.open"_s, tr("Open Original"), parent);
    connect(m_open, &QPushButton::clicked, this, &PicturePanel::openRequested);
    line->addWidget(m_open);
    return line;
}

void PicturePanel::setSource(std::shared_ptr<const PictureSource> source)
{
    m_loader->setSource(std::move(source), static_cast<int>(kPanelPicture * devicePixelRatioF()));
    showPicture();
}

void PicturePanel::showVerdict(int side, const ModelVerdict& verdict)
{
    m_verdicts[side].model->setText(verdict.model);
    m_verdicts[side].model->setToolTip(verdict.model.toHtmlEscaped());
    m_verdicts[side].bars->setClasses(verdict.best);
    m_verdicts[side].rank->setText(verdictText(verdict));
}

void PicturePanel::setFacts(std::optional<PictureFacts> facts)
{
    m_facts = std::move(facts);
    m_empty->setVisible(!m_facts);
    m_scroll->setVisible(m_facts.has_value());
    m_path->setVisible(m_facts.has_value());
    m_open->setVisible(m_facts.has_value());
    m_path->setText({});
    m_open->setEnabled(false);
    m_open->setToolTip(tr("Its file is being looked for"));
    if (!m_facts) {
        setHistories({});
        return;
    }
    m_truth->setText(m_facts->truth);
    m_truth->setToolTip(m_facts->truth.toHtmlEscaped());
    m_outcome->setText(outcomeText(m_facts->outcome));
    setStyleFlag(m_outcome, "problem", m_facts->outcome == Outcome::Forgotten);
    setStyleFlag(m_outcome, "muted",
                 m_facts->outcome == Outcome::Never || m_facts->outcome == Outcome::Always);
    showVerdict(0, m_facts->a);
    showVerdict(1, m_facts->b);
    showPicture();
}

void PicturePanel::setHistories(const std::vector<RightHistory>& histories)
{
    for (size_t at = 0; at < 2; ++at) {
        const bool isShown = at < histories.size() && !histories[at].rights.empty();
        m_histories[at].title->setVisible(isShown);
        m_histories[at].strip->setVisible(isShown);
        if (!isShown)
            continue;
        const RightHistory& history = histories[at];
        m_histories[at].strip->setRights(history.rights);
        m_histories[at].title->setText(
            history.lostAfter
                ? tr("%1: lost in session %2").arg(history.title).arg(*history.lostAfter)
                : tr("%1: right (filled) or wrong by session").arg(history.title));
    }
}

void PicturePanel::setPlace(const QString& path, const QString& whyNot)
{
    m_path->setText(whyNot.isEmpty() ? path : whyNot);
    m_path->setToolTip(m_path->text().toHtmlEscaped());
    m_open->setEnabled(whyNot.isEmpty());
    m_open->setToolTip(
        (whyNot.isEmpty() ? tr("Open the picture's file (Enter in the grid)") : whyNot)
            .toHtmlEscaped());
}

void PicturePanel::showPicture()
{
    if (!m_facts)
        return;
    const LoadedPicture* loaded = m_loader->find(m_facts->image);
    m_picture->setPixmap({});
    if (!loaded)
        return;
    if (!loaded->problem.isEmpty()) {
        m_picture->setText(tr("unreadable: %1").arg(loaded->problem));
        m_picture->setToolTip(m_picture->text().toHtmlEscaped());
        return;
    }
    const qreal ratio = devicePixelRatioF();
    const QSize room = QSize(kPanelPicture, kPanelPicture) * ratio;
    QPixmap pixmap = QPixmap::fromImage(loaded->image.scaled(
        loaded->image.size().scaled(room, Qt::KeepAspectRatio).expandedTo({1, 1}),
        Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(ratio);
    m_picture->setToolTip({});
    m_picture->setPixmap(pixmap);
}

} // namespace clwb::ui
