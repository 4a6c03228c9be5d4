// SPDX-License-Identifier: GPL-3.0-or-later
// Two models beside each other on the queries of a retrieval set: what was found before training
// and after, or by two methods. Everything shown comes from the project file.
#pragma once

#include "core/base/stop_token.h"
#include "ui/bridge/live_retrieval.h"
#include "ui/models/retrieval_figure.h"
#include "ui/models/retrieval_pair.h"
#include "ui/pages/page.h"
#include "ui/plots/plot_export.h"
#include "ui/shell/settings.h"

#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QMimeData;
class QPushButton;
class QStackedWidget;

namespace clwb::ui
{

class Background;
class Banner;
class EmptyState;
class PictureLoader;
class QueryListModel;
class QueryView;
class RankedCard;
class Segments;

class RetrievalPage : public Page
{
    Q_OBJECT

public:
    RetrievalPage(AppState& state, QWidget* parent);
    ~RetrievalPage() override;

    /// {"run": 9, "session": 8} shows that model as B beside the original; without a session its
    /// last. With "show": "lost" the captions whose image it lost, from the first on.
    void open(const Json& argument) override;
    void trigger(const QString& actionId) override;
    [[nodiscard]] bool isActionEnabled(const QString& actionId) const override;
    [[nodiscard]] QString whyDisabled(const QString& actionId) const override;
    void exportShown() override;
    void copyShown() override;
    [[nodiscard]] bool canCopy() const override;
    bool focusFilter() override;
    [[nodiscard]] bool isSettled() const override;
    /// Both directions.
    [[nodiscard]] QStringList views() const override
    {
        return {QStringLiteral("text"), QStringLiteral("image")};
    }
    void showView(const QString& id) override;
    [[nodiscard]] QString helpText() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    // retrieval_page.cpp: construction
    QWidget* makeHeader();
    QWidget* makeQueries();
    QWidget* makeResults();
    QWidget* makeQueryStrip(QWidget* parent);
    void makeEmptyStates();
    QMenu* makeCopyMenu(QWidget* parent);
    QMenu* makeExportMenu(QWidget* parent);
    void connectChoices();
    // retrieval_models.cpp: which models
    void showModels(const store::DetailIndex& index);
    void choosePair();
    bool takeAsked();      ///< what open() asked for; false: nothing
    bool followFinished(); ///< the run that finished since the page was looked at; false: none
    /// The last model of the run that finished last, unless it was known already.
    std::optional<size_t> noteNewest();
    void showLost();
    void chooseModels(const QString& a, const QString& b);
    void onModelChosen();
    void makeLacking();
    /// That models are not on this computer, with what to do.
    void tellLacking(bool lacksA, bool lacksB);
    void lookAtModels(); ///< which of them are here; the disk may be away
    void noteLacking();
    [[nodiscard]] const RankedModel* modelOf(const QComboBox* combo) const;
    // retrieval_choice.cpp: which set, direction, queries
    void restoreChoices();
    void fillSets();
    void onSetChosen();
    void showOutcomes();
    void applyFilter();
    void chooseTellingOutcome();
    void showStateOfPage();
    [[nodiscard]] std::optional<CommonSet> chosenSet() const;
    [[nodiscard]] std::optional<int> chosenFold() const;
    [[nodiscard]] store::Direction direction() const;
    [[nodiscard]] int hitAt() const;
    // retrieval_load.cpp: reading of queries and candidates
    void onRunsChanged();
    void loadIndex();
    void loadQueries();
    void showQueries(std::vector<ComparedQuery> queries);
    void restoreCurrent();
    void chooseQuery(int row);
    void forgetQuery(); ///< neither chosen nor asked
    [[nodiscard]] const ComparedQuery* currentQuery() const;
    void showStored(); ///< back from what was asked just now
    void loadCandidates();
    void showCandidates(ShownRetrieval shown);
    void showQueryStrip();
    void showQueryPicture();
    void retryPictures();
    void openOriginal(int64_t imageId);
    void step(int rows);
    // retrieval_export.cpp: copies and files
    [[nodiscard]] Figure queryFigure() const;
    [[nodiscard]] Figure candidateFigure() const;
    void copyQueriesAsCsv();
    void askForLatex();
    void writeLatex(const QString& file);
    // retrieval_live.cpp: what is asked just now
    QWidget* makeLive(QWidget* parent);
    /// What is asked just now.
    struct Question
    {
        QString query;
        std::string text;
        std::filesystem::path image;       ///< asked instead of the text
        std::optional<int64_t> truth = {}; ///< picture that the text describes
        std::optional<int> fold = {};      ///< whose candidates compete; nothing: of all
    };
    void retrieveText();
    void retrievePicture(const QString& file);
    void retrieveAgain(); ///< of other models or another set
    void retrieve(const Question& question);
    void showAnswer(const Question& question, const RetrieveAnswer& answer);
    [[nodiscard]] QString droppedPicture(const QMimeData* mime) const;

