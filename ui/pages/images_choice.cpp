// SPDX-License-Identifier: GPL-3.0-or-later
// Which two models the Images page shows, and of which classes.
#include "ui/bridge/project_pictures.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"
#include "ui/pages/images_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/picture_panel.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/thumb_grid.h"

#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

bool isSameIndex(const std::vector<store::PredictionEntry>& left,
                 const std::vector<store::PredictionEntry>& right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const store::PredictionEntry& a, const store::PredictionEntry& b) {
                          return a.runId == b.runId && a.session == b.session && a.part == b.part &&
                                 a.listId == b.listId && a.modelSha256 == b.modelSha256;
                      });
}

} // namespace

std::string ImagesPage::part() const
{
    return fromQt(m_part->current());
}

void ImagesPage::onProjectChanged()
{
    ++m_request;
    m_loading = 0; // the earlier project never answers
    m_isAsking = false;
    m_hasIndex = false;
    m_isStale = true;
    m_index.clear();
    m_kept.clear();
    m_pair.reset();
    m_missingRun.reset();
    m_hasChosen = false;
    m_list.reset();
    m_loadProblem.clear();
    m_memory = state().projectSettings();
    m_part->setCurrent(m_memory.value(u"images/part"_s, u"ut"_s).toString());
    showComparison(nullptr);
    const auto source =
        state().hasProject() ? projectPictures(toPath(state().projectFile())) : nullptr;
    m_grid->setSource(source);
    m_panel->setSource(source);
    showState();
    if (isVisible())
        refresh();
}

void ImagesPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_mayFollow = true;
    if (m_isStale)
        refresh();
}

void ImagesPage::refresh()
{
    if (!state().reader() || !state().hasProject() || m_isAsking)
        return;
    m_isStale = false;
    m_isAsking = true;
    const QString file = state().projectFile();
    state().reader()->ask(
        this, [](store::Project& project) { return store::detailIndex(project); },
        [this, file](const Result<store::DetailIndex>& index) {
            if (file != state().projectFile())
                return; // of the project before
            m_isAsking = false;
            if (!index) {
                m_link.reset();
                m_loadProblem = errorText(index.error());
                showState();
                return;
            }
            onIndex(*index);
            if (m_isStale && isVisible())
                refresh();
        });
}

void ImagesPage::onIndex(const store::DetailIndex& index)
{
    const bool isSame = m_hasIndex && isSameIndex(m_index, index.predictions);
    m_hasIndex = true;
    m_index = index.predictions;
    if (std::exchange(m_mayFollow, false) && !isSame && !m_hasChosen)
        m_pair.reset();
    if (const auto link = std::exchange(m_link, std::nullopt)) {
        follow(*link);
        return;
    }
    if (isSame) {
        fillModels(); // runs may have other names
        return;
    }
    onPart();
}

void ImagesPage::open(const Json& argument)
{
    m_link = imageLinkFromJson(argument);
    if (!m_link)
        return;
    m_isStale = true; // the session may have ended just now
    refresh();
}

void ImagesPage::follow(const ImageLink& link)
{
    m_part->setCurrent(toQt(link.part));
    m_kept = keptRuns(m_index, link.part);
    const KeptRun* run = findKept(m_kept, link.run);
    m_missingRun = run ? std::nullopt : std::optional(link.run);
    if (!run) {
        fillModels();
        showState();
        return;
    }
    const PredictionPoint first{link.run, run->lists.begin()->first};
    const PredictionPoint last{link.run, run->lists.rbegin()->first};
    m_hasChosen = true;
    m_link = link; // what of it is to be shown, once the pair is loaded
    choosePair({nearestKept(m_kept, link.a.value_or(first)).value_or(first),
                nearestKept(m_kept, link.b.value_or(last)).value_or(last)});
}

void ImagesPage::onPart()
{
    m_kept = keptRuns(m_index, part());
    const auto wanted = m_pair ? m_pair : remembered();
    std::optional<PredictionPair> pair;
    if (wanted) {
        const auto a = nearestKept(m_kept, wanted->a);
        const auto b = nearestKept(m_kept, wanted->b);
        if (a && b)
            pair = PredictionPair{*a, *b};
    }
    if (!pair)
        pair = firstPair(m_kept);
    remember();
    if (pair) {
        choosePair(*pair);
        return;
    }
    m_pair.reset();
    fillModels();
    showComparison(nullptr);
    showState();
}

void ImagesPage::choosePair(const PredictionPair& pair)
{
    m_missingRun.reset();
    m_pair = pair;
    fillModels();
    load();
}

std::optional<PredictionPair> ImagesPage::remembered() const
{
    const QStringList numbers = m_memory.value(u"images/models"_s).toStringList();
    if (numbers.size() != 4)
        return std::nullopt;
    return PredictionPair{{numbers[0].toLongLong(), numbers[1].toInt()},
                          {numbers[2].toLongLong(), numbers[3].toInt()}};
}

