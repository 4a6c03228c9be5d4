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
    /// last.
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
    // retrieval_choice.cpp: which models, set, direction
    void restoreChoices();
    void showModels(const store::DetailIndex& index);
    void choosePair();
    void chooseModels(const QString& a, const QString& b);
    void fillSets();
    void onModelChosen();
    void onSetChosen();
    void showOutcomes();
    void applyFilter();
    void chooseTellingOutcome();
    void showStateOfPage();
    [[nodiscard]] const RankedModel* modelOf(const QComboBox* combo) const;
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
    void retrieveText();
    void retrievePicture(const QString& file);
    void retrieve(const QString& query, std::string text, std::filesystem::path image);
    void showAnswer(const QString& query, bool isPicture, const RetrieveAnswer& answer);
    [[nodiscard]] QString droppedPicture(const QMimeData* mime) const;

    QStackedWidget* m_stack = nullptr;
    QWidget* m_content = nullptr;
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
    QString m_loaded;                 ///< what the queries were read for
    std::optional<int32_t> m_current; ///< position of the query
    ShownRetrieval m_shown;
    int m_indexRequest = 0;
    int m_request = 0;
    int m_candidateRequest = 0;
    int m_liveRequest = 0;
    int m_loading = 0;
    bool m_isReadingCandidates = false;
    bool m_hasToReadAgain = false;
    bool m_isPairChosen = false;    ///< by the user, now or earlier
    bool m_isOutcomeChosen = false; ///< likewise
    bool m_isStale = true;          ///< the project changed while the page was hidden
    Json m_asked;                   ///< what open() asked for, until the models are known
};

} // namespace clwb::ui
