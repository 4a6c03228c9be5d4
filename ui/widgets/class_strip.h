// SPDX-License-Identifier: GPL-3.0-or-later
// One line of forgetting at a glance: what a session of a run forgot, learned and lost, each a link
// to its pictures.
#pragma once

#include "ui/models/class_changes.h"
#include "ui/models/image_link.h"
#include "ui/widgets/card.h"

#include <optional>

class QComboBox;

namespace clwb::ui
{

class FlowLayout;

class ClassStrip : public Card
{
    Q_OBJECT

public:
    ClassStrip(const QString& objectName, const QString& title, QWidget* parent = nullptr);
    /// Shows the last session, and a later one as soon as there is one; an earlier one that was
    /// chosen stays.
    /// @param run     nothing: it is not stored yet, classes lead nowhere
    /// @param label   which run; empty where that is plain
    /// @param records session-end test records by session
    void setRun(std::optional<int64_t> run, const QString& label,
                const std::map<int, metrics::EvaluationRecord>& records);

Q_SIGNALS:
    void imagesRequested(const clwb::ui::ImageLink& link);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fillSessions();
    void showChanges();
    QLabel* makeWord(const QString& text, const QColor& colour);
    void addPart(const QString& title, const std::vector<ClassChange>& changes,
                 const QColor& colour, const std::string& part, Outcome outcome,
                 const QString& kind = {});
    FlowLayout* m_line = nullptr;
    QLabel* m_label = nullptr;
    QComboBox* m_session = nullptr;
    std::optional<int64_t> m_run;
    std::map<int, ClassChanges> m_changes; ///< by session
};

} // namespace clwb::ui
