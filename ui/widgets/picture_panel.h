// SPDX-License-Identifier: GPL-3.0-or-later
// One picture under two models: what each thinks it is, when it was lost, where it comes from.
#pragma once

#include "ui/bridge/picture_source.h"
#include "ui/models/image_outcomes.h"
#include "ui/widgets/card.h"
#include "ui/widgets/ranking_bars.h"

#include <optional>
#include <utility>
#include <vector>

class QBoxLayout;
class QPushButton;
class QScrollArea;

namespace clwb::ui
{

class PictureLoader;
class SessionStrip;

struct ModelVerdict
{
    QString model;                 ///< "A · #12 FT-WM · before training"
    std::vector<RankedClass> best; ///< best first
    int64_t truthRank = 0;         ///< 0: right
    double truthProbability = 0;
};
struct RightHistory
{
    QString title; ///< which run
    std::vector<std::pair<int, bool>> rights;
    std::optional<int> lostAfter; ///< session
};
struct PictureFacts
{
    int64_t image = 0; ///< for the source
    QString truth;
    Outcome outcome = Outcome::Always;
    ModelVerdict a, b;
};

/// "forgotten: right under A, wrong under B".
QString outcomeText(Outcome outcome);

class PicturePanel : public Card
{
    Q_OBJECT

public:
    explicit PicturePanel(QWidget* parent = nullptr);
    void setSource(std::shared_ptr<const PictureSource> source);
    /// Nothing: no picture is selected.
    void setFacts(std::optional<PictureFacts> facts);
    /// Of the runs of both models; one where they are the same run.
    void setHistories(const std::vector<RightHistory>& histories);
    /// @param path as it is shown; @param whyNot the original cannot be opened; empty: it can
    void setPlace(const QString& path, const QString& whyNot);
    [[nodiscard]] const std::optional<PictureFacts>& facts() const { return m_facts; }

Q_SIGNALS:
    void openRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHead(QWidget* parent);
    QWidget* makeVerdicts(QWidget* parent);
    QLayout* makePlace(QWidget* parent);
    void showPicture();
    void showVerdict(int side, const ModelVerdict& verdict);

    PictureLoader* m_loader = nullptr;
    std::optional<PictureFacts> m_facts;
    QLabel* m_empty = nullptr;
    QScrollArea* m_scroll = nullptr;
    QLabel* m_picture = nullptr;
    QLabel* m_truth = nullptr;
    QLabel* m_outcome = nullptr;
    struct History
    {
        QLabel* title = nullptr;
        SessionStrip* strip = nullptr;
    };
    History m_histories[2];
    struct Verdict
    {
        QLabel* model = nullptr;
        RankingBars* bars = nullptr;
        QLabel* rank = nullptr;
    };
    Verdict m_verdicts[2];
    QBoxLayout* m_verdictLine = nullptr; ///< of both, one below the other where it is narrow
    QLabel* m_path = nullptr;
    QPushButton* m_open = nullptr;
};

} // namespace clwb::ui
