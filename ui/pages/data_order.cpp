// SPDX-License-Identifier: GPL-3.0-or-later
// The tab "Class order": classes are moved, sessions resized, the result saved as a new study.
#include "core/run/study_draft.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/study_order_model.h"
#include "ui/pages/data_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/flow_layout.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QTreeView>

#include <algorithm>
#include <numeric>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// "10, 10, 5"
QString sizesText(const std::vector<int>& sizes)
{
    QStringList parts;
    for (const int size : sizes)
        parts << QString::number(size);
    return parts.join(u", "_s);
}

/// Nothing when it is no list of positive numbers.
std::optional<std::vector<int>> sizesFromText(const QString& text)
{
    std::vector<int> sizes;
    for (const QString& part : text.split(u',')) {
        bool isNumber = false;
        const int size = part.trimmed().toInt(&isNumber);
        if (!isNumber || size < 1)
            return std::nullopt;
        sizes.push_back(size);
    }
    return sizes;
}

std::vector<int> chosenClassRows(const QTreeView& list)
{
    std::vector<int> rows;
    for (const QModelIndex& index : list.selectionModel()->selectedRows())
        rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

} // namespace

QWidget* DataPage::makeOrder()
{
    auto* tab = new QWidget(m_stack);
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 6, 0, 0);
    column->addLayout(makeSessionControls(tab));
    m_order = makeTable(u"data.order"_s, tr("Class order"), tab);
    m_order->setModel(m_orderModel);
    m_order->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_order->setDragDropMode(QAbstractItemView::InternalMove);
    m_order->setDragDropOverwriteMode(false);
    m_order->setDropIndicatorShown(true);
    m_order->header()->setStretchLastSection(false);
    m_order->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_order->header()->setSectionResizeMode(StudyOrderModel::Name, QHeaderView::Stretch);
    column->addWidget(m_order, 1);
    m_orderSays = makeLabel({}, tab);
    nameWidget(m_orderSays, u"data.orderSays"_s, tr("What the order comes to"));
    m_orderSays->setWordWrap(true);
    column->addWidget(m_orderSays);
    column->addLayout(makeOrderButtons(tab));
    const auto addKey = [this](const QKeySequence& keys, int by) {
        auto* shortcut = new QShortcut(keys, m_order);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, by] { moveChosen(by); });
    };
    addKey(QKeySequence(Qt::ALT | Qt::Key_Up), -1);
    addKey(QKeySequence(Qt::ALT | Qt::Key_Down), 1);
    connect(m_order->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &DataPage::showOrder);
    connect(m_orderModel, &StudyOrderModel::rowsMovedTo, this, [this](int first, int count) {
        m_order->selectionModel()->select(QItemSelection(m_orderModel->index(first, 0),
                                                         m_orderModel->index(first + count - 1, 0)),
                                          QItemSelectionModel::ClearAndSelect |
                                              QItemSelectionModel::Rows);
    });
    return tab;
}

QLayout* DataPage::makeSessionControls(QWidget* parent)
{
    auto* line = new FlowLayout;
    line->setSpacing(8);
    QLabel* sessions = makeLabel(tr("&Sessions"), parent);
    m_sessions = new QSpinBox(parent);
    nameWidget(m_sessions, u"data.sessions"_s, tr("Number of sessions"));
    m_sessions->setToolTip(tr("Parts the classes equally; where that is impossible, the first "
                              "sessions have one class more"));
    m_sessions->setKeyboardTracking(false);
    sessions->setBuddy(m_sessions);
    connect(m_sessions, &QSpinBox::valueChanged, this,
            [this](int count) { m_orderModel->setEqualParts(count); });
    line->addWidget(sessions);
    line->addWidget(m_sessions);
    QLabel* sizes = makeLabel(tr("C&lasses in each"), parent);
    m_sizes = new QLineEdit(parent);
    nameWidget(m_sizes, u"data.sizes"_s, tr("Classes in each session"));
    m_sizes->setToolTip(tr("A number for every session, parted by commas: 10, 10, 5"));
    m_sizes->setMinimumWidth(170);
    sizes->setBuddy(m_sizes);
    connect(m_sizes, &QLineEdit::editingFinished, this, &DataPage::applySizes);
    line->addWidget(sizes);
    line->addWidget(m_sizes);
    return line;
}

