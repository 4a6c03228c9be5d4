// SPDX-License-Identifier: GPL-3.0-or-later
// Form and preview of the Slurm script of a sweep; Save and Copy, and the import of its results.
#include "ui/dialogs/slurm_dialog.h"

#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/shell/app_state.h"
#include "ui/shell/cluster_job.h"
#include "ui/shell/cluster_results.h"
#include "ui/widgets/building.h"
#include "ui/widgets/cluster_form_view.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct SlurmText
{
    Q_DECLARE_TR_FUNCTIONS(SlurmDialog)
};

class SlurmDialog : public QDialog
{
public:
    SlurmDialog(AppState& state, std::optional<int64_t> sweepId, QWidget* parent)
        : QDialog(parent)
        , m_state(state)
        , m_background(new Background(this))
    {
        setObjectName(u"dialog.slurm"_s);
        setWindowTitle(SlurmText::tr("Hand to Cluster"));
        resize(1020, 690);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(18, 16, 18, 16);
        layout->setSpacing(10);
        m_title = makeTitle({}, this);
        m_title->setObjectName(u"slurm.title"_s);
        layout->addWidget(m_title);
        auto* line = new QHBoxLayout;
        line->setSpacing(16);
        m_form = new ClusterFormView(this);
        m_form->setFixedWidth(350);
        line->addWidget(m_form);
        line->addLayout(makePreview(), 1);
        layout->addLayout(line, 1);
        m_says = makeLabel({}, this);
        nameWidget(m_says, u"slurm.says"_s, SlurmText::tr("What was done"));
        m_says->setWordWrap(true);
        m_says->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(m_says);
        layout->addLayout(makeButtons());
        connect(m_form, &ClusterFormView::changed, this, [this] { check(); });
        m_title->setText(SlurmText::tr("Reading the sweep…"));
        check();
        read(sweepId);
    }

private:
    QLayout* makePreview()
    {
        auto* column = new QVBoxLayout;
        column->setSpacing(6);
        m_file = makeElided({}, this);
        m_file->setObjectName(u"slurm.file"_s);
        column->addWidget(m_file);
        m_preview = new QPlainTextEdit(this);
        nameWidget(m_preview, u"slurm.preview"_s, SlurmText::tr("The script"));
        m_preview->setReadOnly(true);
        m_preview->setTabChangesFocus(true);
        m_preview->setLineWrapMode(QPlainTextEdit::NoWrap);
        QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPointSizeF(m_preview->font().pointSizeF());
        m_preview->setFont(font);
        column->addWidget(m_preview, 1);
        m_explanation = makeMuted({}, this);
        m_explanation->setObjectName(u"slurm.explanation"_s);
        m_explanation->setWordWrap(true);
        column->addWidget(m_explanation);
        return column;
    }

    QLayout* makeButtons()
    {
        auto* line = new QHBoxLayout;
        m_import = makeButton(u"slurm.import"_s, SlurmText::tr("Import Results"), this);
        m_copy = makeButton(u"slurm.copy"_s, SlurmText::tr("Copy"), this);
        m_save = makePrimary(u"slurm.save"_s, SlurmText::tr("Save…"), this);
        QPushButton* close = makeButton(u"slurm.close"_s, SlurmText::tr("Close"), this);
        line->addWidget(m_import);
        line->addStretch(1);
        for (QPushButton* button : {close, m_copy, m_save})
            line->addWidget(button);
        connect(m_import, &QPushButton::clicked, this, [this] {
            m_form->remember(m_state.settings());
            importClusterResults(m_state, m_sweep->sweepId, m_form->form().results);
            accept(); // the window tells how it went
        });
        connect(m_copy, &QPushButton::clicked, this, [this] { copy(); });
        connect(m_save, &QPushButton::clicked, this, [this] { askForFile(); });
        connect(close, &QPushButton::clicked, this, &QDialog::reject);
        return line;
    }

    void read(std::optional<int64_t> sweepId)
    {
        if (!m_state.reader()) {
            showProblem(SlurmText::tr("No project is open"));
            return;
        }
        m_state.reader()->ask(
            this, [sweepId](store::Project& project) { return readClusterSweep(project, sweepId); },
            [this](Result<ClusterSweep> sweep) {
                if (sweep)
                    showSweep(std::move(*sweep));
                else
                    showProblem(errorText(sweep.error()));
            });
    }

    void showProblem(const QString& text)
    {
        m_title->setText(SlurmText::tr("There is no sweep to hand over"));
        say(text, true);
        check();
    }

    void showSweep(ClusterSweep sweep)
    {
        m_sweep = std::move(sweep);
        m_title->setText(toQt(m_sweep->sweep.name));
        m_form->setTrials(m_sweep->sweep.trials.size(), m_sweep->toDo.size());
        m_form->restore(m_state.settings(), toQt(m_state.engine().commandLine),
                        QFileInfo(m_state.projectFile()).absolutePath(), baseName());
        check();
    }

