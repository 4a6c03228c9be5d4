// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cluster_form_view.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/settings.h"
#include "ui/widgets/building.h"
#include "ui/widgets/path_edit.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// How the form asks for an option of sbatch.
struct OptionLook
{
    const char* name;
    const char* title;
    const char* example;
};
constexpr OptionLook kOptionLooks[] = {
    {"--partition", QT_TRANSLATE_NOOP("clwb::ui::ClusterFormView", "Partition"), "gpu"},
    {"--account", QT_TRANSLATE_NOOP("clwb::ui::ClusterFormView", "Account"), "my-project"},
    {"--time", QT_TRANSLATE_NOOP("clwb::ui::ClusterFormView", "Time limit of a job"), "24:00:00"},
    {"--mem", QT_TRANSLATE_NOOP("clwb::ui::ClusterFormView", "Memory of a job"), "32G"},
    {"--cpus-per-task", QT_TRANSLATE_NOOP("clwb::ui::ClusterFormView", "CPU cores of a job"), "8"},
    {"--gres", QT_TRANSLATE_NOOP("clwb::ui::ClusterFormView", "GPUs and other resources"), "gpu:1"},
};

QString settingKey(const std::string& field)
{
    return u"slurm/"_s + toQt(field.starts_with("--") ? field.substr(2) : field);
}

} // namespace

ClusterFormView::ClusterFormView(QWidget* parent)
    : QScrollArea(parent)
{
    nameWidget(this, u"slurm.form"_s, tr("Settings of the jobs"));
    setFocusPolicy(Qt::NoFocus);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 10, 0);
    column->setSpacing(9);
    m_onlyToDo = new QCheckBox(tr("Only trials still to do"), content);
    nameWidget(m_onlyToDo, u"slurm.onlyToDo"_s, tr("Only trials still to do"));
    m_onlyToDo->setChecked(true);
    connect(m_onlyToDo, &QCheckBox::toggled, this, &ClusterFormView::changed);
    column->addWidget(m_onlyToDo);
    m_results = new PathEdit(u"slurm.results"_s, tr("Folder for the results"),
                             PathEdit::Kind::Folder, {}, content);
    addField(*column, "results", tr("Folder for the results, on a shared disk"), m_results,
             tr("All nodes must see it under this path (--results)"));
    addOptions(*column);
    addLines(*column);
    m_program =
        new PathEdit(u"slurm.program"_s, tr("Program clwb"), PathEdit::Kind::File, {}, content);
    addField(*column, "program", tr("Program clwb, as the nodes find it"), m_program,
             tr("The one beside this window, unless the nodes have it elsewhere"));
    for (PathEdit* path : {m_results, m_program})
        connect(path, &PathEdit::pathChanged, this, &ClusterFormView::changed);
    column->addStretch(1);
    setWidget(content);
    content->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
}

void ClusterFormView::addField(QVBoxLayout& column, const std::string& field, const QString& title,
                               QWidget* editor, const QString& tip)
{
    auto* part = new QVBoxLayout;
    part->setSpacing(3);
    QLabel* label = makeLabel(title);
    label->setBuddy(editor);
    label->setToolTip(tip);
    editor->setToolTip(tip);
    QLabel* problem = makeLabel({});
    problem->setObjectName(u"slurm.problem."_s + toQt(field));
    problem->setProperty("problem", true);
    problem->setWordWrap(true);
    part->addWidget(label);
    part->addWidget(editor);
    part->addWidget(problem);
    column.addLayout(part);
    problem->hide();
    m_fields[field] = {problem, editor};
}

QLineEdit* ClusterFormView::makeLine(const QString& name, const QString& title,
                                     const QString& example)
{
    auto* edit = new QLineEdit(this);
    nameWidget(edit, name, title);
    edit->setPlaceholderText(tr("e.g. %1").arg(example));
    connect(edit, &QLineEdit::textChanged, this, &ClusterFormView::changed);
    return edit;
}

QPlainTextEdit* ClusterFormView::makeLines(const QString& name, const QString& title,
                                           const QString& example)
{
    auto* edit = new QPlainTextEdit(this);
    nameWidget(edit, name, title);
    edit->setTabChangesFocus(true);
    edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    edit->setPlaceholderText(tr("e.g. %1").arg(example));
    edit->setFixedHeight(edit->fontMetrics().lineSpacing() * 3 + 24);
    connect(edit, &QPlainTextEdit::textChanged, this, &ClusterFormView::changed);
    return edit;
}

