// SPDX-License-Identifier: GPL-3.0-or-later
// The Retrieval page: reading of queries and candidates, and of originals that are opened.
#include "ui/bridge/picture_loader.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"
#include "ui/pages/open_picture.h"
#include "ui/pages/retrieval_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/query_view.h"
#include "ui/widgets/ranked_card.h"
#include "ui/widgets/ranked_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSignalBlocker>

#include <algorithm>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kQueryPictureSide = 88;

Result<std::vector<ComparedQuery>> readComparedQueries(const store::Project& project,
                                                       const CommonSet& set,
                                                       store::Direction direction,
                                                       std::optional<int> fold)
{
    CLWB_ASSIGN(const auto a,
                store::queries(project, set.a.runId, set.a.session, set.a.name, direction, fold));
    CLWB_ASSIGN(const auto b,
                store::queries(project, set.b.runId, set.b.session, set.b.name, direction, fold));
    std::vector<ComparedQuery> queries = joinQueries(a, b);
    if (direction == store::Direction::ImageToText) {
        CLWB_ASSIGN(const auto captions,
                    store::queries(project, set.a.runId, set.a.session, set.a.name,
                                   store::Direction::TextToImage, fold));
        std::vector<std::pair<int64_t, QString>> paths;
        paths.reserve(queries.size());
        for (const ComparedQuery& query : queries) {
            CLWB_ASSIGN(const auto place, store::imagePlace(project, query.imageId));
            paths.emplace_back(query.imageId, toQt(place.path));
        }
        nameByPicture(queries, captions, paths);
    }
    return queries;
}

/// A damaged list is told in its card, beside the other one.
Result<ShownRetrieval::Side> readSide(const store::Project& project, const RankedSet& set,
                                      store::Direction direction, int32_t position)
{
    ShownRetrieval::Side side;
    auto candidates =
        store::candidates(project, set.runId, set.session, set.name, direction, position);
    if (!candidates && candidates.error().code == ErrorCode::Locked)
        return Failure(candidates.error()); // asked again
    if (!candidates) {
        side.problem = errorText(candidates.error());
        return side;
    }
    side.candidates = std::move(*candidates);
    for (store::RankedCandidate& candidate : side.candidates) {
        if (direction == store::Direction::ImageToText)
            break;
        if (const auto place = store::imagePlace(project, candidate.imageId))
            candidate.text = place->path; // what it is called
    }
    return side;
}

/// @param shown what is known before
Result<ShownRetrieval> readCandidates(const store::Project& project, const CommonSet& set,
                                      const ComparedQuery& query, ShownRetrieval shown)
{
    CLWB_ASSIGN(auto a, readSide(project, set.a, shown.direction, query.position));
    CLWB_ASSIGN(auto b, readSide(project, set.b, shown.direction, query.position));
    a.model = shown.a.model;
    b.model = shown.b.model;
    a.rank = query.rankA;
    b.rank = query.rankB;
    shown.a = std::move(a);
    shown.b = std::move(b);
    return shown;
}

} // namespace

void RetrievalPage::loadQueries()
{
    const auto set = chosenSet();
    if (!set || !state().reader()) {
        m_loaded.clear();
        showQueries({});
        return;
    }
    const auto wantedDirection = direction();
    const auto fold = chosenFold();
    const QString key = u"%1/%2/%3/%4/%5/%6/%7"_s.arg(set->a.runId)
                            .arg(set->a.session)
                            .arg(set->b.runId)
                            .arg(set->b.session)
                            .arg(set->a.listId)
                            .arg(static_cast<int>(wantedDirection))
                            .arg(fold.value_or(-1));
    if (key == m_loaded)
        return;
    m_loaded = key;
    const int request = ++m_request;
    ++m_loading;
    state().reader()->ask(
        this,
        [set = *set, wantedDirection, fold](store::Project& project) {
            return readComparedQueries(project, set, wantedDirection, fold);
        },
        [this, request](Result<std::vector<ComparedQuery>> queries) {
            --m_loading;
            if (request != m_request)
                return;
            m_problem->setVisible(!queries);
            if (queries)
                return showQueries(std::move(*queries));
            m_loaded.clear();
            m_problem->setText(errorText(queries.error()));
            showQueries({});
        });
}

