// SPDX-License-Identifier: GPL-3.0-or-later
// The project's trash: deleted runs come back from here, or go for good.
#include "core/store/disk_use.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/models/run_columns.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTreeView>

#include <filesystem>
#include <functional>
#include <utility>
#include <vector>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct TrashText
{
    Q_DECLARE_TR_FUNCTIONS(TrashDialog)
};

struct TrashedRun
{
    store::RunRow row;
    uint64_t bytes = 0; ///< of its folder, where purging removes it
    QStringList goes;   ///< that folder and what lies in it, for the user
};

/// The folder, and below it its files and folders with their sizes.
QStringList contentOf(const std::filesystem::path& folder)
{
    std::error_code ignored;
    if (!std::filesystem::exists(folder, ignored))
        return {};
    QStringList lines;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        const bool isFolder = entry.is_directory(ignored) && !entry.is_symlink(ignored);
        const uint64_t bytes = isFolder                         ? store::bytesBelow(entry.path())
                               : entry.is_regular_file(ignored) ? entry.file_size(ignored)
                                                                : 0;
        lines << u"    "_s + toQt(entry.path().filename().string()) +
                     (isFolder ? u"/"_s : QString()) + u"  "_s + bytesText(bytes);
    }
    lines.sort();
    lines.prepend(toQt(folder.string()));
    return lines;
}

Result<std::vector<TrashedRun>> readTrash(const store::Project& project)
{
    CLWB_ASSIGN(const std::vector<store::RunRow> rows, project.trashedRuns());
    std::vector<TrashedRun> runs;
    for (const store::RunRow& row : rows) {
        const bool isOurs = row.folder == project.runFolder(row.runId).string();
        runs.push_back({row, isOurs ? store::bytesBelow(row.folder) : 0,
                        isOurs ? contentOf(row.folder) : QStringList()});
    }
    return runs;
}

class TrashDialog : public QDialog
{
public:
    TrashDialog(AppState& state, QWidget* parent)
        : QDialog(parent)
        , m_state(state)
    {
        setObjectName(u"dialog.trash"_s);
        setWindowTitle(TrashText::tr("Trash"));
        resize(760, 460);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(18, 16, 18, 16);
        layout->setSpacing(10);
        m_view = new QTreeView(this);
        nameWidget(m_view, u"trash.list"_s, TrashText::tr("Deleted runs"));
        m_view->setModel(&m_model);
        m_view->setRootIsDecorated(false);
        m_view->setUniformRowHeights(true);
        m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
        m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
        m_view->header()->setAccessibleName(TrashText::tr("Columns"));
        layout->addWidget(m_view, 1);
        m_says = makeMuted({}, this);
        m_says->setWordWrap(true);
        layout->addWidget(m_says);
        m_goes = new QPlainTextEdit(this);
        nameWidget(m_goes, u"trash.goes"_s, TrashText::tr("Folders and files that will be gone"));
        m_goes->setReadOnly(true);
        m_goes->setTabChangesFocus(true);
        m_goes->setLineWrapMode(QPlainTextEdit::NoWrap);
        m_goes->setMaximumHeight(150);
        m_goes->hide();
        layout->addWidget(m_goes);
        layout->addLayout(makeButtons());
        connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
                [this] { onSelection(); });
        read();
    }

