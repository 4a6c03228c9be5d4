// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep is handed to a cluster from the window: the script is that of `clwb slurm`, a job of it
// runs, and its result comes back.
#include "core/run/sweep_runner.h"
#include "tests/ui/pages/tiny_desk.h"
#include "ui/shell/actions.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QDialog>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

constexpr int kLongMs = 60000;

QString textOf(const QString& file)
{
    QFile opened(file);
    return opened.open(QIODevice::ReadOnly) ? QString::fromUtf8(opened.readAll()) : QString();
}

} // namespace

class TestSlurmDialog : public QObject, private test::TinyDesk
{
    Q_OBJECT

private:
    /// The project has the sweep, but none of its trials was trained.
    void storeSweep()
    {
        const std::filesystem::path root = ui::toPath(m_folder.path());
        const Json base{{"study", (root / "study" / "study.json").string()},
                        {"model", (root / "model").string()},
                        {"option", "WM"},
                        {"schedule", {{"epochs", 1}, {"batch_size", 4}, {"lr", 1e-3}}},
                        {"threads", 1}};
        std::ofstream(root / "grid.json") << Json{{"name", "it's a grid"},
                                                  {"base", base},
                                                  {"mode", "list"},
                                                  {"list",
                                                   {{{"method", "ft"}},
                                                    {{"method", "ft"}, {"option", "WM"}},
                                                    {{"method", "ft"}, {"seed", 1}}}}};
        const auto sweep = spec::readSweep(root / "grid.json");
        QVERIFY(sweep.has_value());
        const StopSource stopped;
        stopped.requestStop();
        run::SweepSetting setting;
        setting.project = root / "project.db";
        setting.stop = stopped.token();
        auto runner = run::SweepRunner::create(setting, run::definitionOf(*sweep));
        QVERIFY(runner.has_value());
        QVERIFY(runner->run({}, {}).has_value());
    }

    void openDialog()
    {
        QTest::mouseClick(find<QPushButton>(u"sweeps.cluster"_s), Qt::LeftButton);
        QTRY_VERIFY(find<QDialog>(u"dialog.slurm"_s));
        QTRY_COMPARE(find<QLabel>(u"slurm.title"_s)->text(), u"it's a grid"_s);
    }

    void closeDialog()
    {
        QTest::mouseClick(find<QPushButton>(u"slurm.close"_s), Qt::LeftButton);
        QTRY_VERIFY(!find<QDialog>(u"dialog.slurm"_s));
    }

    void type(const QString& field, const QString& text)
    {
        auto* edit = find<QLineEdit>(field);
        QVERIFY2(edit, qPrintable(field));
        edit->setFocus();
        edit->selectAll();
        QTest::keyClick(edit, Qt::Key_Delete);
        QTest::keyClicks(edit, text);
    }

    void save(const QString& file)
    {
        QTest::mouseClick(find<QPushButton>(u"slurm.save"_s), Qt::LeftButton);
        QTRY_VERIFY(find<QFileDialog>(u"slurm.saveFile"_s));
        auto* dialog = find<QFileDialog>(u"slurm.saveFile"_s);
        Q_EMIT dialog->fileSelected(file);
        dialog->close();
        QTRY_VERIFY(find<QPushButton>(u"slurm.save"_s)->isEnabled());
    }

    [[nodiscard]] QString preview()
    {
        return find<QPlainTextEdit>(u"slurm.preview"_s)->toPlainText();
    }

private Q_SLOTS:
    void initTestCase()
    {
        makeData();
        storeSweep();
        ui::Engine engine = realEngine();
        engine.commandLine = CLWB_PROGRAM;
        showWindow(engine, {1200, 800});
        m_window->showPage(u"sweeps"_s);
        auto* action = m_window->actions().action(u"sweeps.cluster"_s);
        QVERIFY(!action->isEnabled());
        QVERIFY(action->toolTip().contains(u"Open a sweep first"_s));
        m_state->openProject(at(u"project.db"_s));
        QTRY_VERIFY(find<QPushButton>(u"sweeps.cluster"_s)->isVisible());
        QVERIFY(action->isEnabled());
    }

