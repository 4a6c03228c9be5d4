// SPDX-License-Identifier: GPL-3.0-or-later
// Data: what a study holds, what is wrong with it, its pictures, and its class order to edit.
#pragma once

#include "core/base/stop_token.h"
#include "ui/bridge/disk_silence.h"
#include "ui/models/study_view.h"
#include "ui/pages/page.h"

#include <QFileSystemWatcher>
#include <QTimer>

#include <atomic>
#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTreeView;

namespace clwb::ui
{

class Background;
class DataSortProxy;
class DataTableModel;
class EmptyState;
class PictureListModel;
class Segments;
class StudyOrderModel;
class StudyTreeModel;
class ThumbGrid;

class DataPage : public Page
{
    Q_OBJECT

public:
    DataPage(AppState& state, QWidget* parent);
    ~DataPage() override; ///< what is being read is stopped

    /// {"study": "study.json"} shows it.
    void open(const Json& argument) override;
    void trigger(const QString& actionId) override;
    [[nodiscard]] bool isActionEnabled(const QString& actionId) const override;
    [[nodiscard]] QString whyDisabled(const QString& actionId) const override;
    void exportShown() override;
    void copyShown() override;
    [[nodiscard]] bool canCopy() const override { return m_view != nullptr; }
    bool focusFilter() override;
    [[nodiscard]] bool isSettled() const override;
    [[nodiscard]] QStringList views() const override;
    void showView(const QString& id) override;
    [[nodiscard]] QString helpText() const override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QLayout* makeHeader();
    QWidget* makeContent();
    QWidget* makeTree();
    QWidget* makePictures();
    QWidget* makeProblems();
    QWidget* makePlaces();
    QWidget* makeOrder();
    QLayout* makeSessionControls(QWidget* parent);
    QLayout* makeOrderButtons(QWidget* parent);
    QTreeView* makeTable(const QString& objectName, const QString& title, QWidget* parent);

    void askForStudy();
    void askForFolder(); ///< of pictures, for a new study
    void fillStudies();
    [[nodiscard]] QString firstStudy() const;
    void showStudy(const QString& file);
    [[nodiscard]] QString studyChoiceText(const QString& file) const;
    void load();
    void read(); ///< or later, once a look before has ended
    void showReading();
    void stopLoading();
    void onLoaded(Result<std::shared_ptr<const StudyView>> loaded);
    void showFailure(const QString& title, const QString& text);
    void drawDemo();
    void watchPlaces();
    void recheckPlaces();
    void startRun();

    void choose(const QModelIndex& index);
    void showPictures();
    void openPicture(const QModelIndex& index);
    void showProblems();
    void exportProblems();
    void findSimilar();
    void onSimilar(const Result<std::vector<run::StudyProblem>>& found);
    void moveChosen(int by);
    void showOrder();
    void applySizes();
    void askAndSaveOrder();
    void saveOrder(const QString& file);
    void updateButtons();

    std::unique_ptr<Background> m_reader;  ///< of places; writer of studies
    std::unique_ptr<Background> m_compare; ///< of pictures, for as long as it takes
    QString m_suggested;                   ///< the study that New run was opened with
    QString m_file;                        ///< of the study that is shown or read
    std::shared_ptr<const StudyView> m_view;
    std::vector<run::StudyProblem> m_problems; ///< of the study, and what looks alike
    std::vector<uint32_t> m_shown;             ///< pictures in the grid
    StudyChoice m_choice;
    StopSource m_stopReading, m_stopCompare;
    int m_request = 0;
    int m_looks = 0;          ///< at studies, that have not ended
    bool m_hasToRead = false; ///< once one of them has
    bool m_isReading = false;
    bool m_isDrawing = false; ///< the demo's pictures
    bool m_isComparing = false;
    bool m_isSaving = false;
    bool m_hasCompared = false;
    bool m_isFirst = true; ///< nobody has looked at the page yet
    struct Progress
    {
        std::atomic<int64_t> done{0};
        std::atomic<int64_t> total{0};
    };
    std::shared_ptr<Progress> m_progress;
    std::shared_ptr<std::atomic<int64_t>> m_looked; ///< pictures of the study being read
    DiskSilence m_silence;
    QTimer m_progressTimer, m_changeTimer, m_readingTimer;
    QFileSystemWatcher m_watcher;

    QComboBox* m_studies = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_changed = nullptr;
    QPushButton* m_again = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_run = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QPushButton* m_demo = nullptr;
    QLabel* m_reading = nullptr;
    QWidget* m_readingPage = nullptr;
    QWidget* m_content = nullptr;
    StudyTreeModel* m_treeModel = nullptr;
    QTreeView* m_tree = nullptr;
    Segments* m_tabs = nullptr;
    QStackedWidget* m_tabStack = nullptr;
    Segments* m_part = nullptr;
    QLabel* m_pictureCount = nullptr;
    PictureListModel* m_pictureModel = nullptr;
    ThumbGrid* m_grid = nullptr;
    QLineEdit* m_filter = nullptr;
    QLabel* m_problemCount = nullptr;
    QPushButton* m_similar = nullptr;
    QProgressBar* m_similarProgress = nullptr;
    QPushButton* m_similarCancel = nullptr;
    QPushButton* m_export = nullptr;
    DataTableModel* m_problemModel = nullptr;
    DataSortProxy* m_problemProxy = nullptr;
    QTreeView* m_problemTable = nullptr;
    DataTableModel* m_placeModel = nullptr;
    QTreeView* m_placeTable = nullptr;
    StudyOrderModel* m_orderModel = nullptr;
    QTreeView* m_order = nullptr;
    QSpinBox* m_sessions = nullptr;
    QLineEdit* m_sizes = nullptr;
    QLabel* m_orderSays = nullptr;
    QPushButton* m_up = nullptr;
    QPushButton* m_down = nullptr;
    QPushButton* m_revert = nullptr;
    QPushButton* m_save = nullptr;
};

} // namespace clwb::ui