void ClusterFormView::addOptions(QVBoxLayout& column)
{
    for (const OptionLook& look : kOptionLooks) {
        const QString title = tr(look.title);
        const QString name = QString::fromLatin1(look.name);
        QString help;
        for (const run::SlurmOption& option : run::kSlurmOptions) {
            if (name == QLatin1StringView(option.name))
                help = QString::fromLatin1(option.help);
        }
        QLineEdit* edit =
            makeLine(u"slurm."_s + name.mid(2), title, QString::fromLatin1(look.example));
        addField(column, look.name, title, edit,
                 tr("%1 (%2); empty: the cluster's default").arg(help, name));
        m_options[look.name] = edit;
    }
}

void ClusterFormView::addLines(QVBoxLayout& column)
{
    m_atOnce = makeLine(u"slurm.at-once"_s, tr("Jobs at once"), u"4"_s);
    addField(column, "at-once", tr("Jobs at once"), m_atOnce,
             tr("How many jobs may run at the same time; empty: any number (--at-once)"));
    m_further =
        makeLines(u"slurm.further"_s, tr("Further options of sbatch"), u"--constraint=a100"_s);
    addField(column, "further", tr("Further options of sbatch, one a line"), m_further,
             tr("Each becomes a line #SBATCH of the script (--sbatch)"));
    m_setup = makeLines(u"slurm.setup"_s, tr("Lines to run first"), u"module load cuda"_s);
    addField(column, "setup", tr("Lines to run first"), m_setup,
             tr("Shell commands at the beginning of each job, such as modules to load and "
                "variables to set"));
}

void ClusterFormView::setTrials(size_t trials, size_t toDo)
{
    const bool isChoice = toDo > 0 && toDo < trials;
    m_onlyToDo->setChecked(toDo > 0);
    m_onlyToDo->setEnabled(isChoice);
    m_onlyToDo->setText(toDo == 0 ? tr("Only trials still to do (there are none)")
                        : isChoice
                            ? tr("Only the %1 of %2 trials still to do").arg(toDo).arg(trials)
                            : tr("Only trials still to do (all %1 are)").arg(trials));
    m_onlyToDo->setToolTip(isChoice
                               ? tr("Trials with a result, and those that run just now, get no "
                                    "job. Stopped ones begin anew: their checkpoints are here.")
                               : tr("There is nothing to choose: all trials get a job"));
}

void ClusterFormView::restore(const Settings& settings, const QString& program,
                              const QString& folder, const QString& name)
{
    const auto stored = [&](const std::string& field) {
        return settings.value(settingKey(field)).toString();
    };
    for (const auto& [option, edit] : m_options)
        edit->setText(stored(option));
    m_atOnce->setText(stored("at-once"));
    m_further->setPlainText(stored("further"));
    m_setup->setPlainText(stored("setup"));
    m_ownProgram = program;
    m_program->setPath(stored("program").isEmpty() ? program : stored("program"));
    m_results->setPath((stored("folder").isEmpty() ? folder : stored("folder")) + u'/' + name +
                       u"-results"_s);
}

void ClusterFormView::remember(Settings& settings) const
{
    const ClusterForm now = form();
    for (const auto& [option, value] : now.options)
        settings.setValue(settingKey(option), value);
    settings.setValue(settingKey("at-once"), now.atOnce);
    settings.setValue(settingKey("further"), now.further);
    settings.setValue(settingKey("setup"), now.setup);
    // The window's own may lie elsewhere next time.
    settings.setValue(settingKey("program"), now.program == m_ownProgram ? QString() : now.program);
    settings.setValue(settingKey("folder"), QFileInfo(now.results).path());
}

ClusterForm ClusterFormView::form() const
{
    ClusterForm form;
    form.program = m_program->path().trimmed();
    form.results = m_results->path().trimmed();
    for (const auto& [name, edit] : m_options)
        form.options[name] = edit->text().trimmed();
    form.further = m_further->toPlainText();
    form.atOnce = m_atOnce->text().trimmed();
    form.setup = m_setup->toPlainText();
    form.onlyToDo = m_onlyToDo->isChecked();
    return form;
}

void ClusterFormView::showProblems()
{
    const ClusterForm now = form();
    for (const auto& [field, shown] : m_fields) {
        const QString problem = now.problemOf(field);
        shown.problem->setText(problem);
        shown.problem->setVisible(!problem.isEmpty());
        shown.editor->setAccessibleDescription(problem);
        if (auto* path = qobject_cast<PathEdit*>(shown.editor))
            path->setProblem(problem);
        else
            setStyleFlag(shown.editor, "invalid", !problem.isEmpty());
    }
}

} // namespace clwb::ui
