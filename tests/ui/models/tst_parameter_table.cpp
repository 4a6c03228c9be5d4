// SPDX-License-Identifier: GPL-3.0-or-later
// The environments of compared runs, beside their parameters.
#include "ui/models/parameter_table.h"

#include <QTest>

using namespace clwb;

class TestParameterTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheBuildsThatDiffer()
    {
        report::ReportRun first;
        first.runId = 1;
        first.method = "ft";
        first.option = "WM";
        first.setting = "MST";
        report::ReportRun second = first;
        second.runId = 2;
        second.method = "lwf";
        report::ReportRun cited = second;
        cited.runId = 3;
        cited.origin = "paper";
        const Json environment{{"commit", "abc"}, {"cpu", "fast"}, {"command_line", "clwb run"}};
        ui::addEnvironment(environment, first);
        ui::addEnvironment({{"commit", "def"}, {"cpu", "fast"}, {"command_line", "clwb"}}, second);
        const auto entries = ui::entriesOf({first, second, cited});
        std::vector<const ui::ComparedEntry*> shown;
        for (const ui::ComparedEntry& entry : entries)
            shown.push_back(&entry);
        QStringList keys;
        for (const auto& row : ui::parameterTable(shown, ui::WhichParameters::Differing).rows)
            keys << row.front().text;
        QVERIFY(keys.contains(QStringLiteral("environment.commit")));
        QVERIFY(!keys.contains(QStringLiteral("environment.cpu")));
        QVERIFY(!keys.contains(QStringLiteral("environment.command_line")));
    }
};

QTEST_APPLESS_MAIN(TestParameterTable)
#include "tst_parameter_table.moc"