QLayout* DataPage::makeOrderButtons(QWidget* parent)
{
    auto* line = new FlowLayout;
    line->setSpacing(8);
    m_up = makeButton(u"data.up"_s, tr("Move Up"), parent);
    m_down = makeButton(u"data.down"_s, tr("Move Down"), parent);
    QPushButton* byName = makeButton(u"data.byName"_s, tr("Sort by Name"), parent);
    m_revert = makeButton(u"data.revert"_s, tr("As in the Study"), parent);
    m_save = makePrimary(u"data.saveOrder"_s, tr("Save as New Study…"), parent);
    connect(m_up, &QPushButton::clicked, this, [this] { moveChosen(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { moveChosen(1); });
    connect(byName, &QPushButton::clicked, m_orderModel, &StudyOrderModel::sortByName);
    connect(m_revert, &QPushButton::clicked, m_orderModel, &StudyOrderModel::returnToStudy);
    connect(m_save, &QPushButton::clicked, this, &DataPage::askAndSaveOrder);
    for (QPushButton* button : {m_up, m_down, byName, m_revert, m_save})
        line->addWidget(button);
    return line;
}

void DataPage::moveChosen(int by)
{
    const std::vector<int> rows = chosenClassRows(*m_order);
    if (rows.empty())
        return;
    const int target = by < 0 ? rows.front() - 1 : rows.back() + 2;
    if (target >= 0 && target <= m_orderModel->rowCount())
        m_orderModel->moveRowsTo(rows, target);
    m_order->scrollTo(m_order->currentIndex());
}

void DataPage::applySizes()
{
    const auto sizes = sizesFromText(m_sizes->text());
    const int classes = m_orderModel->rowCount();
    if (sizes && std::accumulate(sizes->begin(), sizes->end(), int64_t{0}) == classes)
        m_orderModel->setSizes(*sizes, tr("Change of Sessions"));
    showOrder();
}

void DataPage::showOrder()
{
    if (!m_order) // being made
        return;
    const auto& sizes = m_orderModel->state().sizes;
    const int classes = m_orderModel->rowCount();
    {
        const QSignalBlocker blocker(m_sessions);
        m_sessions->setRange(1, std::max(1, std::min(classes, 1000)));
        m_sessions->setValue(static_cast<int>(sizes.size()));
        m_sessions->setEnabled(classes > 0);
    }
    const auto typed = sizesFromText(m_sizes->text());
    const bool isTyping = m_sizes->isModified() && m_sizes->hasFocus();
    QString problem;
    if (m_sizes->isModified() && typed != sizes) {
        const int64_t sum = typed ? std::accumulate(typed->begin(), typed->end(), int64_t{0}) : 0;
        problem =
            typed ? tr("%1 classes in these sessions, but the study has %2").arg(sum).arg(classes)
                  : tr("Expected numbers parted by commas, such as 10, 10, 5");
    }
    if (problem.isEmpty() || (!isTyping && typed == sizes)) {
        m_sizes->setText(sizesText(sizes));
        m_sizes->setCursorPosition(0);
        problem.clear();
    }
    const bool isChanged = m_orderModel->isChanged();
    m_orderSays->setText(!problem.isEmpty() ? problem
                         : isChanged        ? tr("Not saved yet. The open study stays as it is.")
                                            : tr("Drag classes, or move them with Alt+Up and "
                                                        "Alt+Down; Ctrl+Z takes a move back."));
    setStyleFlag(m_orderSays, "problem", !problem.isEmpty());
    const std::vector<int> rows = chosenClassRows(*m_order);
    m_up->setEnabled(!rows.empty() && rows.front() > 0);
    m_down->setEnabled(!rows.empty() && rows.back() < classes - 1);
    const QString why = rows.empty() ? tr("Choose a class first") : tr("It is there already");
    m_up->setToolTip(m_up->isEnabled() ? tr("Alt+Up") : why);
    m_down->setToolTip(m_down->isEnabled() ? tr("Alt+Down") : why);
    m_revert->setEnabled(isChanged);
    m_revert->setToolTip(isChanged ? QString() : tr("Nothing was changed"));
    m_save->setEnabled(isChanged && problem.isEmpty() && !m_isSaving);
    m_save->setToolTip(m_save->isEnabled()  ? tr("Checked as before a run, then written")
                       : m_isSaving         ? tr("It is being saved")
                       : !problem.isEmpty() ? problem
                                            : tr("Change the order or the sessions first"));
}

void DataPage::askAndSaveOrder()
{
    const QFileInfo study(m_file);
    auto* dialog =
        new QFileDialog(this, tr("Save as New Study"),
                        study.path() + u'/' + study.completeBaseName() + u"-reordered.json"_s,
                        tr("Studies (*.json)"));
    dialog->setObjectName(u"data.saveDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // asks before it replaces a file
    dialog->setDefaultSuffix(u"json"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &DataPage::saveOrder);
    dialog->open();
}

void DataPage::saveOrder(const QString& file)
{
    m_isSaving = true;
    showOrder();
    m_reader->change(
        this,
        [view = m_view, sessions = m_orderModel->sessions(), path = toPath(file)] {
            return run::saveStudy(
                run::withSessions(view->contents().study, sessions, path.parent_path()), path, {});
        },
        [this, file](const Result<void>& saved) {
            m_isSaving = false;
            if (saved) {
                state().reportDone(tr("The study was saved"), file);
                showStudy(file);
            } else {
                state().reportProblem(tr("The study was not saved"), errorText(saved.error()));
                showOrder();
            }
        });
}

} // namespace clwb::ui
