// SPDX-License-Identifier: GPL-3.0-or-later
// The Retrieval page: reading of the models, which two stand beside each other, and what they lack
// to be asked.
#include "ui/bridge/background.h"
#include "ui/bridge/picture_loader.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"
#include "ui/pages/retrieval_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/ranked_card.h"
#include "ui/widgets/segments.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QShowEvent>
#include <QSignalBlocker>

#include <algorithm>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void RetrievalPage::open(const Json& argument)
{
    if (!argument.is_object() || !argument.contains("run"))
        return;
    m_asked = argument;
    m_isStale = true;
    if (isVisible())
        loadIndex();
}

void RetrievalPage::onRunsChanged()
{
    m_isStale = true;
    if (isVisible())
        loadIndex();
    else if (!state().hasProject())
        m_models.clear();
    showStateOfPage();
}

void RetrievalPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_mayFollow = m_mayFollow || !event->spontaneous();
    if (m_isStale)
        loadIndex();
    else if (!m_models.empty() && followFinished())
        fillSets();
    Q_EMIT actionsChanged();
}

void RetrievalPage::hideEvent(QHideEvent* event)
{
    Page::hideEvent(event);
    // Not now: a window that is being destroyed hides its pages, too.
    QMetaObject::invokeMethod(this, &Page::actionsChanged, Qt::QueuedConnection);
}

bool RetrievalPage::isSettled() const
{
    return m_loading == 0 && !m_isReadingCandidates && !m_searchPause.isActive() &&
           m_pictures->pending() == 0 && m_thumbs->pending() == 0;
}

void RetrievalPage::loadIndex()
{
    m_isStale = false;
    const int request = ++m_indexRequest;
    if (!state().reader()) {
        m_models.clear();
        showStateOfPage();
        return;
    }
    ++m_loading;
    state().reader()->ask(
        this, [](store::Project& project) { return store::detailIndex(project); },
        [this, request](const Result<store::DetailIndex>& read) {
            --m_loading;
            if (request != m_indexRequest)
                return;
            if (!read) {
                state().reportProblem(tr("The ranked queries could not be listed"),
                                      errorText(read.error()));
                return;
            }
            showModels(*read);
            retryPictures();
        });
}

void RetrievalPage::showModels(const store::DetailIndex& index)
{
    m_models = rankedModels(index, state().runs());
    setLacking(m_models, m_known);
    for (RankedCard* card : {m_a, m_b}) {
        QComboBox* combo = card->model();
        const QString current = combo->currentData().toString();
        combo->clear();
        for (const RankedModel& model : m_models)
            combo->addItem(model.title, model.id);
        combo->setCurrentIndex(combo->findData(current));
    }
    choosePair();
    showStateOfPage();
    fillSets();
}

void RetrievalPage::choosePair()
{
    if (m_models.empty() || takeAsked() || followFinished())
        return;
    const RankedModel* a = modelOf(m_a->model());
    const RankedModel* b = modelOf(m_b->model());
    if (!a && !b && m_isPairChosen)
        chooseModels(m_memory.value(u"retrieval/a"_s).toString(),
                     m_memory.value(u"retrieval/b"_s).toString());
    a = modelOf(m_a->model());
    b = modelOf(m_b->model());
    if (a && b && (a != b || m_isPairChosen || m_isPairAsked))
        return;
    if (const auto pair = tellingPair(m_models, state().runs())) {
        chooseModels(m_models[pair->a].id, m_models[pair->b].id);
        m_told = {m_models[pair->a].id, m_models[pair->b].id};
        lookAtModels();
    }
}

void RetrievalPage::lookAtModels()
{
    if (m_isLooking) // one that hangs keeps one thread, not all of them
        return;
    PlacesToLook places = placesToLook(m_models, state().runs(), m_known);
    if (places.models.empty())
        return;
    m_isLooking = true;
    Background::askAlone(
        this, [places = std::move(places)] { return lookForLacking(places); },
        [this, project = m_lookedProject](const LackingByModel& found) {
            m_isLooking = false;
            if (project != m_lookedProject)
                return lookAtModels(); // at those of the project that is open now
            m_known.insert(found.begin(), found.end());
            noteLacking();
        });
}

void RetrievalPage::noteLacking()
{
    setLacking(m_models, m_known);
    if (m_lacking->isVisibleTo(m_content))
        tellLacking(m_lacksA, m_lacksB); // now with others
    // What this page chose by itself gives way to a pair as telling that can be asked.
    const std::pair shown(m_a->model()->currentData().toString(),
                          m_b->model()->currentData().toString());
    if (m_models.empty() || m_isPairChosen || m_isPairAsked || m_isQueryChosen ||
        m_live != Live::Nothing || m_told != shown)
        return;
    if (const auto pair = tellingPair(m_models, state().runs())) {
        m_told = {m_models[pair->a].id, m_models[pair->b].id};
        if (m_told == shown)
            return;
        chooseModels(m_told.first, m_told.second);
        fillSets();
    }
}

