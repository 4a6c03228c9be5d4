// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a new run: fields of a method, changes from the preset, problems at their field.
#include "ui/models/run_form.h"

#include <QTest>

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
    }
};

QTEST_GUILESS_MAIN(TestRunForm)
#include "tst_run_form.moc"
