// SPDX-License-Identifier: GPL-3.0-or-later
// The Retrieval page: which set, direction and queries are shown.
#include "ui/bridge/picture_loader.h"
#include "ui/bridge/project_pictures.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"
#include "ui/pages/retrieval_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/query_view.h"
#include "ui/widgets/ranked_card.h"
#include "ui/widgets/segments.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>

#include <algorithm>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kThumbnailSide = 256; // as large as they are stored
constexpr int kAllFolds = -1;

constexpr std::pair<QLatin1StringView, QueryOutcome> kOutcomeNames[] = {
    {"lost"_L1, QueryOutcome::Lost},    {"gained"_L1, QueryOutcome::Gained},
    {"both"_L1, QueryOutcome::BothHit}, {"miss"_L1, QueryOutcome::BothMiss},
    {"all"_L1, QueryOutcome::All},
};

QueryOutcome outcomeFromId(const QString& id)
{
    for (const auto& [name, outcome] : kOutcomeNames) {
        if (name == id)
            return outcome;
    }
    return QueryOutcome::All;
}

QString setTitle(const RankedSet& set)
{
    return RetrievalPage::tr("%1 · %2, %3")
        .arg(toQt(set.name),
             countedText(set.images, RetrievalPage::tr("%1 image"), RetrievalPage::tr("%1 images")),
             countedText(set.captions, RetrievalPage::tr("%1 caption"),
                         RetrievalPage::tr("%1 captions")));
}

} // namespace

void RetrievalPage::restoreChoices()
{
    m_memory = state().projectSettings();
    m_models.clear();
    m_known.clear();
    m_told = {};
    ++m_lookedProject;
    m_loaded.clear();
    ++m_request; // answers of another project
    ++m_candidateRequest;
    ++m_liveRequest;
    forgetQuery();
    m_isOutcomeChosen = false;
    m_isPairChosen = m_memory.value(u"retrieval/a"_s).isValid();
    m_isPairAsked = false;
    m_mayFollow = isVisible();
    const QVariant newest = m_memory.value(u"retrieval/newest"_s);
    m_newest = newest.toString();
    for (const store::RunRow& run : state().runs()) {
        if (!newest.isValid()) // what was there before the first look is nothing new
            m_newest = std::max(m_newest, finishKey(run));
    }
    m_lacking->hide();
    m_direction->setCurrent(m_memory.habit(u"retrieval/direction"_s, u"text"_s).toString());
    m_hitAt->setCurrentIndex(
        std::max(0, m_hitAt->findData(m_memory.habit(u"retrieval/hitAt"_s, 1).toInt())));
    const auto pictures =
        state().hasProject() ? projectPictures(toPath(state().projectFile())) : nullptr;
    m_pictures->setSource(pictures, kThumbnailSide);
    m_thumbs->setSource(pictures, kThumbnailSide);
    m_queries->setQueries({}, false);
    m_a->clear();
    m_b->clear();
    m_shown = {};
    showQueryStrip();
}

void RetrievalPage::retryPictures()
{
    // One that had no thumbnail may have one by now.
    bool isLacking = false;
    for (const RankedCard* card : {m_a, m_b}) {
        for (const store::RankedCandidate& candidate : card->list().candidates()) {
            const LoadedPicture* loaded =
                card->list().areCaptions() ? nullptr : m_pictures->find(candidate.imageId);
            isLacking = isLacking || (loaded && !loaded->problem.isEmpty());
        }
    }
    if (!isLacking || !state().hasProject())
        return;
    const auto pictures = projectPictures(toPath(state().projectFile()));
    m_pictures->setSource(pictures, kThumbnailSide);
    m_thumbs->setSource(pictures, kThumbnailSide);
    update();
}

void RetrievalPage::showStateOfPage()
{
    const bool isEmpty = m_models.empty();
    m_stack->setCurrentWidget(!state().hasProject() ? static_cast<QWidget*>(m_noProject)
                              : isEmpty             ? static_cast<QWidget*>(m_empty)
                                                    : m_content);
    if (auto* demo = findChild<QPushButton*>(u"retrieval.runDemo"_s)) {
        demo->setEnabled(state().whyNoRuns().isEmpty());
        demo->setToolTip(state().whyNoRuns());
    }
    const QString why = isEmpty ? tr("There are no ranked queries to show") : QString();
    for (const char* name : {"retrieval.direction", "retrieval.set", "retrieval.fold",
                             "retrieval.copyMenu", "retrieval.export"}) {
        if (auto* widget = findChild<QWidget*>(QLatin1StringView(name))) {
            widget->setEnabled(!isEmpty);
            if (!qobject_cast<QComboBox*>(widget))
                widget->setToolTip(why);
        }
    }
}

