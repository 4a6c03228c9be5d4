// SPDX-License-Identifier: GPL-3.0-or-later
// What helps when the project file is damaged or gone: repair, save elsewhere, open again.
#pragma once

#include <QObject>
#include <QString>

class QPushButton;
class QWidget;

namespace clwb::ui
{

class AppState;
class Background;
class Banner;

/// Shows a banner above the pages as long as something is wrong with the file; asks for files with
/// dialogs of `window`, works in the background.
class ProjectCare : public QObject
{
    Q_OBJECT

public:
    ProjectCare(AppState& state, Background& background, QWidget* window);
    [[nodiscard]] Banner* banner() const { return m_banner; }

    /// Asks for a file and copies the project into it; goes on with the copy unless a run is at
    /// work.
    void askAndSaveAs();

Q_SIGNALS:
    void openRequested(const QString& file);

private:
    /// Finds out first whether it can be repaired, which takes a look at the file.
    void askAndShowDamage(const QString& file, const QString& details);
    void showDamage(const QString& file, const QString& details, bool isRepairable);
    void showFileState();
    void askAndRepair();
    void repair(const QString& file, const QString& target);
    void openCopy(const QString& file);

    AppState& m_state;
    Background& m_background;
    QWidget* m_window;
    Banner* m_banner;
    QPushButton* m_repair;
    QPushButton* m_saveAs;
    QPushButton* m_openAgain;
    QPushButton* m_open;
    QString m_damaged; ///< file that repair is offered for
    int m_look = 0;    ///< number of the newest look; an earlier one's answer is dropped
};

} // namespace clwb::ui
