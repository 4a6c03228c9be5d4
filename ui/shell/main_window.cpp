// SPDX-License-Identifier: GPL-3.0-or-later
// Construction of the window and its wiring.
#include "ui/shell/main_window.h"

#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/shell/actions.h"
#include "ui/shell/app_state.h"
#include "ui/shell/nav_list.h"
#include "ui/shell/project_care.h"
#include "ui/shell/queue_memory.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/tab_order.h"
#include "ui/shell/theme_follower.h"
#include "ui/shell/wheel_guard.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/banner_guard.h"
#include "ui/widgets/building.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QBoxLayout>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QScreen>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStatusTipEvent>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kLayoutVersion = 1;

/// Around a banner; takes no room, its margins included, while that is hidden.
class BannerRow : public QHBoxLayout
{
public:
    explicit BannerRow(QWidget* banner)
    {
        setContentsMargins(20, 6, 20, 0);
        addWidget(banner);
    }
    [[nodiscard]] QSize sizeHint() const override
    {
        return isEmpty() ? QSize(0, 0) : QHBoxLayout::sizeHint();
    }
    [[nodiscard]] QSize minimumSize() const override
    {
        return isEmpty() ? QSize(0, 0) : QHBoxLayout::minimumSize();
    }
};

} // namespace

MainWindow::MainWindow(AppState& state, const QPalette& platformPalette, ThemeChoice theme)
    : m_state(state)
    , m_theme(new ThemeFollower(platformPalette, this))
    , m_baseSize(QApplication::font().pointSizeF())
    , m_background(new Background(this))
{
    setObjectName(u"window"_s);
    setAcceptDrops(true);
    new WheelGuard(this);
    auto* centre = new QWidget(this);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    m_nav = new NavList(centre);
    row->addWidget(m_nav);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    m_problem = new Banner(u"window.problem"_s, centre);
    m_stack = new QStackedWidget(centre);
    m_care = new ProjectCare(state, *m_background, this);
    connect(m_care, &ProjectCare::openRequested, this,
            [this](const QString& file) { openOther(file, store::OpenMode::ReadWrite); });
    right->addLayout(new BannerRow(m_care->banner()));
    right->addLayout(new BannerRow(m_problem));
    right->addWidget(m_stack, 1);
    new BannerGuard(m_stack, this);
    row->addLayout(right, 1);
    column->addLayout(row, 1);
    m_status = new StatusStrip(state, centre);
    column->addWidget(m_status);
    setCentralWidget(centre);
    m_corner = makeMuted({}, menuBar());
    // The bar puts the corner at its upper edge; its own entries stand in the middle.
    m_corner->setContentsMargins(0, 4, 14, 0);
    menuBar()->setCornerWidget(m_corner, Qt::TopRightCorner);
    menuBar()->setNativeMenuBar(false);

    makePages();
    makeActions();
    connect(m_nav, &NavList::pageChosen, this, [this](const QString& id) { showPage(id); });
    m_nav->setRunTargets({u"live"_s, u"compare"_s});
    connect(m_nav, &NavList::runsDropped, this, &MainWindow::takeRuns);
    connect(&state, &AppState::pageRequested, this, &MainWindow::showPage);
    const auto tell = [this](Banner::Tone tone) {
        return [this, tone](const QString& text, const QString& details, const Offer& offer) {
            m_problem->tell(tone, text, details);
            if (!offer.act)
                return;
            // Numbers of runs mean something in their own project only.
            m_problem->offer(offer.text, [this, act = offer.act, file = m_state.projectFile()] {
                if (m_state.projectFile() == file)
                    act();
            });
        };
    };
    connect(&state, &AppState::problem, this, tell(Banner::Tone::Problem));
    connect(&state, &AppState::done, this, tell(Banner::Tone::Invitation));
    connect(&state, &AppState::problemSolved, m_problem, &Banner::retract);
    connect(&state, &AppState::actionRequested, this, &MainWindow::trigger);
    connect(&state, &AppState::projectChanged, this, &MainWindow::updateTitle);
    connect(&state, &AppState::projectChanged, this, &MainWindow::updateActions);
    connect(&state, &AppState::liveChanged, this, &MainWindow::updateActions);
    connect(&state, &AppState::fileStateChanged, this, &MainWindow::updateTitle);
    connect(&state, &AppState::fileStateChanged, this, &MainWindow::updateActions);
    connect(&state.undoStack(), &QUndoStack::indexChanged, this, &MainWindow::updateActions);
    restoreGeometryOf();
    zoomText(0);
    setTheme(theme);
    updateTitle();
    rememberQueue(state);
    if (const QString why = state.settings().whyIgnored(); !why.isEmpty())
        state.reportDone(tr("The settings are not used"),
                         tr("%1\nDefaults hold for now and nothing new is kept; the file stays as "
                            "it is. Move it away to begin with new settings.")
                             .arg(why));
    // The desktop's way to say so: nothing where the window is in front.
    connect(&state.queue(), &RunQueue::ended, this, [this] { QApplication::alert(this); });
    showPage(m_ids.value(0));
}

