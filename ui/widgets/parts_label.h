// SPDX-License-Identifier: GPL-3.0-or-later
// A line of facts that leaves out whole ones where it is short of room, and never cuts one.
#pragma once

#include <QLabel>

class QFontMetrics;
class QHelpEvent;

namespace clwb::ui
{

/// The text without as many of its last parts as it takes to fit; the first one always stays.
QString fittingParts(const QString& text, QStringView separator, const QFontMetrics& metrics,
                     int width);

/// Shows the whole text of a label of which less is seen as its tip; nothing where all is seen.
/// Plain text: a name of a run may look like markup.
void showWholeText(const QHelpEvent& help, QLabel& label, const QString& shown);

/// Muted parts joined by " · ", the most important ones first. Those that do not fit are left out,
/// the last first; the tip then holds all. Its width never asks for any.
class PartsLabel : public QLabel
{
    Q_OBJECT

public:
    explicit PartsLabel(const QString& objectName, QWidget* parent = nullptr);
    /// What is seen of text().
    [[nodiscard]] QString shownText() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
};

} // namespace clwb::ui
