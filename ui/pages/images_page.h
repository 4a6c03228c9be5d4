// SPDX-License-Identifier: GPL-3.0-or-later
// Two models picture by picture: which classes were forgotten, what they are taken for now, and the
// pictures behind each number. Works from what the project keeps, without the data.
#pragma once

#include "ui/models/image_comparison.h"
#include "ui/models/image_link.h"
#include "ui/pages/page.h"
#include "ui/shell/settings.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTreeView;

namespace clwb::ui
{

class Card;
class ConfusionView;
class DataSortProxy;
class DataTableModel;
class ElidedCombo;
class EmptyState;
class PictureListModel;
class PicturePanel;
class Segments;
class ThumbGrid;
struct ModelVerdict;

class ImagesPage : public Page
{
    Q_OBJECT

public:
    ImagesPage(AppState& state, QWidget* parent);

    /// toJson(ImageLink); {"run": 12} alone: its first model against its last.
    void open(const Json& argument) override;
    void trigger(const QString& actionId) override;
    [[nodiscard]] bool isActionEnabled(const QString& actionId) const override;
    [[nodiscard]] QString whyDisabled(const QString& actionId) const override;
    void exportShown() override;
    void copyShown() override;
    [[nodiscard]] bool canCopy() const override;
    bool focusFilter() override;
    [[nodiscard]] bool isSettled() const override;
    [[nodiscard]] QString helpText() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct ModelCombo
    {
        QLabel* title = nullptr;
        ElidedCombo* run = nullptr;
        ElidedCombo* session = nullptr;
    };
    /// How both models stand: beside each other, below each other, each session below its run.
    enum class ModelLines { One, Two, Four };
    // images_page.cpp
    QWidget* makeHeader();
    ModelCombo makeModel(const QString& letter, QWidget* parent);
    QWidget* makeClasses(QWidget* parent);
    QWidget* makeMatrix(QWidget* parent);
    QWidget* makePictures(QWidget* parent);
    void makeEmptyStates();
    // images_layout.cpp
    QWidget* makeContent();
    void arrange();       ///< by the room there is
    void arrangeModels(); ///< in as few lines as show their texts whole
    void placeModels(ModelLines lines);
    /// From here on both models' texts are whole. @param lines One or Two
    [[nodiscard]] int wholeWidth(ModelLines lines) const;
    void placeParts(bool isWide);
    void showPart(const QString& id); ///< classes | confusion | picture, of the narrow page
    void divide();                    ///< as it was left, or as at first
    void keepMiddle();
    [[nodiscard]] QString dividedKey() const;
    // images_choice.cpp
    void onProjectChanged();
    void refresh(); ///< asks which runs keep what
    void onIndex(const store::DetailIndex& index);
    void follow(const ImageLink& link);
    void choosePair(const PredictionPair& pair);
    void fillModels();
    void fillSessions(const ModelCombo& combo, int64_t run, int session);
    void onModelChosen(bool isA, bool isRun);
    void swapModels();
    void onPart();
    void remember();
    [[nodiscard]] std::optional<PredictionPair> remembered() const;
    [[nodiscard]] QString titleOf(const PredictionPoint& point) const;
    [[nodiscard]] static QString sessionText(int session);
    void showState(); ///< the content, or why there is none
    // images_show.cpp
    void load();
    void showComparison(std::shared_ptr<const ImageComparison> comparison);
    void applyLink();
    void showMatrix();
    void chooseClass(std::optional<int> number);
    void chooseCell(int truth, int predicted);
    void onClassRow();
    void showChoice();
    void showPictures();
    [[nodiscard]] QString choiceText() const;
    [[nodiscard]] static QString readOutHint();
    [[nodiscard]] QString cellText(int truth, int predicted) const;
    [[nodiscard]] std::optional<Outcome> shownOutcome() const;
    // images_picture.cpp
    void loadHistories();
    void askHistory(int64_t run, int session);
    void showPicture();
    void showHistories();
    void findOriginal(int64_t image);
    void openOriginal();
    [[nodiscard]] std::optional<size_t> currentItem() const;
    [[nodiscard]] ModelVerdict verdictOf(const QString& letter, const PredictionPoint& point,
                                         const store::Predictions& predictions, size_t item) const;
    [[nodiscard]] std::string part() const;

    QStackedWidget* m_stack = nullptr;
    QWidget* m_content = nullptr;
    EmptyState* m_noProject = nullptr;
    EmptyState* m_nothing = nullptr; ///< no run keeps predictions
    EmptyState* m_notKept = nullptr; ///< the run that was asked for does not
    EmptyState* m_problem = nullptr;
    QWidget* m_header = nullptr;
    QGridLayout* m_models = nullptr;
    QSplitter* m_across = nullptr;
    QSplitter* m_middle = nullptr; ///< matrix above the selected picture, where it is wide
    Segments* m_parts = nullptr;   ///< one of them at a time, where it is narrow
    QStackedWidget* m_partStack = nullptr;
    Card* m_classCard = nullptr;
    Card* m_matrixCard = nullptr;
    std::optional<bool> m_isWide; ///< nothing: not arranged yet
    std::optional<ModelLines> m_modelLines;
    Segments* m_part = nullptr;
    ModelCombo m_a, m_b;
    QPushButton* m_swap = nullptr;
    QTreeView* m_classes = nullptr;
    DataTableModel* m_classModel;
    DataSortProxy* m_classProxy;
    QLineEdit* m_search = nullptr;
    QLabel* m_classNote = nullptr;
    QPushButton* m_allClasses = nullptr;
    ConfusionView* m_matrix = nullptr;
    Segments* m_shownMatrix = nullptr;
    QLabel* m_readOut = nullptr;
    PicturePanel* m_panel = nullptr;
    Card* m_pictureCard = nullptr;
    Segments* m_outcome = nullptr;
    ThumbGrid* m_grid = nullptr;
    QLabel* m_noPictures = nullptr;
    PictureListModel* m_pictures;

    ProjectSettings m_memory;
    std::vector<store::PredictionEntry> m_index;
    std::vector<KeptRun> m_kept; ///< of the part that is shown
    std::optional<PredictionPair> m_pair;
    std::optional<ImageLink> m_link;     ///< to be followed when it is read what there is
    std::optional<int64_t> m_missingRun; ///< was asked for, keeps nothing
    QString m_loadProblem;
    std::shared_ptr<const ImageComparison> m_shown; ///< null: nothing is loaded
    std::shared_ptr<const ImageList> m_list;        ///< read last, for the next pair
    ImageChoice m_choice;
    std::vector<int32_t> m_chosen; ///< by m_choice
    std::vector<int32_t> m_listed; ///< of them, with the outcome that is shown
    std::map<int64_t, std::map<int, SessionRights>> m_history; ///< by run, of m_shown's list
    QString m_original;      ///< of the selected picture; empty: not there
    QString m_whyNoOriginal; ///< empty: it is there, or not looked up yet
    bool m_opensWhenFound = false;
    bool m_hasChosen = false; ///< the user, or who sent here; not what is shown at first
    bool m_mayFollow = false; ///< the page was away: the newest run may take the place
    bool m_hasIndex = false;
    bool m_isStale = true;
    bool m_isAsking = false; ///< for the index
    int m_request = 0;       ///< late answers are dropped
    int m_loading = 0;
};

} // namespace clwb::ui