MainWindow::~MainWindow() = default;

void MainWindow::makePages()
{
    for (const PageInfo& info : pageTable()) {
        Page* page = info.create(m_state, m_stack);
        page->setObjectName(u"page."_s + info.id);
        page->setAccessibleName(info.title);
        m_pages.insert(info.id, page);
        m_ids << info.id;
        m_nav->addPage(info.id, info.title, info.number());
        m_numbers << info.number();
        // On a small display a page is scrolled rather than the window cut off.
        auto* frame = new QScrollArea(m_stack);
        nameWidget(frame, u"frame."_s + info.id, info.title);
        frame->setFocusPolicy(Qt::NoFocus);
        frame->setWidgetResizable(true);
        frame->setWidget(page);
        page->setAutoFillBackground(false); // which QScrollArea has turned on
        frame->viewport()->setAutoFillBackground(false);
        m_stack->addWidget(frame);
        connect(page, &Page::actionsChanged, &m_ear, [this] { updateActions(); });
        if (const QUndoStack* undo = page->undoStack())
            connect(undo, &QUndoStack::indexChanged, &m_ear, [this] { updateActions(); });
    }
}

bool MainWindow::focusNextPrevChild(bool next)
{
    // Fields come and go with what is chosen: the way is made when it is taken.
    setReadingOrder({centralWidget()});
    return QMainWindow::focusNextPrevChild(next);
}