private:
    QLayout* makeButtons()
    {
        auto* line = new QHBoxLayout;
        m_restore = makePrimary(u"trash.restore"_s, TrashText::tr("Bring Back"), this);
        m_purge = makeButton(u"trash.purge"_s, TrashText::tr("Delete for Good…"), this);
        QPushButton* close = makeButton(u"trash.close"_s, TrashText::tr("Close"), this);
        line->addWidget(m_restore);
        line->addWidget(m_purge);
        line->addStretch(1);
        line->addWidget(close);
        connect(m_restore, &QPushButton::clicked, this, [this] { restore(); });
        connect(m_purge, &QPushButton::clicked, this, [this] { purge(); });
        connect(close, &QPushButton::clicked, this, &QDialog::accept);
        return line;
    }

    void read()
    {
        if (!m_state.reader())
            return showRuns({});
        m_state.reader()->ask(this, readTrash, [this](Result<std::vector<TrashedRun>> runs) {
            if (runs)
                showRuns(std::move(*runs));
            else
                m_says->setText(errorText(runs.error()));
        });
    }

    void showRuns(std::vector<TrashedRun> runs)
    {
        m_runs = std::move(runs);
        m_model.clear();
        m_model.setHorizontalHeaderLabels({TrashText::tr("Run"), TrashText::tr("Name"),
                                           TrashText::tr("Setting"), TrashText::tr("Status"),
                                           TrashText::tr("On disk")});
        const RunColumn& name = runColumns()[static_cast<size_t>(columnOf(u"name"_s))];
        for (const TrashedRun& run : m_runs) {
            const QString texts[] = {u'#' + QString::number(run.row.runId), cellText(name, run.row),
                                     toQt(run.row.setting), statusText(run.row),
                                     run.bytes > 0 ? bytesText(run.bytes) : u"—"_s};
            QList<QStandardItem*> items;
            for (const QString& text : texts)
                items << new QStandardItem(text);
            m_model.appendRow(items);
        }
        m_view->setColumnWidth(0, 70);
        m_view->setColumnWidth(1, 260);
        onSelection();
    }

    [[nodiscard]] std::vector<TrashedRun> selected() const
    {
        std::vector<TrashedRun> runs;
        for (const QModelIndex& index : m_view->selectionModel()->selectedRows())
            runs.push_back(m_runs[static_cast<size_t>(index.row())]);
        return runs;
    }

    void onSelection()
    {
        const std::vector<TrashedRun> runs = selected();
        const bool canEdit = !runs.empty() && m_state.readOnlyReason().isEmpty();
        m_restore->setEnabled(canEdit);
        m_purge->setEnabled(canEdit);
        m_isAsking = false;
        m_goes->hide();
        m_purge->setText(TrashText::tr("Delete for Good…"));
        m_says->setText(m_runs.empty() ? TrashText::tr("The trash is empty.")
                        : runs.empty() ? TrashText::tr("Select runs to bring them back.")
                                       : whatGoes(runs));
    }

    static QString whatGoes(const std::vector<TrashedRun>& runs)
    {
        uint64_t bytes = 0;
        for (const TrashedRun& run : runs)
            bytes += run.bytes;
        return TrashText::tr("%1 selected, %2 on disk")
            .arg(countedText(static_cast<int64_t>(runs.size()), TrashText::tr("%1 run"),
                             TrashText::tr("%1 runs")),
                 bytesText(bytes));
    }

    void restore()
    {
        const std::vector<TrashedRun> runs = selected();
        m_state.apply(
            TrashText::tr("bringing back runs"),
            [runs](store::Project& project) -> Result<void> {
                for (const TrashedRun& run : runs)
                    CLWB_TRY(project.restoreFromTrash(run.row.runId));
                return {};
            },
            guardedRead());
    }

    /// The first click says what will be gone, the second one does it.
    void purge()
    {
        const std::vector<TrashedRun> runs = selected();
        if (!std::exchange(m_isAsking, true)) {
            m_says->setText(
                whatGoes(runs) +
                TrashText::tr(": rows and files will be gone, and no undo brings them back."));
            m_purge->setText(
                TrashText::tr("Delete %1 for Good")
                    .arg(countedText(static_cast<int64_t>(runs.size()), TrashText::tr("%1 Run"),
                                     TrashText::tr("%1 Runs"))));
            QStringList lines;
            for (const TrashedRun& run : runs)
                lines << run.goes;
            m_goes->setPlainText(lines.join(u'\n'));
            m_goes->setVisible(!lines.isEmpty());
            return;
        }
        m_state.apply(
            TrashText::tr("deleting runs for good"),
            [runs](store::Project& project) -> Result<void> {
                for (const TrashedRun& run : runs)
                    CLWB_TRY(project.purge(run.row.runId));
                return {};
            },
            guardedRead());
    }

    /// The answer may come after the dialog was closed.
    std::function<void()> guardedRead()
    {
        return [self = QPointer<TrashDialog>(this)] {
            if (self)
                self->read();
        };
    }

    AppState& m_state;
    std::vector<TrashedRun> m_runs;
    QStandardItemModel m_model;
    QTreeView* m_view = nullptr;
    QLabel* m_says = nullptr;
    QPlainTextEdit* m_goes = nullptr; ///< while it asks
    QPushButton* m_restore = nullptr;
    QPushButton* m_purge = nullptr;
    bool m_isAsking = false;
};

} // namespace

DialogInfo describe_trash_dialog();
DialogInfo describe_trash_dialog()
{
    return {u"trash"_s, 40, [](AppState& state, QWidget* parent) -> QDialog* {
                return new TrashDialog(state, parent);
            }};
}

} // namespace clwb::ui