void RetrievalPage::fillSets()
{
    const RankedModel* a = modelOf(m_a->model());
    const RankedModel* b = modelOf(m_b->model());
    const QVariant current =
        m_set->count() > 0 ? m_set->currentData() : m_memory.value(u"retrieval/set"_s);
    m_set->clear();
    if (a && b) {
        for (const CommonSet& set : commonSets(*a, *b))
            m_set->addItem(setTitle(set.a), QVariant::fromValue<qint64>(set.a.listId));
    }
    m_set->setCurrentIndex(m_set->count() > 0 ? std::max(0, m_set->findData(current)) : -1);
    const bool hasNone = a && b && m_set->count() == 0;
    m_problem->setText(hasNone ? tr("A and B were evaluated on different pictures or captions: "
                                    "choose two models of one study.")
                               : QString());
    m_problem->setVisible(hasNone);
    onSetChosen();
}

void RetrievalPage::onSetChosen()
{
    const auto set = chosenSet();
    if (set)
        m_memory.setValue(u"retrieval/set"_s, m_set->currentData());
    const int fold = m_fold->count() > 0 ? m_fold->currentData().toInt() : kAllFolds;
    m_fold->clear();
    const int folds = set ? set->a.folds : 1;
    m_fold->addItem(tr("All folds"), kAllFolds);
    for (int at = 0; at < folds && folds > 1; ++at)
        m_fold->addItem(tr("Fold %1").arg(at + 1), at);
    m_fold->setCurrentIndex(std::max(0, m_fold->findData(fold)));
    m_fold->setVisible(folds > 1);
    loadQueries();
}

std::optional<CommonSet> RetrievalPage::chosenSet() const
{
    const RankedModel* a = modelOf(m_a->model());
    const RankedModel* b = modelOf(m_b->model());
    if (!a || !b)
        return {};
    for (const CommonSet& set : commonSets(*a, *b)) {
        if (set.a.listId == m_set->currentData().toLongLong())
            return set;
    }
    return {};
}

std::optional<int> RetrievalPage::chosenFold() const
{
    const int fold = m_fold->currentData().toInt();
    return m_fold->currentIndex() < 0 || fold == kAllFolds ? std::nullopt : std::optional(fold);
}

store::Direction RetrievalPage::direction() const
{
    return m_direction->current() == "image"_L1 ? store::Direction::ImageToText
                                                : store::Direction::TextToImage;
}

void RetrievalPage::showView(const QString& id)
{
    m_direction->setCurrent(id);
    loadQueries();
}

int RetrievalPage::hitAt() const
{
    return std::max(1, m_hitAt->currentData().toInt());
}

void RetrievalPage::chooseTellingOutcome()
{
    const QueryCounts counts = countOutcomes(m_queries->queries(), hitAt());
    const QuerySelection chosen{outcomeFromId(m_outcome->current()), hitAt()};
    if (m_isOutcomeChosen && !shownQueries(m_queries->queries(), chosen).empty())
        return;
    m_outcome->setCurrent(counts.lost > 0 ? u"lost"_s : u"all"_s);
}

void RetrievalPage::applyFilter()
{
    QuerySelection selection = m_queries->selection(); // keeps the order
    selection.outcome = outcomeFromId(m_outcome->current());
    selection.hitAt = hitAt();
    selection.words = m_search->text();
    m_queries->setSelection(std::move(selection));
    showOutcomes();
}

void RetrievalPage::showOutcomes()
{
    const QueryCounts counts = countOutcomes(m_queries->queries(), hitAt());
    const auto show = [this](const QString& id, const QString& text, int count) {
        m_outcome->setChoiceText(id, text.arg(countText(count)));
    };
    show(u"lost"_s, tr("Lost %1"), counts.lost);
    show(u"gained"_s, tr("Gained %1"), counts.gained);
    show(u"both"_s, tr("Both hit %1"), counts.bothHit);
    show(u"miss"_s, tr("Both miss %1"), counts.bothMiss);
    show(u"all"_s, tr("All %1"), counts.all);
    const RecallPair recall = recallOf(m_queries->queries(), hitAt());
    const bool areTexts = direction() == store::Direction::TextToImage;
    if (!recall.a || !recall.b) {
        m_note->clear();
        return;
    }
    m_note->setText(tr("%1 of %2 · %3@%4 %5 → %6 %")
                        .arg(countText(m_queries->rowCount()), countText(counts.all),
                             areTexts ? u"IR"_s : u"TR"_s)
                        .arg(hitAt())
                        .arg(numberText(*recall.a, 1), numberText(*recall.b, 1)));
    m_note->setToolTip(
        tr("Queries shown of those in the set and fold, and the share of these with the truth "
           "among the first %1, of A and of B: the mean over the folds shown")
            .arg(hitAt()));
}

} // namespace clwb::ui
