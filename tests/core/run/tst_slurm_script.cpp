// SPDX-License-Identifier: GPL-3.0-or-later
// The job-array script as text and as what bash makes of it; what a job needs of a sweep.
#include "core/run/slurm_script.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace clwb;
namespace fs = std::filesystem;

namespace
{

spec::Sweep sweepOf(const std::vector<int>& numbers)
{
    spec::Sweep sweep;
    sweep.name = "it's a table";
    for (const int number : numbers)
        sweep.trials.push_back({number, Json::object(), {}});
    return sweep;
}

} // namespace

class TestSlurmScript : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesOnlyOptions()
    {
        for (const char* good : {"--constraint=a b", "--exclusive", "--time=1"})
            QCOMPARE(*run::sbatchOption(good), std::string(good));
        for (const char* bad : {"", "--", "time=1", "-t 1", "--time=1\n#SBATCH --wrap=x", "--x\t"})
            QVERIFY2(!run::sbatchOption(bad), bad);
        QCOMPARE(run::sbatchOption("x").error().message,
                 std::string("--sbatch: expected an option like --constraint=a100, got x"));
    }

    void countsJobs()
    {
        QCOMPARE(*run::slurmJobsAtOnce("1"), 1);
        QCOMPARE(*run::slurmJobsAtOnce("100000"), 100000);
        for (const char* bad : {"", "0", "-1", "1.5", "many", "100001"})
            QVERIFY2(!run::slurmJobsAtOnce(bad), bad);
        QVERIFY(run::slurmJobsAtOnce("0").error().code == ErrorCode::Usage);
    }

    void makesPathsAbsolute()
    {
        const run::SlurmJob job = run::slurmJobOf(
            sweepOf({1, 3}), "/bin/clwb", "s.json",
            {{"study=a/b.json", R"(model="m")", "seed=3"}, "demo"}, "some/../results");
        const std::string here = fs::current_path().string();
        QCOMPARE(job.trials, (std::vector<int>{1, 3}));
        QCOMPARE(job.results.string(), here + "/results");
        QCOMPARE(job.sweep, (std::vector<std::string>{here + "/s.json", "--preset", "demo", "--set",
                                                      "study=" + here + "/a/b.json", "--set",
                                                      "model=" + here + "/m", "--set", "seed=3"}));
    }

    void runsSetupLinesBeforeAnythingElse()
    {
        const QTemporaryDir folder;
        run::SlurmJob job = run::slurmJobOf(sweepOf({2}), "/bin/echo", "s.json", {},
                                            fs::path(folder.path().toStdString()) / "it's here");
        const std::string plain = run::slurmScript(job);
        QVERIFY(plain.find("\n#SBATCH --job-name=clwb-it_s_a_table\n") != std::string::npos);
        job.setup = {"export GREETING=hello", "echo $UNSET$GREETING"}; // before set -u
        const std::string script = run::slurmScript(job);
        QVERIFY(script.find("\nexport GREETING=hello\n") < script.find("set -u"));
        job.setup.clear();
        QCOMPARE(run::slurmScript(job), plain);
        QProcess bash;
        bash.start(QStringLiteral("/bin/bash"),
                   {QStringLiteral("-c"), QString::fromStdString(script), QStringLiteral("script"),
                    QStringLiteral("merge"), QStringLiteral("all.db")});
        QVERIFY(bash.waitForFinished());
        const QString said = QString::fromUtf8(bash.readAllStandardOutput());
        QCOMPARE(said, QStringLiteral("hello\nimport %1/it's here/trial-*/trial.db --db all.db\n")
                           .arg(folder.path()));
        QCOMPARE(bash.exitCode(), 0);
    }
};

QTEST_APPLESS_MAIN(TestSlurmScript)
#include "tst_slurm_script.moc"