void ImagesPage::remember()
{
    m_memory.setValue(u"images/part"_s, m_part->current());
}

QString ImagesPage::sessionText(int session)
{
    return session == 0 ? tr("before training") : tr("after session %1").arg(session);
}

QString ImagesPage::titleOf(const PredictionPoint& point) const
{
    return runNumber(point.run) + u" · "_s + sessionText(point.session);
}

void ImagesPage::fillSessions(const ModelCombo& combo, int64_t run, int session)
{
    const QSignalBlocker isSilent(combo.session);
    combo.session->clear();
    if (const KeptRun* kept = findKept(m_kept, run)) {
        for (const auto& entry : kept->lists)
            combo.session->addItem(
                entry.first == 0 ? tr("original CLIP") : sessionText(entry.first), entry.first);
    }
    combo.session->setCurrentIndex(combo.session->findData(session));
}

void ImagesPage::fillModels()
{
    for (const bool isA : {true, false}) {
        const ModelCombo& combo = isA ? m_a : m_b;
        const QSignalBlocker isSilent(combo.run);
        combo.run->clear();
        // The newest first: it is the one people come for.
        for (auto kept = m_kept.rbegin(); kept != m_kept.rend(); ++kept) {
            const store::RunRow* row = state().findRun(kept->run);
            combo.run->addItem(row ? runTitle(*row) : runNumber(kept->run),
                               QVariant::fromValue<qlonglong>(kept->run));
        }
        const PredictionPoint point =
            m_pair ? (isA ? m_pair->a : m_pair->b) : PredictionPoint{-1, 0};
        combo.run->setCurrentIndex(combo.run->findData(QVariant::fromValue<qlonglong>(point.run)));
        fillSessions(combo, point.run, point.session);
    }
    arrangeModels();
    const bool hasModels = !m_kept.empty();
    for (QWidget* widget : {static_cast<QWidget*>(m_a.run), static_cast<QWidget*>(m_a.session),
                            static_cast<QWidget*>(m_b.run), static_cast<QWidget*>(m_b.session),
                            static_cast<QWidget*>(m_swap)})
        widget->setEnabled(hasModels);
    m_swap->setToolTip(hasModels ? tr("Exchange the two models")
                                 : tr("No run keeps predictions of these classes"));
}

void ImagesPage::onModelChosen(bool isA, bool isRun)
{
    if (!m_pair)
        return;
    const ModelCombo& combo = isA ? m_a : m_b;
    PredictionPoint point{combo.run->currentData().toLongLong(),
                          combo.session->currentData().toInt()};
    if (isRun) {
        const KeptRun* kept = findKept(m_kept, point.run);
        if (!kept)
            return;
        // A new B is looked at as it ended; A keeps its session: "before training" stays so.
        if (!isA)
            point.session = kept->lists.rbegin()->first;
        point = nearestKept(m_kept, point).value_or(point);
    }
    PredictionPair pair = *m_pair;
    const int64_t runBefore = pair.b.run;
    (isA ? pair.a : pair.b) = point;
    // Two models of one run stay that: another run has other pictures, perhaps.
    if (isRun && !isA && pair.a.run == runBefore && pair.a.run != point.run)
        pair.a = nearestKept(m_kept, {point.run, pair.a.session}).value_or(pair.a);
    m_hasChosen = true;
    choosePair(pair);
    m_memory.setValue(u"images/models"_s,
                      QStringList{QString::number(pair.a.run), QString::number(pair.a.session),
                                  QString::number(pair.b.run), QString::number(pair.b.session)});
}

void ImagesPage::swapModels()
{
    if (m_pair)
        choosePair({m_pair->b, m_pair->a});
}

void ImagesPage::showState()
{
    QWidget* shown = m_content;
    const auto whyNotKept = [this] {
        return tr("It ran with “Details kept: none”, was made by an older version or imported, or "
                  "has not been evaluated yet. Clone it and run it again to see its pictures.");
    };
    if (!state().hasProject()) {
        shown = m_noProject;
    } else if (m_missingRun) {
        m_notKept->setText(tr("Run %1 keeps no predictions").arg(runNumber(*m_missingRun)),
                           whyNotKept());
        shown = m_notKept;
    } else if (!m_loadProblem.isEmpty()) {
        m_problem->setText(tr("The predictions cannot be shown"), m_loadProblem);
        shown = m_problem;
    } else if (m_hasIndex && m_kept.empty()) {
        shown = m_nothing;
        if (!m_index.empty()) {
            m_problem->setText(tr("No pictures of these classes"),
                               tr("The runs of this project were evaluated on the other classes "
                                  "only."));
            shown = m_problem;
        }
    }
    m_header->setVisible(state().hasProject() && shown != m_nothing);
    m_stack->setCurrentWidget(shown);
    Q_EMIT actionsChanged();
}

} // namespace clwb::ui
