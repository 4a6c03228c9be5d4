// SPDX-License-Identifier: GPL-3.0-or-later
// A slider along the weights between a run's models before and after: what each evaluated point
// scores, and which pictures change sides on the way to it.
#pragma once

#include "ui/models/alpha_path.h"

#include <QPointF>
#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QSlider;

namespace clwb::ui
{

class AppState;

class AlphaBar : public QWidget
{
    Q_OBJECT

public:
    struct Choice
    {
        QString label; ///< "FT-WM #12"
        AlphaPath path;
        QString entry; ///< of the comparison, that its run belongs to
    };
    AlphaBar(AppState& state, QWidget* parent);
    /// What was chosen stays chosen where it is still there. None: says how to make one.
    void setPaths(std::vector<Choice> choices);
    /// Of an entry's paths the chosen one, else the first; null: it has none.
    [[nodiscard]] const AlphaPath* pathOf(const QString& entry) const;
    /// Which pictures flip is known, or that it is not.
    [[nodiscard]] bool isSettled() const { return !m_isAsking; }

Q_SIGNALS:
    void moved(const std::optional<QPointF>& place); ///< (UT-Acc, ZS-Acc) of the point
    void pathChosen();                               ///< another one is to be drawn

private:
    QWidget* makeSlider();
    QWidget* makeFlips();
    void showPath();
    void showPoint();
    void ask();
    void showFlips(const Result<AlphaFlips>& flips);
    void showLink(QPushButton& link, const QString& text,
                  const std::optional<OutcomeCounts>& counts);
    void openImages(bool isZeroShot);
    [[nodiscard]] const AlphaPath* path() const;
    [[nodiscard]] const PathPoint* point() const;
    [[nodiscard]] const PathPoint* pointBefore() const; ///< null: it is the first

    AppState& m_state;
    std::vector<Choice> m_choices;
    AlphaFlips m_flips;
    QWidget* m_content = nullptr;
    QLabel* m_hint = nullptr; ///< where there is no path
    QComboBox* m_paths = nullptr;
    QSlider* m_slider = nullptr;
    QLabel* m_value = nullptr;
    QLabel* m_since = nullptr;
    QPushButton* m_ut = nullptr;
    QPushButton* m_zs = nullptr;
    QLabel* m_why = nullptr; ///< nothing is known of flips
    int64_t m_run = 0;       ///< chosen by the user, with part and α
    QString m_part;
    std::optional<double> m_alpha;
    int m_request = 0;       ///< answers of the project before are dropped
    bool m_isAsking = false; ///< one question at a time, whatever the slider does meanwhile
    bool m_asksAgain = false;
};

} // namespace clwb::ui