    void writesWhatTheCommandLineWrites()
    {
        openDialog();
        QVERIFY(preview().contains(u"\ntrials=(1 3)\n"_s));
        type(u"slurm.results"_s, at(u"all results"_s));
        type(u"slurm.time"_s, u"01:00:00"_s);
        type(u"slurm.gres"_s, u"gpu:1"_s);
        type(u"slurm.mem"_s, u"32G"_s);
        type(u"slurm.at-once"_s, u"4"_s);
        find<QPlainTextEdit>(u"slurm.further"_s)->setFocus();
        QTest::keyClicks(find<QPlainTextEdit>(u"slurm.further"_s), u"--constraint=a b"_s);
        QVERIFY(find<QPlainTextEdit>(u"slurm.preview"_s)->isEnabled());
        QVERIFY(!QFile::exists(at(u"all results"_s))); // looking writes nothing
        save(at(u"job.sh"_s));
        QVERIFY(find<QLabel>(u"slurm.says"_s)->text().contains(u"sbatch "_s + at(u"job.sh"_s)));
        QCOMPARE(textOf(at(u"job.sh"_s)), preview());
        QProcess clwb;
        clwb.start(QStringLiteral(CLWB_PROGRAM),
                   {u"slurm"_s, at(u"all results/sweep.json"_s), u"--results"_s,
                    at(u"all results"_s), u"--gres"_s, u"gpu:1"_s, u"--time"_s, u"01:00:00"_s,
                    u"--mem"_s, u"32G"_s, u"--at-once"_s, u"4"_s, u"--sbatch=--constraint=a b"_s});
        QVERIFY(clwb.waitForFinished(kLongMs));
        QCOMPARE(clwb.exitCode(), 0);
        QCOMPARE(preview(), QString::fromUtf8(clwb.readAllStandardOutput()));
    }

