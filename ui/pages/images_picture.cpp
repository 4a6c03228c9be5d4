// SPDX-License-Identifier: GPL-3.0-or-later
// The selected picture: what both models think, after which sessions it was right, its file.
#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"
#include "ui/pages/images_page.h"
#include "ui/pages/open_picture.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/picture_panel.h"
#include "ui/widgets/thumb_grid.h"

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct Original
{
    QString shown; ///< as the project names it
    QString file;  ///< empty: not there
    QString wanted;
};

/// Reader's thread.
Result<Original> findOriginalOf(const store::Project& project, int64_t image,
                                const std::filesystem::path& study)
{
    CLWB_ASSIGN(const store::ImagePlace place, store::imagePlace(project, image));
    const std::filesystem::path file = study.parent_path() / place.path; // absolute paths stay
    std::error_code error;
    Original original{toQt(place.path), {}, toQt(file)};
    if (!study.empty() && std::filesystem::is_regular_file(file, error))
        original.file = toQt(file);
    return original;
}

} // namespace

std::optional<size_t> ImagesPage::currentItem() const
{
    const int row = m_grid->currentIndex().row();
    if (!m_shown || row < 0 || static_cast<size_t>(row) >= m_listed.size())
        return std::nullopt;
    return static_cast<size_t>(m_listed[static_cast<size_t>(row)]);
}

ModelVerdict ImagesPage::verdictOf(const QString& letter, const PredictionPoint& point,
                                   const store::Predictions& predictions, size_t item) const
{
    ModelVerdict verdict;
    verdict.model = letter + u" · "_s + titleOf(point);
    verdict.truthRank = predictions.truthRanks[item];
    verdict.truthProbability = static_cast<double>(predictions.truthProbabilities[item]);
    const auto top = static_cast<size_t>(predictions.top);
    const int32_t truth = m_shown->pair.items->labels[item];
    for (size_t at = item * top; at < (item + 1) * top; ++at) {
        const int32_t number = predictions.classes[at];
        verdict.best.push_back({m_shown->list->names.value(number),
                                static_cast<double>(predictions.probabilities[at]),
                                number == truth});
    }
    return verdict;
}

void ImagesPage::showPicture()
{
    const auto item = currentItem();
    m_original.clear();
    m_whyNoOriginal.clear();
    m_opensWhenFound = false;
    Q_EMIT actionsChanged();
    if (!item || !m_pair) {
        m_panel->setFacts({});
        return;
    }
    PictureFacts facts;
    facts.image = m_shown->pair.items->images[*item];
    facts.truth = m_shown->list->names.value(m_shown->pair.items->labels[*item]);
    facts.outcome = m_shown->pair.outcomeOf(*item);
    facts.a = verdictOf(tr("A"), m_pair->a, *m_shown->pair.a, *item);
    facts.b = verdictOf(tr("B"), m_pair->b, *m_shown->pair.b, *item);
    m_panel->setFacts(std::move(facts));
    showHistories();
    findOriginal(m_shown->pair.items->images[*item]);
}

void ImagesPage::loadHistories()
{
    if (!m_pair || !m_shown)
        return;
    for (const int64_t run : {m_pair->b.run, m_pair->a.run}) {
        const KeptRun* kept = findKept(m_kept, run);
        if (!kept)
            continue;
        const std::map<int, SessionRights>& known = m_history[run];
        // A question a session: others get their turn in between.
        for (const auto& [session, list] : kept->lists) {
            if (list == m_shown->list->listId && !known.contains(session))
                askHistory(run, session);
        }
    }
}

void ImagesPage::askHistory(int64_t run, int session)
{
    ++m_loading;
    const QString file = state().projectFile();
    state().reader()->ask(
        this,
        [run, session, part = part()](store::Project& project) -> Result<SessionRights> {
            CLWB_ASSIGN(const store::Predictions predictions,
                        store::predictions(project, run, session, part));
            return rightsOf(session, predictions);
        },
        [this, run, session, file, list = m_list](Result<SessionRights> rights) {
            if (file != state().projectFile())
                return;
            --m_loading;
            if (list != m_list)
                return;
            if (rights) {
                m_history[run][session] = std::move(*rights);
                showHistories();
            }
            // Otherwise the strip lacks this session; who chooses it is told why.
        });
}

void ImagesPage::showHistories()
{
    const auto item = currentItem();
    if (!item || !m_pair)
        return;
    std::vector<int64_t> runs{m_pair->b.run};
    if (m_pair->a.run != m_pair->b.run)
        runs.push_back(m_pair->a.run);
    std::vector<RightHistory> histories;
    for (const int64_t run : runs) {
        const auto known = m_history.find(run);
        if (known == m_history.end())
            continue;
        RightHistory& history = histories.emplace_back();
        history.title = runNumber(run);
        std::vector<SessionRights> bySession;
        for (const auto& [session, rights] : known->second) {
            history.rights.emplace_back(session, rights.isRight[*item] != 0);
            bySession.push_back({session, {rights.isRight[*item]}});
        }
        history.lostAfter = lostAfter(bySession, 0);
    }
    m_panel->setHistories(histories);
}

void ImagesPage::findOriginal(int64_t image)
{
    const store::RunRow* row = state().findRun(m_pair->b.run);
    state().reader()->ask(
        this,
        [image, study = row ? std::filesystem::path(row->study) : std::filesystem::path()](
            store::Project& project) { return findOriginalOf(project, image, study); },
        [this, image](const Result<Original>& original) {
            if (!m_panel->facts() || m_panel->facts()->image != image)
                return;
            if (!original) {
                m_whyNoOriginal = errorText(original.error());
                m_panel->setPlace({}, m_whyNoOriginal);
                return;
            }
            m_original = original->file;
            if (m_original.isEmpty())
                m_whyNoOriginal = tr("Original not found at %1").arg(original->wanted);
            m_panel->setPlace(original->shown, m_whyNoOriginal);
            Q_EMIT actionsChanged();
            if (std::exchange(m_opensWhenFound, false))
                openOriginal();
        });
}

void ImagesPage::openOriginal()
{
    if (m_original.isEmpty()) {
        m_opensWhenFound = currentItem().has_value() && m_whyNoOriginal.isEmpty();
        if (!m_whyNoOriginal.isEmpty())
            state().reportProblem(tr("The original cannot be opened"), m_whyNoOriginal);
        return;
    }
    openPicture(state(), this, m_original);
}

void ImagesPage::trigger(const QString& actionId)
{
    if (actionId == "images.open"_L1)
        openOriginal();
    else if (actionId == "images.swap"_L1)
        swapModels();
}

bool ImagesPage::isActionEnabled(const QString& actionId) const
{
    return actionId == "images.open"_L1 ? !m_original.isEmpty() : m_shown != nullptr;
}

QString ImagesPage::whyDisabled(const QString& actionId) const
{
    if (actionId == "images.open"_L1)
        return m_panel->facts() ? tr("The original of the selected picture was not found")
                                : tr("Select a picture on the Images page first");
    return tr("The Images page shows no two models");
}

} // namespace clwb::ui
