// SPDX-License-Identifier: GPL-3.0-or-later
// Tab Parameters: how the chosen configurations differ, with their metrics; or the settings of two
// of them as text, line by line.
#include "ui/models/parameter_table.h"
#include "ui/models/run_name.h"
#include "ui/models/spec_diff.h"
#include "ui/pages/compare_tab.h"
#include "ui/shell/app_state.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/flow_layout.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QSyntaxHighlighter>
#include <QTreeView>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Colours the lines of a diff; their signs say the same without colour.
class DiffColours : public QSyntaxHighlighter
{
public:
    DiffColours(QTextDocument* document, const QWidget* widget)
        : QSyntaxHighlighter(document)
        , m_widget(widget)
    {}

protected:
    void highlightBlock(const QString& text) override
    {
        const Theme& theme = themeOf(m_widget->palette());
        const bool isName = text.startsWith("---"_L1) || text.startsWith("+++"_L1);
        QTextCharFormat format;
        format.setForeground(isName                  ? theme.muted
                             : text.startsWith(u'-') ? theme.bad
                             : text.startsWith(u'+') ? theme.good
                                                     : theme.text);
        setFormat(0, static_cast<int>(text.size()), format);
    }

private:
    const QWidget* m_widget;
};

class ParametersTab : public CompareTab
{
public:
    ParametersTab(AppState& state, QWidget* parent);

    Figure mainFigure() override
    {
        Figure figure{.name = u"parameters"_s};
        figure.table = m_model->table();
        return figure;
    }

protected:
    void refresh() override;

private:
    void makeDiff();
    void showDiff();
    QCheckBox* addCheck(const QString& name, const QString& title, bool isOn);

    Card* m_card;
    FlowLayout* m_choices = nullptr; ///< one below the other where the window is narrow
    DataTableModel* m_model;
    QStackedWidget* m_stack = nullptr; ///< the table, the diff
    QTreeView* m_view = nullptr;
    QWidget* m_diff = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QComboBox* m_a = nullptr;
    QComboBox* m_b = nullptr;
    PairChoice* m_pair = nullptr;
    QCheckBox* m_differing = nullptr;
    QCheckBox* m_transposed = nullptr;
    QCheckBox* m_asText = nullptr;
};

ParametersTab::ParametersTab(AppState& state, QWidget* parent)
    : CompareTab(state, parent)
    , m_card(new Card(tr("Parameters and metrics"), {}, this))
    , m_model(new DataTableModel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_card);
    auto* choices = new QWidget(m_card);
    m_choices = new FlowLayout(choices);
    m_choices->setSpacing(12);
    m_card->body()->addWidget(choices);
    m_differing = addCheck(u"compare.differing"_s, tr("Only what differs"), true);
    m_transposed = addCheck(u"compare.transposed"_s, tr("One row a configuration"), false);
    m_asText = addCheck(u"compare.textDiff"_s, tr("Text diff"), false);
    m_asText->setToolTip(tr("The settings of two runs as text, line by line"));
    m_stack = new QStackedWidget(m_card);
    m_view = makeTable(
        u"compare.parameters"_s, tr("Parameters and metrics"), [this] { return mainFigure(); },
        m_card);
    m_view->setModel(m_model);
    m_view->header()->setDefaultSectionSize(120);
    m_stack->addWidget(m_view);
    makeDiff();
    m_card->body()->addWidget(m_stack, 1);
    addExport(*m_card, u"compare.export.parameters"_s, tr("parameters"),
              [this] { return mainFigure(); });
}

void ParametersTab::makeDiff()
{
    m_diff = new QWidget(m_stack);
    auto* column = new QVBoxLayout(m_diff);
    column->setContentsMargins(0, 0, 0, 0);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    m_a = makeCombo(u"compare.diffA"_s, tr("Settings of A"), m_diff);
    m_b = makeCombo(u"compare.diffB"_s, tr("Settings of B"), m_diff);
    m_pair = new PairChoice(m_a, m_b, this);
    connect(m_pair, &PairChoice::changed, this, &ParametersTab::showDiff);
    QPushButton* copy = makeLink(u"compare.copyDiff"_s, tr("Copy Diff"), m_diff);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_text->toPlainText()); });
    line->addWidget(makeMuted(tr("A"), m_diff));
    line->addWidget(m_a);
    line->addWidget(makeMuted(tr("B"), m_diff));
    line->addWidget(m_b);
    line->addStretch(1);
    line->addWidget(copy);
    column->addLayout(line);
    m_text = new QPlainTextEdit(m_diff);
    m_text->setTabChangesFocus(true);
    nameWidget(m_text, u"compare.diff"_s, tr("Settings line by line"));
    m_text->setReadOnly(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    new DiffColours(m_text->document(), m_text);
    column->addWidget(m_text, 1);
    m_stack->addWidget(m_diff);
}

void ParametersTab::showDiff()
{
    const ComparedEntry* a = comparison().find(m_pair->a());
    const ComparedEntry* b = comparison().find(m_pair->b());
    if (!a || !b) {
        m_text->clear();
        return;
    }
    const report::ReportRun& runA = a->runs.front();
    const report::ReportRun& runB = b->runs.front();
    const std::vector<DiffLine> lines = specDiff(runA, runB);
    const auto differing = std::count_if(lines.begin(), lines.end(), [](const DiffLine& line) {
        return line.kind != DiffLine::Kind::Same;
    });
    m_text->setPlainText(
        diffText(lines, runTitle(runA), runTitle(runB),
                 m_differing->isChecked() ? DiffLines::Differing : DiffLines::All));
    m_card->setSubtitle(differing == 0 ? tr("the same settings")
                                       : tr("%1 lines differ").arg(differing));
}

QCheckBox* ParametersTab::addCheck(const QString& name, const QString& title, bool isOn)
{
    auto* check = new QCheckBox(title, m_card);
    nameWidget(check, name, title);
    check->setChecked(isOn);
    connect(check, &QCheckBox::toggled, this, [this] { refresh(); });
    m_choices->addWidget(check);
    return check;
}

void ParametersTab::refresh()
{
    if (!hasComparison())
        return;
    const std::vector<const ComparedEntry*> shown = comparison().shown();
    m_stack->setCurrentWidget(m_asText->isChecked() ? m_diff : m_view);
    m_transposed->setEnabled(!m_asText->isChecked());
    m_pair->setEntries(shown);
    if (m_asText->isChecked())
        return showDiff();
    const bool isDiffering = m_differing->isChecked();
    DataTable table =
        parameterTable(shown, isDiffering ? WhichParameters::Differing : WhichParameters::All);
    if (m_transposed->isChecked())
        table = transposed(table);
    m_model->setTable(std::move(table));
    for (int column = 0; column < m_model->columnCount(); ++column) {
        m_view->resizeColumnToContents(column);
        m_view->setColumnWidth(column, std::clamp(m_view->columnWidth(column) + 8, 70, 260));
    }
    const int equal = equalParameters(shown);
    m_card->setSubtitle(shown.empty() ? QString()
                        : isDiffering
                            ? tr("%1 parameters are the same in all and left out").arg(equal)
                            : tr("%1 parameters are the same in all").arg(equal));
}

} // namespace

CompareTab* makeParametersTab(AppState& state, QWidget* parent)
{
    return new ParametersTab(state, parent);
}

} // namespace clwb::ui
