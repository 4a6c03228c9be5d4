// SPDX-License-Identifier: GPL-3.0-or-later
// One line below the plots: what the last session forgot, learned and lost.
#pragma once

#include "ui/models/class_changes.h"
#include "ui/widgets/card.h"

namespace clwb::ui
{

class FlowLayout;

class ClassStrip : public Card
{
    Q_OBJECT

public:
    explicit ClassStrip(QWidget* parent = nullptr);
    void setChanges(const ClassChanges& changes);

private:
    QLabel* makeWord(const QString& text, const QColor& colour);
    void addPart(const QString& title, const std::vector<ClassChange>& changes,
                 const QColor& colour);
    FlowLayout* m_line = nullptr;
};

} // namespace clwb::ui