    QStackedWidget* m_stack = nullptr;
    QWidget* m_content = nullptr;
    Banner* m_lacking = nullptr; ///< models that cannot be asked
    EmptyState* m_empty = nullptr;
    EmptyState* m_noProject = nullptr;
    QComboBox* m_set = nullptr;
    QComboBox* m_fold = nullptr;
    Segments* m_direction = nullptr;
    QLineEdit* m_search = nullptr;
    Segments* m_outcome = nullptr;
    QComboBox* m_hitAt = nullptr;
    QueryListModel* m_queries = nullptr;
    QueryView* m_queryView = nullptr;
    QLabel* m_note = nullptr;
    QLabel* m_problem = nullptr;
    QLabel* m_query = nullptr;
    QLabel* m_queryDetail = nullptr;
    QLabel* m_queryPicture = nullptr;
    RankedCard* m_a = nullptr;
    RankedCard* m_b = nullptr;
    QLineEdit* m_freeText = nullptr;        ///< null: the engine does not offer it
    QCheckBox* m_shuffle = nullptr;         ///< likewise
    PictureLoader* m_pictures = nullptr;    ///< of both cards and the query
    PictureLoader* m_thumbs = nullptr;      ///< of the query list
    Background* m_background = nullptr;     ///< for live queries
    std::unique_ptr<StopSource> m_liveStop; ///< of the live query in progress

    QTimer m_searchPause;
    ProjectSettings m_memory;
    std::vector<RankedModel> m_models;
    LackingByModel m_known;             ///< of the project's models, as far as they were looked at
    std::pair<QString, QString> m_told; ///< ids of the pair that the page chose by itself
    int m_lookedProject = 0;            ///< counts the projects
    bool m_isLooking = false;
    bool m_lacksA = false; ///< as the banner says
    bool m_lacksB = false;
    QString m_loaded; ///< what the queries were read for
    struct Current
    {
        int32_t position = 0;
        int64_t queryId = 0;
    };
    std::optional<Current> m_current; ///< the query
    enum class Live { Nothing, Text, Picture };
    Live m_live = Live::Nothing; ///< asked just now, shown or on its way
    QString m_livePicture;       ///< its file
    ShownRetrieval m_shown;
    int m_indexRequest = 0;
    int m_request = 0;
    int m_candidateRequest = 0;
    int m_liveRequest = 0;
    int m_loading = 0;
    bool m_isReadingCandidates = false;
    bool m_hasToReadAgain = false;
    bool m_isRestoring = false;     ///< the query is shown that was shown before
    bool m_isTextPast = false;      ///< a caption was chosen since the text was typed
    bool m_isQueryChosen = false;   ///< by the user
    bool m_keepsQuery = false;      ///< the chosen one stays, also where the filter hides it
    bool m_isPairChosen = false;    ///< by the user, now or earlier
    bool m_isPairAsked = false;     ///< by another page
    bool m_mayFollow = false;       ///< the page was opened: a run may have finished since
    QString m_newest;               ///< finishKey() of the newest run that was known
    bool m_isOutcomeChosen = false; ///< likewise
    bool m_isStale = true;          ///< the project changed while the page was hidden
    Json m_asked;                   ///< what open() asked for, until the models are known
};

} // namespace clwb::ui