    [[nodiscard]] QString baseName() const
    {
        return toQt(run::slurmName(m_sweep ? m_sweep->sweep.name : std::string()));
    }

    void check()
    {
        const ClusterForm now = m_form->form();
        const bool isValid = m_sweep && now.isValid();
        if (m_sweep)
            m_form->showProblems();
        if (isValid) {
            const QString script = toQt(run::slurmScript(now.jobFor(*m_sweep)));
            if (m_preview->toPlainText() != script)
                m_preview->setPlainText(script);
        }
        m_preview->setEnabled(isValid);
        const QString why = !m_sweep   ? SlurmText::tr("No sweep was read")
                            : !isValid ? SlurmText::tr("Correct the marked fields first")
                                       : QString();
        const QString whyNoImport = !m_sweep ? why
                                    : !now.problemOf("results").isEmpty()
                                        ? SlurmText::tr("Say in which folder the results are")
                                        : m_state.readOnlyReason();
        const auto allow = [](QPushButton* button, const QString& reason, const QString& tip) {
            button->setEnabled(reason.isEmpty());
            button->setToolTip(reason.isEmpty() ? tip : reason);
        };
        allow(m_save, m_isSaving ? SlurmText::tr("It is being saved") : why, {});
        allow(m_copy, why, SlurmText::tr("Copies the script; the trials are written by Save"));
        allow(m_import, whyNoImport,
              SlurmText::tr("Brings the runs that jobs have left in the folder for the results "
                            "into this project"));
        explain(now);
    }

    void explain(const ClusterForm& now)
    {
        m_file->setText(
            m_sweep ? SlurmText::tr("%1.sh · Slurm job array, a job a trial").arg(baseName())
                    : QString());
        if (!m_sweep)
            return;
        const QString script = baseName() + u".sh"_s;
        m_explanation->setText(
            SlurmText::tr(
                "Save also writes the trials into %1/sweep.json. Submit with “sbatch %2”. Each "
                "job trains one trial in a project of its own; two minutes before its time limit "
                "it stops with a checkpoint and is put back into the queue.\n"
                "Afterwards Import Results brings the runs from the folder into this project, and "
                "the sweep shows their trials as done; so does “bash %2 merge PROJECT.db” for any "
                "project. The nodes need, under the same paths: %3")
                .arg(QFileInfo(now.results).fileName(), script,
                     m_sweep->sharedFiles.join(u", "_s)));
    }

    void say(const QString& text, bool isProblem)
    {
        setStyleFlag(m_says, "problem", isProblem);
        m_says->setText(text);
        m_says->setVisible(!text.isEmpty());
    }

    void copy()
    {
        QGuiApplication::clipboard()->setText(m_preview->toPlainText());
        m_form->remember(m_state.settings());
        say(SlurmText::tr("Copied. Its jobs read the trials from %1, which Save writes.")
                .arg(toQt(sweepFileIn(toPath(m_form->form().results)))),
            false);
    }

    void askForFile()
    {
        const QFileInfo results(m_form->form().results);
        auto* dialog = new QFileDialog(this, SlurmText::tr("Save Slurm Script"), results.path(),
                                       SlurmText::tr("Scripts (*.sh)"));
        dialog->setObjectName(u"slurm.saveFile"_s);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setDefaultSuffix(u"sh"_s);
        dialog->selectFile(baseName() + u".sh"_s);
        connect(dialog, &QFileDialog::fileSelected, this,
                [this](const QString& file) { save(file); });
        dialog->open();
    }

    void save(const QString& file)
    {
        m_form->remember(m_state.settings());
        m_isSaving = true;
        check();
        m_background->change(
            this,
            [sweep = *m_sweep, job = m_form->form().jobFor(*m_sweep), path = toPath(file)] {
                return saveClusterJob(sweep, job, path);
            },
            [this, file](Result<void> saved) {
                m_isSaving = false;
                check();
                if (saved)
                    say(SlurmText::tr("Saved. On the cluster: sbatch %1").arg(file), false);
                else
                    say(SlurmText::tr("%1 was not saved: %2")
                            .arg(QFileInfo(file).fileName(), errorText(saved.error())),
                        true);
            });
    }

    AppState& m_state;
    Background* m_background;
    std::optional<ClusterSweep> m_sweep;
    ClusterFormView* m_form = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_file = nullptr;
    QLabel* m_explanation = nullptr;
    QLabel* m_says = nullptr;
    QPlainTextEdit* m_preview = nullptr;
    QPushButton* m_import = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_save = nullptr;
    bool m_isSaving = false;
};

} // namespace

QDialog* openSlurmDialog(AppState& state, std::optional<int64_t> sweepId, QWidget* parent)
{
    auto* dialog = new SlurmDialog(state, sweepId, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    return dialog;
}

DialogInfo describe_slurm_dialog();
DialogInfo describe_slurm_dialog()
{
    return {u"slurm"_s, 50, [](AppState& state, QWidget* parent) -> QDialog* {
                return new SlurmDialog(state, std::nullopt, parent);
            }};
}

} // namespace clwb::ui
