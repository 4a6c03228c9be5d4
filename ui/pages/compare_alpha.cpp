// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_alpha.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/image_link.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/flow_layout.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QString alphaText(double alpha)
{
    return u"α = "_s + QString::number(alpha);
}

} // namespace

AlphaBar::AlphaBar(AppState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
{
    nameWidget(this, u"compare.alpha"_s, tr("Weights between before and after"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_hint = makeElided(tr("No α-path of these runs is recorded. “clwb interpolate RUN --alpha "
                           "0,0.25,0.5,0.75,1 --record” adds one."),
                        this);
    m_hint->setObjectName(u"compare.alpha.hint"_s);
    m_hint->setToolTip(m_hint->text());
    column->addWidget(m_hint);
    m_content = new QWidget(this);
    auto* rows = new QVBoxLayout(m_content);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(6);
    rows->addWidget(makeSlider());
    rows->addWidget(makeFlips());
    m_why = makeMuted({}, m_content);
    m_why->setObjectName(u"compare.alpha.why"_s);
    m_why->setWordWrap(true);
    m_why->hide();
    rows->addWidget(m_why);
    column->addWidget(m_content);
    m_content->hide();
    // The reader of the project before never answers.
    connect(&state, &AppState::projectChanged, this, [this] {
        ++m_request;
        m_isAsking = false;
        m_asksAgain = false;
    });
}

QWidget* AlphaBar::makeSlider()
{
    auto* row = new QWidget(m_content);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(makeMuted(tr("α-path of"), row));
    m_paths = new ElidedCombo(row);
    nameWidget(m_paths, u"compare.alpha.path"_s, tr("Run whose weights are mixed"));
    m_paths->setMinimumContentsLength(10);
    line->addWidget(m_paths, 1);
    m_slider = new QSlider(Qt::Horizontal, row);
    nameWidget(m_slider, u"compare.alpha.slider"_s, tr("Share α of the weights after training"));
    m_slider->setToolTip(tr("Weights are (1 − α)·before + α·after; the slider stops at the shares "
                            "that were evaluated"));
    m_slider->setPageStep(1);
    m_slider->setMinimumWidth(100);
    line->addWidget(m_slider, 2);
    connect(m_paths, &QComboBox::activated, this, [this] {
        m_run = path()->runId;
        m_part = path()->part;
        Q_EMIT pathChosen();
        showPath();
    });
    connect(m_slider, &QSlider::valueChanged, this, [this] {
        if (const PathPoint* at = point()) {
            m_run = at->runId;
            m_part = at->part;
            m_alpha = at->alpha;
        }
        showPoint();
    });
    return row;
}

QWidget* AlphaBar::makeFlips()
{
    auto* row = new QWidget(m_content);
    auto* flow = new FlowLayout(row);
    flow->setSpacing(10);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    row->setSizePolicy(policy);
    m_value = makeLabel({}, row);
    m_value->setObjectName(u"compare.alpha.value"_s);
    m_since = makeMuted({}, row);
    m_since->setObjectName(u"compare.alpha.since"_s);
    m_ut = makeLink(u"compare.alpha.ut"_s, {}, row);
    m_zs = makeLink(u"compare.alpha.zs"_s, {}, row);
    nameWidget(m_ut, u"compare.alpha.ut"_s, tr("Pictures of trained classes that change sides"));
    nameWidget(m_zs, u"compare.alpha.zs"_s, tr("Pictures of zero-shot classes that change sides"));
    for (QPushButton* link : {m_ut, m_zs}) {
        link->setToolTip(tr("Show these pictures under both weights on the Images page"));
        link->hide(); // until something is known
    }
    connect(m_ut, &QPushButton::clicked, this, [this] { openImages(false); });
    connect(m_zs, &QPushButton::clicked, this, [this] { openImages(true); });
    for (QWidget* widget : {static_cast<QWidget*>(m_value), static_cast<QWidget*>(m_since),
                            static_cast<QWidget*>(m_ut), static_cast<QWidget*>(m_zs)})
        flow->addWidget(widget);
    return row;
}

const AlphaPath* AlphaBar::path() const
{
    const int at = m_paths->currentIndex();
    return at >= 0 && static_cast<size_t>(at) < m_choices.size()
               ? &m_choices[static_cast<size_t>(at)].path
               : nullptr;
}

const AlphaPath* AlphaBar::pathOf(const QString& entry) const
{
    const int at = m_paths->currentIndex();
    if (path() && m_choices[static_cast<size_t>(at)].entry == entry)
        return path();
    const auto first = std::find_if(m_choices.begin(), m_choices.end(),
                                    [&entry](const Choice& one) { return one.entry == entry; });
    return first == m_choices.end() ? nullptr : &first->path;
}

const PathPoint* AlphaBar::point() const
{
    const AlphaPath* shown = path();
    const auto at = static_cast<size_t>(m_slider->value());
    return shown && at < shown->points.size() ? &shown->points[at] : nullptr;
}

const PathPoint* AlphaBar::pointBefore() const
{
    return point() && m_slider->value() > 0 ? point() - 1 : nullptr;
}

void AlphaBar::setPaths(std::vector<Choice> choices)
{
    m_choices = std::move(choices);
    m_hint->setVisible(m_choices.empty());
    m_content->setVisible(!m_choices.empty());
    {
        const QSignalBlocker isSilent(m_paths);
        m_paths->clear();
        for (const Choice& choice : m_choices)
            m_paths->addItem(choice.path.part.isEmpty()
                                 ? choice.label
                                 : choice.label + u" · "_s + choice.path.part);
        const auto chosen =
            std::find_if(m_choices.begin(), m_choices.end(), [this](const Choice& choice) {
                return choice.path.runId == m_run && choice.path.part == m_part;
            });
        if (chosen != m_choices.end())
            m_paths->setCurrentIndex(static_cast<int>(chosen - m_choices.begin()));
    }
    showPath();
}

void AlphaBar::showPath()
{
    const AlphaPath* shown = path();
    {
        const QSignalBlocker isSilent(m_slider);
        const size_t count = shown ? shown->points.size() : 1;
        m_slider->setRange(0, static_cast<int>(count) - 1);
        size_t at = count - 1; // the model as it was trained
        for (size_t candidate = 0; shown && m_alpha && candidate < count; ++candidate) {
            if (shown->points[candidate].alpha == *m_alpha)
                at = candidate;
        }
        m_slider->setValue(static_cast<int>(at));
    }
    showPoint();
}

void AlphaBar::showPoint()
{
    const PathPoint* at = point();
    if (at) {
        m_value->setText(tr("%1: UT-Acc %2 %, ZS-Acc %3 %, A-Acc %4 %")
                             .arg(alphaText(at->alpha), numberText(at->ut, 2),
                                  numberText(at->zs, 2), numberText((at->ut + at->zs) / 2, 2)));
        m_slider->setAccessibleDescription(m_value->text());
        const PathPoint* before = pointBefore();
        m_since->setText(before ? tr("since %1:").arg(alphaText(before->alpha))
                                : tr("the path begins here"));
    }
    Q_EMIT moved(at ? std::optional(QPointF(at->ut, at->zs)) : std::nullopt);
    ask();
}

void AlphaBar::ask()
{
    const PathPoint* from = pointBefore();
    const PathPoint* to = point();
    // They keep their places, so that nothing below the slider moves while it does.
    for (QPushButton* link : {m_ut, m_zs})
        link->setEnabled(false);
    if (!from || !m_state.reader()) {
        m_asksAgain = m_isAsking; // an answer on its way is for another point
        for (QWidget* widget : {static_cast<QWidget*>(m_ut), static_cast<QWidget*>(m_zs),
                                static_cast<QWidget*>(m_why)})
            widget->hide();
        return;
    }
    if (m_isAsking) {
        m_asksAgain = true;
        return;
    }
    m_isAsking = true;
    m_state.reader()->ask(
        this,
        [from = *from, to = *to](store::Project& project) {
            return readAlphaFlips(project, from, to);
        },
        [this, request = m_request](const Result<AlphaFlips>& flips) {
            if (request != m_request)
                return;
            m_isAsking = false;
            if (std::exchange(m_asksAgain, false))
                ask();
            else
                showFlips(flips);
        });
}

void AlphaBar::showFlips(const Result<AlphaFlips>& flips)
{
    m_flips = flips ? *flips : AlphaFlips();
    showLink(*m_ut, tr("trained classes: %1 pictures forgotten, %2 learned"), m_flips.ut);
    showLink(*m_zs, tr("zero-shot classes: %1 pictures forgotten, %2 learned"), m_flips.zs);
    m_why->setVisible(!m_flips.ut && !m_flips.zs);
    m_why->setText(
        !flips ? tr("Which pictures flip cannot be read: %1").arg(errorText(flips.error()))
               : tr("Which pictures flip is not known: no predictions are kept of both points. "
                    "“clwb interpolate %1 --alpha … --record” keeps them unless the run has "
                    "“Details kept: none”.")
                     .arg(point() ? QString::number(point()->runId) : QString()));
}

void AlphaBar::showLink(QPushButton& link, const QString& text,
                        const std::optional<OutcomeCounts>& counts)
{
    link.setVisible(counts.has_value());
    link.setEnabled(counts.has_value());
    if (!counts)
        return;
    link.setText(
        text.arg(countText((*counts)[Outcome::Forgotten]), countText((*counts)[Outcome::Learned])));
    link.setAccessibleName(m_since->text() + u' ' + link.text());
}

void AlphaBar::openImages(bool isZeroShot)
{
    const PathPoint* from = pointBefore();
    const PathPoint* to = point();
    const std::optional<OutcomeCounts>& counts = isZeroShot ? m_flips.zs : m_flips.ut;
    if (!from || !to || !counts)
        return;
    ImageLink link{.run = to->recordedRun,
                   .a = PredictionPoint{from->recordedRun, from->session},
                   .b = PredictionPoint{to->recordedRun, to->session},
                   .part = isZeroShot ? "zs" : "ut"};
    if ((*counts)[Outcome::Forgotten] > 0)
        link.outcome = Outcome::Forgotten;
    else if ((*counts)[Outcome::Learned] > 0)
        link.outcome = Outcome::Learned;
    m_state.requestPage(u"images"_s, toJson(link));
}

} // namespace clwb::ui
