// SPDX-License-Identifier: GPL-3.0-or-later
// What finished runs keep on disk without need, and removing it after asking.
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
#include <QPointer>
#include <QPushButton>
#include <QTreeWidget>

#include <algorithm>
#include <memory>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct DiskText
{
    Q_DECLARE_TR_FUNCTIONS(DiskSpaceDialog)
};

struct RunOnDisk
{
    store::RunRow row;
    store::DiskUse use;
};
using Runs = std::vector<RunOnDisk>;

/// The largest first; runs without a file are left out.
Result<Runs> readDisk(const store::Project& project)
{
    CLWB_ASSIGN(const std::vector<store::RunRow> rows, project.runs());
    Runs runs;
    for (const store::RunRow& row : rows) {
        if (const store::DiskUse use = store::diskUse(project, row); use.bytes > 0)
            runs.push_back({row, use});
    }
    std::stable_sort(runs.begin(), runs.end(), [](const RunOnDisk& a, const RunOnDisk& b) {
        return std::pair(a.use.spare, a.use.bytes) > std::pair(b.use.spare, b.use.bytes);
    });
    return runs;
}

class DiskSpaceDialog : public QDialog
{
public:
    DiskSpaceDialog(AppState& state, QWidget* parent)
        : QDialog(parent)
        , m_state(state)
    {
        setObjectName(u"dialog.disk_space"_s);
        setWindowTitle(DiskText::tr("Disk Space of Runs"));
        resize(700, 460);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(18, 16, 18, 16);
        layout->setSpacing(10);
        m_list = new QTreeWidget(this);
        nameWidget(m_list, u"disk.list"_s, DiskText::tr("Runs by size on disk"));
        m_list->setHeaderLabels({DiskText::tr("Run"), DiskText::tr("Name"), DiskText::tr("Status"),
                                 DiskText::tr("On disk"), DiskText::tr("Not needed")});
        m_list->header()->setAccessibleName(DiskText::tr("Columns"));
        m_list->setRootIsDecorated(false);
        m_list->setUniformRowHeights(true);
        m_list->setColumnWidth(0, 80);
        m_list->setColumnWidth(1, 260);
        layout->addWidget(m_list, 1);
        m_says = makeMuted(DiskText::tr("Measuring…"), this);
        m_says->setObjectName(u"disk.says"_s);
        m_says->setWordWrap(true);
        layout->addWidget(m_says);
        auto* line = new QHBoxLayout;
        m_free = makePrimary(u"disk.free"_s, DiskText::tr("Free Space…"), this);
        QPushButton* close = makeButton(u"disk.close"_s, DiskText::tr("Close"), this);
        line->addWidget(m_free);
        line->addStretch(1);
        line->addWidget(close);
        layout->addLayout(line);
        connect(m_free, &QPushButton::clicked, this, [this] { free(); });
        connect(close, &QPushButton::clicked, this, &QDialog::accept);
        connect(m_list, &QTreeWidget::itemChanged, this, [this] { update(); });
        update();
        read();
    }

private:
    void read()
    {
        if (!m_state.reader())
            return showRuns({});
        m_state.reader()->ask(this, readDisk, [this](Result<Runs> runs) {
            if (runs)
                showRuns(std::move(*runs));
            else
                m_says->setText(errorText(runs.error()));
        });
    }

    void showRuns(Runs runs)
    {
        m_runs = std::move(runs);
        const QSignalBlocker blocker(m_list);
        m_list->clear();
        const RunColumn& name = runColumns()[static_cast<size_t>(columnOf(u"name"_s))];
        for (const RunOnDisk& run : m_runs) {
            const bool hasSpare = run.use.spare > 0;
            auto* item = new QTreeWidgetItem(
                m_list, {u'#' + QString::number(run.row.runId), cellText(name, run.row),
                         statusText(run.row), bytesText(run.use.bytes),
                         hasSpare ? bytesText(run.use.spare) : u"—"_s});
            item->setSizeHint(0, {0, fontMetrics().height() + 8});
            for (const int column : {3, 4})
                item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
            if (hasSpare)
                item->setCheckState(0, Qt::Checked);
        }
        m_isRead = true;
        update();
    }

    [[nodiscard]] std::pair<std::vector<int64_t>, uint64_t> chosen() const
    {
        std::pair<std::vector<int64_t>, uint64_t> chosen;
        for (int at = 0; at < m_list->topLevelItemCount(); ++at) {
            const RunOnDisk& run = m_runs[static_cast<size_t>(at)];
            if (run.use.spare == 0 || m_list->topLevelItem(at)->checkState(0) != Qt::Checked)
                continue;
            chosen.first.push_back(run.row.runId);
            chosen.second += run.use.spare;
        }
        return chosen;
    }

    void update()
    {
        const auto [runs, bytes] = chosen();
        m_isAsking = false;
        m_free->setText(bytes > 0 ? DiskText::tr("Free %1…").arg(bytesText(bytes))
                                  : DiskText::tr("Free Space…"));
        m_free->setEnabled(bytes > 0 && m_state.readOnlyReason().isEmpty());
        if (!m_isRead)
            return;
        m_says->setText(
            m_runs.empty() ? DiskText::tr("No run of this project keeps files on disk.")
            : bytes == 0
                ? DiskText::tr("Nothing is kept without need. Runs that can go on keep their "
                               "resume states, and models are results.")
                : DiskText::tr("Not needed are the resume states of finished runs: these runs "
                               "never go on. Models, results and runs that can go on stay."));
    }

    /// The first click says what will be gone, the second one does it.
    void free()
    {
        const auto [runs, bytes] = chosen();
        if (!std::exchange(m_isAsking, true)) {
            m_says->setText(
                DiskText::tr("The resume states of %1, %2, will be gone, and no undo brings them "
                             "back. Models and results stay.")
                    .arg(countedText(static_cast<int64_t>(runs.size()), DiskText::tr("%1 run"),
                                     DiskText::tr("%1 runs")),
                         bytesText(bytes)));
            m_free->setText(DiskText::tr("Remove Resume States"));
            return;
        }
        m_state.apply(
            DiskText::tr("freeing disk space"),
            [runs = runs](store::Project& project) -> Result<void> {
                const auto freed = store::removeSpareStates(project, runs);
                return freed ? Result<void>() : Result<void>(Failure(freed.error()));
            },
            [self = QPointer<DiskSpaceDialog>(this)] {
                if (self)
                    self->read();
            });
    }

    AppState& m_state;
    Runs m_runs;
    QTreeWidget* m_list = nullptr;
    QLabel* m_says = nullptr;
    QPushButton* m_free = nullptr;
    bool m_isRead = false;
    bool m_isAsking = false;
};

} // namespace

DialogInfo describe_disk_space_dialog();
DialogInfo describe_disk_space_dialog()
{
    return {u"disk_space"_s, 45, [](AppState& state, QWidget* parent) -> QDialog* {
                return new DiskSpaceDialog(state, parent);
            }};
}

} // namespace clwb::ui