void MainWindow::makeActions()
{
    m_actions = new ActionTable(this);
    std::vector<ActionDef> pageSwitches;
    for (qsizetype at = 0; at < m_ids.size(); ++at)
        pageSwitches.push_back({u"page."_s + m_ids[at], u"view"_s,
                                m_pages[m_ids[at]]->accessibleName(),
                                u"Ctrl+%1"_s.arg(m_numbers[at]), tr("Show this page")});
    m_actions->add(pageSwitches);
    m_actions->add(shellActions());
    for (const PageInfo& info : pageTable()) {
        m_actions->add(info.actions);
        for (const ActionDef& definition : info.actions)
            m_pageOfAction.insert(definition.id, info.id);
    }
    m_actions->add({quitAction()}); // where everybody looks for it: last
    auto* themes = new QActionGroup(this);
    for (const QString& id : {u"view.system"_s, u"view.light"_s, u"view.dark"_s})
        themes->addAction(m_actions->action(id));
    m_recent = new QMenu(tr("Open &Recent"), this);
    m_recent->setAccessibleName(tr("Recent projects"));
    QMenu* file = m_actions->menu(u"file"_s);
    const qsizetype open = file->actions().indexOf(m_actions->action(u"file.open"_s));
    file->insertMenu(file->actions().value(open + 1), m_recent);
    m_actions->giveAccessKeys();
    connect(m_recent, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    connect(m_actions, &ActionTable::triggered, this, &MainWindow::trigger);
}

void MainWindow::showPage(const QString& id, const Json& argument)
{
    Page* page = m_pages.value(id);
    if (!page)
        return;
    m_stack->setCurrentIndex(static_cast<int>(m_ids.indexOf(id)));
    for (Page* other : std::as_const(m_pages)) // a page asks itself whether it is the one
        other->setVisible(other == page);
    m_nav->setCurrentPage(id);
    if (!argument.is_null())
        page->open(argument);
    m_state.settings().setValue(u"window/page"_s, id);
    updateActions();
}

void MainWindow::enterPage(const QString& id)
{
    showPage(id);
    Page* page = m_pages.value(id);
    const QWidget* now = QApplication::focusWidget();
    if (!page || (now && page->isAncestorOf(now)))
        return;
    QWidget* field = mainFieldOf(*page);
    (field ? field : m_nav)->setFocus(Qt::ShortcutFocusReason);
}

QString MainWindow::currentPage() const
{
    return m_ids.value(m_stack->currentIndex());
}

void MainWindow::setTheme(ThemeChoice theme)
{
    m_theme->choose(theme);
    const QString id = u"view."_s + toText(theme);
    m_actions->action(id)->setChecked(true);
}

void MainWindow::updateActions()
{
    for (auto entry = m_pageOfAction.cbegin(); entry != m_pageOfAction.cend(); ++entry) {
        const Page* page = m_pages[entry.value()];
        setActionEnabled(entry.key(), page->isActionEnabled(entry.key()),
                         page->whyDisabled(entry.key()));
    }
    const auto setUndo = [this](const QString& id, const QUndoStack& stack, bool can,
                                const QString& text) {
        QAction* action = m_actions->action(id);
        // A file that is gone takes no edits.
        action->setEnabled(can && (&stack != &m_state.undoStack() ||
                                   m_state.fileState() == AppState::FileState::InPlace));
        action->setText(text);
    };
    const QUndoStack& undo = undoStackFor(false);
    setUndo(u"edit.undo"_s, undo, undo.canUndo(),
            undo.canUndo() ? tr("&Undo %1").arg(undo.undoText()) : tr("&Undo"));
    const QUndoStack& redo = undoStackFor(true);
    setUndo(u"edit.redo"_s, redo, redo.canRedo(),
            redo.canRedo() ? tr("&Redo %1").arg(redo.redoText()) : tr("&Redo"));
    setActionEnabled(u"run.clearQueue"_s, !m_state.queue().waiting().empty());
    const QString whyNoDemo =
        m_state.hasDemo() ? m_state.whyNoRuns() : tr("The demo is not installed");
    setActionEnabled(u"run.demo"_s, whyNoDemo.isEmpty(), whyNoDemo);
    setActionEnabled(u"file.export"_s, m_state.hasProject());
    setActionEnabled(u"edit.copy"_s, m_pages[currentPage()]->canCopy());
    const QString whyNoImport =
        !m_state.hasProject() ? tr("Open a project first") : m_state.readOnlyReason();
    setActionEnabled(u"file.import"_s, whyNoImport.isEmpty(), whyNoImport);
    setActionEnabled(u"file.saveAs"_s, m_state.hasProject(), tr("Open a project first"));
    setActionEnabled(u"dialog.trash"_s, m_state.hasProject());
    setActionEnabled(u"dialog.disk_space"_s, m_state.hasProject());
}

QUndoStack& MainWindow::undoStackFor(bool forward) const
{
    QUndoStack* ofPage = m_pages[currentPage()]->undoStack();
    return ofPage && (forward ? ofPage->canRedo() : ofPage->canUndo()) ? *ofPage
                                                                       : m_state.undoStack();
}

void MainWindow::setActionEnabled(const QString& id, bool isEnabled, const QString& whyNot)
{
    QAction* action = m_actions->action(id);
    const QString tip = isEnabled || whyNot.isEmpty() ? m_actions->tip(id) : whyNot;
    action->setEnabled(isEnabled);
    action->setStatusTip(tip);
    action->setToolTip(tip);
}

void MainWindow::updateTitle()
{
    QString name;
    if (m_state.hasProject()) {
        const QString shown =
            distinctName(m_state.projectFile(), m_state.settings().recentProjects());
        // Without ".db": the folder tells projects of one name apart.
        name =
            m_state.projectName() + shown.mid(QFileInfo(m_state.projectFile()).fileName().size());
    }
    if (!name.isEmpty() && !m_state.readOnlyReason().isEmpty())
        name = tr("%1 (read-only)").arg(name);
    const QString title =
        name.isEmpty() ? tr("CLIP Workbench") : tr("%1 — CLIP Workbench").arg(name);
    setWindowTitle(title);
    m_corner->setText(title);
    m_corner->setToolTip(m_state.projectFile());
    m_corner->setMinimumWidth(m_corner->sizeHint().width());
    menuBar()->setCornerWidget(m_corner, Qt::TopRightCorner); // the bar measures it only here
    m_corner->show();
}

void MainWindow::zoomText(int steps)
{
    if (m_baseSize <= 0)
        return;
    Settings& settings = m_state.settings();
    const int zoom = steps == 0 ? settings.value(u"window/zoom"_s, 0).toInt()
                                : settings.value(u"window/zoom"_s, 0).toInt() + steps;
    const int bounded = std::clamp(zoom, -3, 12);
    settings.setValue(u"window/zoom"_s, bounded);
    QFont font = QApplication::font();
    font.setPointSizeF(m_baseSize + bounded);
    QApplication::setFont(font);
}

void MainWindow::restoreGeometryOf()
{
    resize(1440, 900);
    const Settings& settings = m_state.settings();
    if (settings.value(u"window/layout"_s, kLayoutVersion).toInt() == kLayoutVersion)
        restoreGeometry(settings.value(u"window/geometry"_s).toByteArray());
    // A monitor may have gone since: the title bar must be in reach. One that lies above a screen
    // that is there has been moved down by restoreGeometry().
    const QScreen* screen = QApplication::screenAt(geometry().center());
    if (!screen && QApplication::primaryScreen()) {
        const QRect area = QApplication::primaryScreen()->availableGeometry();
        resize(std::min(width(), area.width()), std::min(height(), area.height()));
        move(area.topLeft());
    }
}

bool MainWindow::event(QEvent* event)
{
    if (event->type() == QEvent::StatusTip) {
        m_status->showTip(static_cast<QStatusTipEvent*>(event)->tip());
        return true;
    }
    return QMainWindow::event(event);
}

} // namespace clwb::ui
