// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a new run: fields of a method, changes from the preset, problems at their field.
#include "ui/models/run_form.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <set>
#include <tuple>

using namespace clwb;
using ui::RunForm;

namespace
{

RunForm filledForm()
{
    RunForm form;
    form.study = QStringLiteral("/data/study.json");
    form.model = QStringLiteral("/data/model");
    return form;
}

const spec::ParamDef& param(const char* key)
{
    return *spec::findParam(key);
}

bool hasField(const RunForm& form, const char* key)
{
    for (const spec::ParamDef* field : form.fields()) {
        if (field->key == key)
            return true;
    }
    return false;
}

} // namespace

class TestRunForm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void showsOnlyWhatTheMethodUses()
    {
        RunForm form = filledForm();
        QVERIFY(hasField(form, "params.M"));
        QVERIFY(!hasField(form, "params.alpha"));
        form.method = QStringLiteral("imm");
        QVERIFY(hasField(form, "params.alpha"));
        QVERIFY(!hasField(form, "params.M"));
    }

    void startsFromThePaper()
    {
        RunForm form = filledForm();
        QCOMPARE(form.text(param("schedule.epochs")), QStringLiteral("10"));
        form.setting = QStringLiteral("OST");
        QCOMPARE(form.text(param("schedule.epochs")), QStringLiteral("15"));
    }

    void makesOneSpecForEachSeed()
    {
        RunForm form = filledForm();
        form.seeds = QStringLiteral("0, 2,7");
        form.setText(param("params.beta"), QStringLiteral("3"));
        const ui::FormCheck check = form.check();
        QVERIFY2(check.isValid(), qPrintable(check.reason()));
        QCOMPARE(check.specs.size(), size_t{3});
        QCOMPARE(check.specs[2].seed, uint64_t{7});
        QCOMPARE(check.specs[0].params.beta, 3.0);
        QVERIFY(form.isChanged(param("params.beta")));
        form.setText(param("params.beta"), QStringLiteral("1.0"));
        QVERIFY(!form.isChanged(param("params.beta")));
    }

    void explainsProblemsAtTheirField_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QString>("text");
        QTest::newRow("negative") << QByteArray("params.beta") << "-1";
        QTest::newRow("word") << QByteArray("schedule.lr") << "fast";
        QTest::newRow("comma") << QByteArray("schedule.lr") << "1,5";
        QTest::newRow("zero") << QByteArray("schedule.batch_size") << "0";
        QTest::newRow("fraction") << QByteArray("schedule.epochs") << "2.5";
    }

    void explainsProblemsAtTheirField()
    {
        QFETCH(QByteArray, key);
        QFETCH(QString, text);
        RunForm form = filledForm();
        form.setText(param(key.constData()), text);
        const ui::FormCheck check = form.check();
        QVERIFY(!check.isValid());
        QVERIFY(check.problems.contains(key.toStdString()));
        QVERIFY(!check.reason().isEmpty());
    }

    void refusesBadSeedsAndMissingPaths()
    {
        RunForm form;
        form.seeds = QStringLiteral("1,1");
        const ui::FormCheck check = form.check();
        for (const char* key : {"seed", "study", "model"})
            QVERIFY2(check.problems.contains(key), key);
    }

    void readsPathsRelativeToTheFile()
    {
        RunForm form;
        const Json document{{"study", "study.json"},
                            {"model", "../clip"},
                            {"method", "ft"},
                            {"option", "WM"},
                            {"setting", "MST"}};
        QVERIFY(form.load(document, "/data/bikes").has_value());
        QCOMPARE(form.study, QStringLiteral("/data/bikes/study.json"));
        QCOMPARE(form.model, QStringLiteral("/data/bikes/../clip"));
    }

    void writesTheCommandLine()
    {
        RunForm form = filledForm();
        form.study = QStringLiteral("/my data/study.json");
        form.setText(param("params.beta"), QStringLiteral("3"));
        const QString line = form.commandLine();
        QVERIFY2(line.startsWith(QStringLiteral("clwb run --preset paper ")), qPrintable(line));
        QVERIFY2(line.contains(QStringLiteral("'study=/my data/study.json'")), qPrintable(line));
        QVERIFY2(line.contains(QStringLiteral("--set params.beta=3")), qPrintable(line));
    }

    void readsAStoredSpecBack()
    {
        RunForm form = filledForm();
        form.setText(param("params.M"), QStringLiteral("20"));
        form.option = QStringLiteral("IO");
        const ui::FormCheck check = form.check();
        QVERIFY(check.isValid());
        RunForm clone;
        QVERIFY(clone.load(spec::toJson(check.specs.front())).has_value());
        QCOMPARE(clone.option, QStringLiteral("IO"));
        QCOMPARE(clone.text(param("params.M")), QStringLiteral("20"));
        QVERIFY(clone.isChanged(param("params.M")));
        QVERIFY(!clone.isChanged(param("schedule.lr")));
        QVERIFY(RunForm::changesFrom(check.specs.front(), check.specs.front()).isEmpty());
        clone.setText(param("params.M"), QStringLiteral("30"));
        QCOMPARE(RunForm::changesFrom(check.specs.front(), clone.check().specs.front()),
                 QStringList(QStringLiteral("params.M 30 instead of 20")));
    }

    void variesSettingsAsASweep()
    {
        RunForm form = filledForm();
        form.seeds = QStringLiteral("4, 5");
        QVERIFY(RunForm::canVary(param("params.beta")));
        QVERIFY(!RunForm::canVary(param("params.replay")));
        form.setVaried(param("params.beta"), true);
        QCOMPARE(form.text(param("params.beta")), QStringLiteral("1")); // what it was
        form.setText(param("params.beta"), QStringLiteral("1, 3"));
        form.setVaried(param("schedule.epochs"), true);
        form.setText(param("schedule.epochs"), QStringLiteral("2..4"));
        const ui::FormCheck check = form.check();
        QVERIFY2(check.isValid(), qPrintable(check.reason()));
        QVERIFY(check.sweep.has_value());
        // Each combination once: 2 values × 3 values × 2 seeds.
        std::set<std::tuple<double, int64_t, uint64_t>> found;
        for (const spec::RunSpec& spec : check.specs)
            found.emplace(spec.params.beta, spec.schedule.epochs, spec.seed);
        QCOMPARE(found.size(), size_t{12});
        QCOMPARE(check.specs.size(), size_t{12});
        QVERIFY(found.contains({3.0, 4, 5}));
        // The file is the same sweep.
        const auto again = spec::resolveSweep(form.document(), {});
        QVERIFY(again.has_value());
        QCOMPARE(again->trials.size(), size_t{12});
        QCOMPARE(spec::toJson(again->trials.back().spec), spec::toJson(check.specs.back()));

        form.setVaried(param("params.beta"), false);
        form.reset(param("schedule.epochs"));
        QCOMPARE(form.text(param("params.beta")), QStringLiteral("1"));
        QCOMPARE(form.check().specs.size(), size_t{2});
        QVERIFY(!form.check().sweep);
    }

    void explainsAListThatCannotBeRead()
    {
        RunForm form = filledForm();
        form.setVaried(param("params.beta"), true);
        form.setText(param("params.beta"), QStringLiteral("1, -2"));
        const ui::FormCheck check = form.check();
        QVERIFY(!check.isValid());
        QVERIFY(check.problems.contains("params.beta"));
    }

    void presetsAreStartingValues()
    {
        RunForm form = filledForm();
        form.usePreset(ui::builtInPreset(QStringLiteral("quick look"), QStringLiteral("demo")));
        QCOMPARE(form.text(param("schedule.epochs")), QStringLiteral("1"));
        QCOMPARE(form.text(param("schedule.lr")), QStringLiteral("2e-04"));
        QCOMPARE(form.after, QStringLiteral("run"));
        QVERIFY(!form.isChanged(param("schedule.epochs")));
        const ui::FormCheck check = form.check();
        QVERIFY2(check.isValid(), qPrintable(check.reason()));
        QCOMPARE(check.specs.front().schedule.epochs, int64_t{1});
        QCOMPARE(check.specs.front().evaluate.what, (std::vector<std::string>{"ut", "zs"}));
        QVERIFY(form.commandLine().contains(QStringLiteral("--set schedule.epochs=1")));

        // Back to the paper: evaluation, too, unless the user has chosen another.
        form.usePreset(ui::builtInPreset(QStringLiteral("paper"), {}));
        QCOMPARE(form.after, QStringLiteral("session"));
        QCOMPARE(form.what.size(), 3);
        QCOMPARE(form.check().specs.front().schedule.epochs, int64_t{10});
        form.after = QStringLiteral("epoch");
        form.usePreset(ui::builtInPreset(QStringLiteral("quick look"), {}));
        QCOMPARE(form.after, QStringLiteral("epoch"));
    }

    void leavesOutWhatTheStudyLacks()
    {
        RunForm form = filledForm();
        form.lacking = {
            form.study,
            {QStringLiteral("zs"), QStringLiteral("retrieval"), QStringLiteral("shuffle")}};
        QCOMPARE(form.check().specs.front().evaluate.what, std::vector<std::string>{"ut"});
        QVERIFY2(form.commandLine().contains(QStringLiteral("evaluate.what=[\"ut\"]")),
                 qPrintable(form.commandLine()));
        QCOMPARE(form.what.size(), 3); // the wish stays, for a study that has them
        RunForm other = form;          // of which nothing is known while it is being read
        other.study = QStringLiteral("/data/other.json");
        QCOMPARE(other.check().specs.front().evaluate.what.size(), size_t{3});
        form.what = {QStringLiteral("zs")};
        QVERIFY(form.check().problems.contains("evaluate.what"));
    }

    // The same specification again, which would be another configuration without the part.
    void aStoredSpecKeepsWhatItAskedFor()
    {
        RunForm form = filledForm();
        const spec::RunSpec stored = form.check().specs.front();
        RunForm clone;
        QVERIFY(clone.load(spec::toJson(stored)).has_value());
        clone.lacking = {clone.study, {QStringLiteral("zs")}};
        QVERIFY(RunForm::changesFrom(stored, clone.check().specs.front()).isEmpty());
        QVERIFY2(clone.commandLine().contains(QStringLiteral("zs")), // the command, too
                 qPrintable(clone.commandLine()));
        clone.study = QStringLiteral("/data/other.json");
        clone.lacking = {clone.study, {QStringLiteral("zs")}};
        QCOMPARE(clone.check().specs.front().evaluate.what,
                 (std::vector<std::string>{"ut", "retrieval"}));
    }

    void ownPresetsHoldWhatTheFormHolds()
    {
        RunForm form = filledForm();
        form.setText(param("params.beta"), QStringLiteral("3"));
        form.what = {QStringLiteral("ut")};
        const ui::FormPreset preset = form.asPreset(QStringLiteral("mine"));
        RunForm other = filledForm();
        other.usePreset(preset);
        QVERIFY(!other.isChanged(param("params.beta")));
        QCOMPARE(spec::toJson(other.check().specs.front()),
                 spec::toJson(form.check().specs.front()));
        // Taken away, its values stay as changes.
        other.keepPresetAsChanges();
        QVERIFY(other.isChanged(param("params.beta")));
        QCOMPARE(other.text(param("params.beta")), QStringLiteral("3"));
    }

    void presetsAreStoredInAFile()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file =
            std::filesystem::path(folder.path().toStdString()) / "data" / "presets.json";
        QVERIFY(ui::readFormPresets(file)->empty());
        const QString name = QStringLiteral("β = 3, “long” 🙂");
        const ui::FormPreset preset{name, QStringLiteral("demo"), {{"params.beta", 3.0}}};
        QCOMPARE(ui::editFormPresets(file, {{name, preset}})->size(), size_t{1});
        const auto back = ui::inverseOf({{name, std::nullopt}}, {preset});
        QVERIFY(ui::editFormPresets(file, {{name, std::nullopt}})->empty());
        QCOMPARE(*ui::editFormPresets(file, back), std::vector<ui::FormPreset>{preset});
        QVERIFY(!ui::problemOfPresetName(QStringLiteral("Paper")).isEmpty());
        QVERIFY(!ui::problemOfPresetName(QStringLiteral("two\nlines")).isEmpty());
    }

    void aPresetThatCouldNotBeReadAgainIsNotWritten()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file =
            std::filesystem::path(folder.path().toStdString()) / "presets.json";
        const ui::FormPreset good{
            QStringLiteral("good"), QStringLiteral("paper"), {{"params.M", 5}}};
        QVERIFY(ui::editFormPresets(file, {{good.name, good}}));
        const ui::FormPreset bad{
            QStringLiteral("bad"), QStringLiteral("paper"), {{"params.M", -5}}};
        QVERIFY(!ui::editFormPresets(file, {{bad.name, bad}}));
        QCOMPARE(*ui::readFormPresets(file), std::vector<ui::FormPreset>{good});
    }

    void aDamagedPresetFileIsLeftAlone()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("presets.json"));
        const std::filesystem::path file(path.toStdString());
        for (const QByteArray& content :
             {QByteArray("{\"schema\":1,"), QByteArray("[]"), QByteArray("{\"schema\":2}"),
              QByteArray(R"({"schema":1,"presets":[{"name":"a","settings":{"params.bet":1}}]})"),
              QByteArray(R"({"schema":1,"presets":[{"name":"","settings":{}}]})"),
              QByteArray(R"({"schema":1,"presets":[{"name":"a","settings":{"params.M":-1}}]})")}) {
            QFile out(path);
            QVERIFY(out.open(QIODevice::WriteOnly));
            out.write(content);
            out.close();
            QVERIFY2(!ui::readFormPresets(file), content.constData());
            QVERIFY(!ui::editFormPresets(file, {{QStringLiteral("b"), ui::FormPreset()}}));
            QVERIFY(out.open(QIODevice::ReadOnly));
            QCOMPARE(out.readAll(), content);
        }
    }

    void aBranchIsCopiedAsWhatTellsItApart()
    {
        RunForm form = filledForm();
        const spec::RunSpec source = form.check().specs.front();
        form.method = QStringLiteral("ft");
        form.setText(param("schedule.lr"), QStringLiteral("2e-6"));
        QCOMPARE(RunForm::branchCommandLine(12, 3, source, form.check().specs.front()),
                 QStringLiteral("clwb branch 12 --from-session 3 --set method=ft "
                                "--set schedule.lr=2e-06"));
    }
};

QTEST_GUILESS_MAIN(TestRunForm)
#include "tst_run_form.moc"