bool RetrievalPage::takeAsked()
{
    if (!m_asked.is_object() || !m_asked.contains("run"))
        return false;
    const Json asked = std::exchange(m_asked, Json());
    const int64_t run = asked.value("run", int64_t(0));
    const int session = asked.value("session", -1);
    const auto b = std::find_if(m_models.begin(), m_models.end(), [&](const RankedModel& each) {
        return each.runId == run && (session < 0 ? each.session > 0 : each.session == session);
    });
    if (b == m_models.end()) {
        state().reportProblem(tr("No ranked queries of run %1").arg(run),
                              tr("The project keeps none of it after that session."));
        return false;
    }
    m_isPairAsked = true;
    noteNewest();
    m_mayFollow = false;
    const auto pair = besideOriginal(m_models, static_cast<size_t>(b - m_models.begin()));
    chooseModels(m_models[pair.a].id, m_models[pair.b].id);
    if (asked.value("show", std::string()) == "lost")
        showLost();
    return true;
}

bool RetrievalPage::followFinished()
{
    if (!std::exchange(m_mayFollow, false))
        return false;
    const auto newest = noteNewest();
    if (!newest || m_isPairChosen)
        return false;
    const auto pair = besideOriginal(m_models, *newest);
    chooseModels(m_models[pair.a].id, m_models[pair.b].id);
    return true;
}

std::optional<size_t> RetrievalPage::noteNewest()
{
    const auto last = lastFinishedModel(m_models, state().runs());
    const store::RunRow* run = last ? state().findRun(m_models[*last].runId) : nullptr;
    const QString key = run ? finishKey(*run) : QString();
    const bool isNew = key > m_newest;
    m_newest = std::max(m_newest, key);
    m_memory.setValue(u"retrieval/newest"_s, m_newest);
    return isNew ? last : std::nullopt;
}

void RetrievalPage::showLost()
{
    // Whatever was typed or chosen before must not hide what is asked for.
    const QSignalBlocker quietSearch(m_search);
    m_search->clear();
    if (m_freeText) {
        const QSignalBlocker quietText(m_freeText);
        const QSignalBlocker quietShuffle(m_shuffle);
        m_freeText->clear();
        m_shuffle->setChecked(false);
    }
    m_direction->setCurrent(u"text"_s);
    m_fold->setCurrentIndex(m_fold->count() > 0 ? 0 : -1);
    m_isOutcomeChosen = false; // the lost ones, unless there are none
    ++m_liveRequest;
    forgetQuery();
    m_loaded.clear(); // filtered anew, also where the pair is the same
}

void RetrievalPage::chooseModels(const QString& a, const QString& b)
{
    m_a->model()->setCurrentIndex(m_a->model()->findData(a));
    m_b->model()->setCurrentIndex(m_b->model()->findData(b));
}

void RetrievalPage::onModelChosen()
{
    m_isPairChosen = true;
    m_memory.setValue(u"retrieval/a"_s, m_a->model()->currentData());
    m_memory.setValue(u"retrieval/b"_s, m_b->model()->currentData());
    m_keepsQuery = m_isQueryChosen || m_live != Live::Nothing;
    m_lacking->hide(); // of the pair before
    fillSets();
}

const RankedModel* RetrievalPage::modelOf(const QComboBox* combo) const
{
    const QString id = combo->currentData().toString();
    const auto found = std::find_if(m_models.begin(), m_models.end(),
                                    [&](const RankedModel& model) { return model.id == id; });
    return found == m_models.end() ? nullptr : &*found;
}

void RetrievalPage::makeLacking()
{
    m_lacking = new Banner(u"retrieval.lacking"_s, m_content);
    QPushButton* other = m_lacking->addAction(u"retrieval.askOther"_s, tr("Compare Others"), true);
    connect(other, &QPushButton::clicked, this, [this] {
        if (const auto askable = askablePair(m_models, state().runs())) {
            chooseModels(m_models[askable->a].id, m_models[askable->b].id);
            onModelChosen(); // asks them what was asked
        }
    });
    if (!state().hasDemo())
        return;
    QPushButton* demo = m_lacking->addAction(u"retrieval.lackingDemo"_s, tr("Run the Demo"), false);
    connect(demo, &QPushButton::clicked, this, [this] { state().runDemo(); });
}

void RetrievalPage::tellLacking(bool lacksA, bool lacksB)
{
    if (!lacksA && !lacksB)
        return m_lacking->hide();
    m_lacksA = lacksA;
    m_lacksB = lacksB;
    const bool lacksBoth = lacksA && lacksB;
    const QString which = lacksBoth ? tr("The models of A and B are not on this computer")
                          : lacksA  ? tr("The model of A is not on this computer")
                                    : tr("The model of B is not on this computer");
    auto* other = findChild<QPushButton*>(u"retrieval.askOther"_s);
    const std::optional<ModelPair> askable = askablePair(m_models, state().runs());
    other->setVisible(askable.has_value());
    if (askable)
        other->setToolTip(tr("Compare %1 with %2, whose models are here")
                              .arg(m_models[askable->a].title, m_models[askable->b].title));
    auto* demo = findChild<QPushButton*>(u"retrieval.lackingDemo"_s);
    if (demo) {
        demo->setEnabled(state().whyNoRuns().isEmpty());
        demo->setToolTip(state().whyNoRuns());
    }
    const QString stored =
        lacksBoth ? tr("Their results are stored in the project and are shown, but they can't be "
                       "asked anything new.")
                  : tr("Its results are stored in the project and are shown, but it can't be asked "
                       "anything new.");
    const QString todo = askable ? tr("Compare Others asks two models that are here.")
                         : demo  ? tr("Run the demo, or train a run here: its models are kept.")
                                 : tr("Train a run here: its models are kept.");
    m_lacking->showMessage(Banner::Tone::Problem, which, stored + u' ' + todo);
    lookAtModels(); // tells it once more when it has found others
}

} // namespace clwb::ui