void RetrievalPage::showQueries(std::vector<ComparedQuery> queries)
{
    const bool arePictures = direction() == store::Direction::ImageToText;
    if (arePictures != m_queries->arePictures())
        forgetQuery(); // positions are of another list
    m_search->setPlaceholderText(arePictures ? tr("Search files and captions")
                                             : tr("Search captions"));
    m_queries->setQueries(std::move(queries), arePictures);
    chooseTellingOutcome();
    applyFilter();
    m_keepsQuery = m_keepsQuery && m_queries->queries().empty(); // until there are some again
    if (m_live != Live::Nothing)
        retrieveAgain();
    Q_EMIT actionsChanged();
}

void RetrievalPage::restoreCurrent()
{
    const ComparedQuery* kept = currentQuery();
    const int row = kept ? m_queries->rowOf(kept->position) : -1;
    if (row < 0 && kept && m_keepsQuery) {
        if (m_live == Live::Nothing)
            loadCandidates();
        return;
    }
    if (m_queries->rowCount() == 0) {
        if (m_live != Live::Nothing && !m_queries->queries().empty())
            return; // what was asked just now is in no list
        ++m_candidateRequest;
        m_shown = {};
        m_a->clear();
        m_b->clear();
        showQueryStrip();
        return;
    }
    if (row < 0 && !m_keepsQuery)
        m_isQueryChosen = false;
    m_isRestoring = true;
    m_queryView->setCurrentRow(std::max(0, row));
    m_isRestoring = false;
}

void RetrievalPage::chooseQuery(int row)
{
    const ComparedQuery& query = m_queries->at(row);
    m_current = {query.position, query.queryId};
    if (!m_isRestoring) {
        m_isQueryChosen = true;
        m_isTextPast = true;
        if (m_shuffle) { // not where no model can be asked
            const QSignalBlocker isSilent(m_shuffle);
            m_shuffle->setChecked(false); // the caption is shown as it is written
        }
    }
    if (!m_isRestoring || m_live == Live::Nothing)
        showStored();
}

void RetrievalPage::showStored()
{
    m_live = Live::Nothing;
    m_lacking->hide();
    ++m_liveRequest; // what is still being asked comes too late
    loadCandidates();
}

void RetrievalPage::forgetQuery()
{
    m_current.reset();
    m_isQueryChosen = false;
    m_keepsQuery = false;
    m_live = Live::Nothing;
}

const ComparedQuery* RetrievalPage::currentQuery() const
{
    const std::vector<ComparedQuery>& all = m_queries->queries();
    const auto found = std::find_if(all.begin(), all.end(), [this](const ComparedQuery& each) {
        return m_current && each.position == m_current->position &&
               each.queryId == m_current->queryId;
    });
    return found == all.end() ? nullptr : &*found;
}

void RetrievalPage::step(int rows)
{
    const int row = std::clamp(m_queryView->currentRow() + rows, 0, m_queries->rowCount() - 1);
    if (row >= 0)
        m_queryView->setCurrentRow(row);
}

