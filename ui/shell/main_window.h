// SPDX-License-Identifier: GPL-3.0-or-later
// The window: navigation, pages, menus, status line; no logic of its own.
#pragma once

#include "core/run/events.h"
#include "core/store/project.h"
#include "ui/pages/page.h"
#include "ui/shell/theme.h"

#include <QHash>
#include <QMainWindow>

class QLabel;
class QMenu;
class QStackedWidget;
class QUndoStack;

namespace clwb::ui
{

class ActionTable;
class AppState;
class Background;
class Banner;
class ProjectCare;
class NavList;
class StatusStrip;
class ThemeFollower;

class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// @param platformPalette the desktop's colours, for the theme "as the system"
    MainWindow(AppState& state, const QPalette& platformPalette, ThemeChoice theme);
    ~MainWindow() override;

    [[nodiscard]] Page* page(const QString& id) const { return m_pages.value(id); }
    [[nodiscard]] QStringList pageIds() const { return m_ids; }
    void showPage(const QString& id, const Json& argument = {});
    /// Likewise by a key: the focus goes into the page, to its main list or first field.
    void enterPage(const QString& id);
    [[nodiscard]] QString currentPage() const;
    void setTheme(ThemeChoice theme);
    [[nodiscard]] ActionTable& actions() const { return *m_actions; }
    [[nodiscard]] AppState& state() const { return m_state; }
    /// Closes without a question; a run ends with a checkpoint first.
    void closeAfterRun();
    /// Likewise, and the run goes on without the window.
    void closeAndDetach();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool event(QEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void makePages();
    void makeActions();
    void trigger(const QString& id);
    void triggerView(const QString& id);
    void closeAfterEnd(const run::Finished& result);
    void newProject();
    void openProject();
    void openOther(const QString& file, store::OpenMode mode);
    [[nodiscard]] bool mayLeaveProject();
    void openDocument(const QString& file); ///< a run's, study's, sweep's or search's
    void fillRecent();
    void updateActions();
    /// Of the page that is shown, while it has something to take back; else the project's.
    [[nodiscard]] QUndoStack& undoStackFor(bool forward) const;
    void setActionEnabled(const QString& id, bool isEnabled, const QString& whyNot = {});
    void updateTitle();
    void takeRuns(const QString& pageId, const std::vector<int64_t>& runs); ///< dropped on it
    void zoomText(int steps);
    void openFile(const QString& file);
    void restoreGeometryOf();

    AppState& m_state;
    ThemeFollower* m_theme = nullptr;
    qreal m_baseSize = 0;
    ActionTable* m_actions = nullptr;
    NavList* m_nav = nullptr;
    QStackedWidget* m_stack = nullptr;
    Banner* m_problem = nullptr;
    ProjectCare* m_care = nullptr;
    StatusStrip* m_status = nullptr;
    QLabel* m_corner = nullptr;
    QMenu* m_recent = nullptr;
    Background* m_background = nullptr;
    QHash<QString, Page*> m_pages;
    QHash<QString, QString> m_pageOfAction;
    QStringList m_ids;
    QList<int> m_numbers; ///< of the pages, as they are opened with Ctrl
    /// Hears pages and their edits. They go after the window's members, and tell of it.
    QObject m_ear;
    bool m_mayClose = false;
    bool m_detaches = false; ///< the run goes on in a process of its own when the window closes
};

} // namespace clwb::ui