    void copies()
    {
        QTest::mouseClick(find<QPushButton>(u"slurm.copy"_s), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), textOf(at(u"job.sh"_s)));
    }

    void explainsWhatIsWrongAtTheField_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("bad");
        QTest::addColumn<QString>("good");
        QTest::addColumn<QString>("says");
        const auto add = [](const char* field, const char* bad, const char* good,
                            const char* says) {
            QTest::newRow(field) << QString::fromUtf8(field) << QString::fromUtf8(bad)
                                 << QString::fromUtf8(good) << QString::fromUtf8(says);
        };
        add("--time", "two days", "2-12", "24:00:00");
        add("--mem", "lots", "500M", "32G");
        add("--cpus-per-task", "0", "8", "whole number");
        add("--partition", "big one", "big,small", "commas");
        add("--account", "my money", "money", "without spaces");
        add("--gres", "gpu 1", "gpu:1", "gpu:1");
        add("at-once", "0", "4", "from 1");
        add("program", "clwb", CLWB_PROGRAM, "from the root");
    }

    void explainsWhatIsWrongAtTheField()
    {
        QFETCH(QString, field);
        QFETCH(QString, bad);
        QFETCH(QString, good);
        QFETCH(QString, says);
        const QString name = u"slurm."_s + (field.startsWith(u"--"_s) ? field.mid(2) : field);
        auto* problem = find<QLabel>(u"slurm.problem."_s + field);
        QVERIFY(problem && problem->isHidden());
        type(name, bad);
        QVERIFY(!problem->isHidden());
        QVERIFY2(problem->text().contains(says), qPrintable(problem->text()));
        for (const char* button : {"slurm.save", "slurm.copy"}) {
            auto* shown = find<QPushButton>(QString::fromLatin1(button));
            QVERIFY(!shown->isEnabled());
            QVERIFY(shown->toolTip().contains(u"marked fields"_s));
        }
        QVERIFY(!preview().contains(u'=' + bad + u'\n')); // nothing of it gets into a script
        QVERIFY(!find<QPlainTextEdit>(u"slurm.preview"_s)->isEnabled());
        type(name, good);
        QVERIFY(problem->isHidden());
        QVERIFY(find<QPushButton>(u"slurm.save"_s)->isEnabled());
    }

    void keepsTheScriptsOwnOptions()
    {
        auto* further = find<QPlainTextEdit>(u"slurm.further"_s);
        auto* problem = find<QLabel>(u"slurm.problem.further"_s);
        for (const QString& bad : {u"constraint=a"_s, u"--array=0-3"_s, u"--wrap ls"_s}) {
            further->setPlainText(u"--exclusive\n"_s + bad);
            QVERIFY2(!problem->isHidden(), qPrintable(bad));
        }
        further->setPlainText(u"--exclusive\n\n --nice=3 \n"_s);
        QVERIFY(problem->isHidden());
        QVERIFY(preview().contains(u"\n#SBATCH --exclusive\n#SBATCH --nice=3\n"_s));
        auto* setup = find<QPlainTextEdit>(u"slurm.setup"_s);
        setup->setPlainText(u"#SBATCH --mem=3G"_s);
        QVERIFY(find<QLabel>(u"slurm.problem.setup"_s)->text().contains(u"--mem=3G"_s));
        setup->setPlainText(u"module load cuda"_s);
        QVERIFY(preview().contains(u"\nmodule load cuda\n"_s));
        setup->clear();
    }

    void leavesOldFilesWhereItCannotWrite()
    {
        const QString before = textOf(at(u"job.sh"_s));
        type(u"slurm.time"_s, u"02:00:00"_s);
        // The folder of the results has the trials of another sweep.
        QVERIFY(QDir(m_folder.path()).mkpath(u"other"_s));
        std::ofstream(ui::toPath(at(u"other/sweep.json"_s))) << "{}\n";
        type(u"slurm.results"_s, at(u"other"_s));
        save(at(u"job.sh"_s));
        QVERIFY(find<QLabel>(u"slurm.says"_s)->text().contains(u"belongs to another sweep"_s));
        QCOMPARE(textOf(at(u"job.sh"_s)), before);
        QCOMPARE(textOf(at(u"other/sweep.json"_s)), u"{}\n"_s);
        // Nothing half written is left beside a name that cannot be replaced.
        type(u"slurm.results"_s, at(u"all results"_s));
        QVERIFY(QDir(m_folder.path()).mkpath(u"taken.sh/inside"_s));
        save(at(u"taken.sh"_s));
        QVERIFY(find<QLabel>(u"slurm.says"_s)->text().contains(u"was not saved"_s));
        QVERIFY(QDir(m_folder.path()).entryList({u"*.tmp-*"_s}, QDir::Files).isEmpty());
        QVERIFY(QDir(at(u"taken.sh"_s)).exists(u"inside"_s));
        save(at(u"job.sh"_s));
        QVERIFY(textOf(at(u"job.sh"_s)).contains(u"--time=02:00:00"_s));
        closeDialog();
    }

    void remembersSettings()
    {
        openDialog();
        QCOMPARE(find<QLineEdit>(u"slurm.time"_s)->text(), u"02:00:00"_s);
        QCOMPARE(find<QLineEdit>(u"slurm.results"_s)->text(), at(u"it_s_a_grid-results"_s));
        closeDialog();
    }

    void bringsResultsBack()
    {
        // A node: srun runs its words.
        QVERIFY(QDir(m_folder.path()).mkpath(u"tools"_s) &&
                QDir(m_folder.path()).mkpath(u"disk"_s));
        const std::filesystem::path srun = ui::toPath(at(u"tools/srun"_s));
        std::ofstream(srun) << "#!/bin/bash\nshift\nexec \"$@\"\n";
        std::filesystem::permissions(srun, std::filesystem::perms::owner_all);
        QProcess job;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"PATH"_s, at(u"tools"_s) + u':' + environment.value(u"PATH"_s));
        environment.insert(u"SLURM_ARRAY_TASK_ID"_s, u"1"_s);
        environment.insert(u"SLURM_TMPDIR"_s, at(u"disk"_s));
        job.setProcessEnvironment(environment);
        job.start(u"/bin/bash"_s, {at(u"job.sh"_s)});
        QVERIFY(job.waitForFinished(kLongMs));
        QVERIFY2(job.exitCode() == 0, job.readAllStandardError().constData());
        openDialog();
        type(u"slurm.results"_s, at(u"nowhere"_s));
        QTest::mouseClick(find<QPushButton>(u"slurm.import"_s), Qt::LeftButton);
        QTRY_COMPARE(m_problems.size(), 1);
        QVERIFY2(m_problems.front().contains(u"no results are in"_s),
                 qPrintable(m_problems.front()));
        QTRY_VERIFY(!find<QDialog>(u"dialog.slurm"_s));
        openDialog();
        type(u"slurm.results"_s, at(u"all results"_s));
        QTest::mouseClick(find<QPushButton>(u"slurm.import"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_done.size(), 1, kLongMs);
        QVERIFY2(m_done.front().contains(u"1 run came"_s) &&
                     m_done.front().contains(u"1 trial of the sweep is newly done"_s),
                 qPrintable(m_done.front()));
        QTRY_COMPARE(m_state->runs().size(), size_t{1});
        QTRY_COMPARE(find<QLabel>(u"sweeps.progress"_s)->text(),
                     u"Sweep · 1 of 2 done · 1 to do"_s);
        QTRY_VERIFY(!find<QDialog>(u"dialog.slurm"_s));
        openDialog();
        QVERIFY(find<QCheckBox>(u"slurm.onlyToDo"_s)->isEnabled());
        QVERIFY(preview().contains(u"\ntrials=(1)\n"_s)); // trial 3 was task 1
        QTest::mouseClick(find<QCheckBox>(u"slurm.onlyToDo"_s), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(preview().contains(u"\ntrials=(1 3)\n"_s));
        closeDialog();
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_state.reset();
    }
};

QTEST_MAIN(TestSlurmDialog)
#include "tst_slurm_dialog.moc"