void RetrievalPage::loadCandidates()
{
    const auto set = chosenSet();
    const ComparedQuery* const current = currentQuery();
    if (!set || !current || !state().reader())
        return;
    if (m_isReadingCandidates) { // a held key asks for the last one only
        m_hasToReadAgain = true;
        return;
    }
    const ComparedQuery query = *current;
    ShownRetrieval shown;
    shown.direction = direction();
    shown.setName = toQt(set->a.name);
    shown.fold = query.fold;
    shown.folds = set->a.folds;
    shown.query = query.text;
    if (shown.areCaptions())
        shown.queryImage = query.imageId;
    shown.a.model = m_a->model()->currentText();
    shown.b.model = m_b->model()->currentText();
    m_isReadingCandidates = true;
    m_hasToReadAgain = false;
    const int request = ++m_candidateRequest;
    state().reader()->ask(
        this,
        [set = *set, query, begun = std::move(shown)](store::Project& project) {
            return readCandidates(project, set, query, begun);
        },
        [this, request](Result<ShownRetrieval> read) {
            m_isReadingCandidates = false;
            if (read && request == m_candidateRequest && !m_hasToReadAgain)
                showCandidates(std::move(*read));
            else if (!read)
                state().reportProblem(tr("The candidates could not be read"),
                                      errorText(read.error()));
            if (std::exchange(m_hasToReadAgain, false) && m_live == Live::Nothing)
                loadCandidates();
        });
}

void RetrievalPage::showCandidates(ShownRetrieval shown)
{
    m_shown = std::move(shown);
    std::vector<int64_t> wanted;
    if (m_shown.queryImage)
        wanted.push_back(*m_shown.queryImage);
    for (const ShownRetrieval::Side* side : {&m_shown.a, &m_shown.b}) {
        for (const store::RankedCandidate& candidate : side->candidates) {
            if (!m_shown.areCaptions())
                wanted.push_back(candidate.imageId);
        }
    }
    m_pictures->want(wanted);
    m_a->show(m_shown, false);
    m_b->show(m_shown, true);
    showQueryStrip();
}

void RetrievalPage::showQueryStrip()
{
    const bool isPicture = m_shown.areCaptions();
    m_query->setText(m_shown.query.isEmpty() || isPicture ? m_shown.query
                                                          : u"“%1”"_s.arg(m_shown.query));
    QStringList details;
    if (!m_shown.isFree && !m_shown.setName.isEmpty())
        details << m_shown.setName;
    if (m_shown.isFree)
        details << m_shown.pool
                << (m_shown.hasTruth() ? tr("asked just now, the truth is the caption's image")
                                       : tr("asked just now, no truth is known"));
    if (!m_shown.isFree && m_shown.folds > 1)
        details << tr("fold %1 of %2").arg(m_shown.fold + 1).arg(m_shown.folds);
    m_queryDetail->setText(details.join(u" · "_s));
    showQueryPicture();
}

void RetrievalPage::showQueryPicture()
{
    m_queryPicture->setVisible(m_shown.queryImage.has_value());
    if (!m_shown.queryImage)
        return;
    const LoadedPicture* loaded = m_pictures->find(*m_shown.queryImage);
    if (!loaded || loaded->image.isNull()) {
        m_queryPicture->setText(loaded ? loaded->problem : QString());
        return;
    }
    const qreal ratio = devicePixelRatioF();
    QPixmap pixmap =
        QPixmap::fromImage(loaded->image.scaled(QSize(kQueryPictureSide, kQueryPictureSide) * ratio,
                                                Qt::KeepAspectRatio, Qt::SmoothTransformation));
    pixmap.setDevicePixelRatio(ratio);
    m_queryPicture->setPixmap(pixmap);
}

void RetrievalPage::openOriginal(int64_t imageId)
{
    const RankedModel* model = modelOf(m_b->model());
    const store::RunRow* run = model ? state().findRun(model->runId) : nullptr;
    if (!run || !state().reader())
        return;
    ++m_loading;
    state().reader()->ask(
        this, [imageId](store::Project& project) { return store::imagePlace(project, imageId); },
        [this, study = toPath(toQt(run->study))](const Result<store::ImagePlace>& place) {
            if (!place) {
                --m_loading;
                state().reportProblem(tr("The original could not be looked for"),
                                      errorText(place.error()));
                return;
            }
            const auto file = study.parent_path() / toPath(toQt(place->path));
            openPicture(state(), this, toQt(file.lexically_normal()),
                        tr("The project's thumbnail is all there is of it on this machine."),
                        [this] { --m_loading; });
        });
}

} // namespace clwb::ui
