// SPDX-License-Identifier: GPL-3.0-or-later
// Of how many studies the runs of a table are, and how two of one name are told apart.
#include "tests/core/report/grid_support.h"

using namespace clwb;
using namespace clwb::test;

namespace
{

struct Origin
{
    const char* path;
    const char* hash = ""; ///< empty: not known, as of a run out of a CSV file
    const char* setting = "MST";
};

/// What studiesInTable() says of the table of several sessions, with | between.
QString told(const std::vector<Origin>& origins)
{
    std::vector<ReportRun> runs;
    for (const Origin& origin : origins) {
        runs.push_back(run(static_cast<int64_t>(runs.size()) + 1, "ft", "WM", 10));
        runs.back().study = origin.path;
        runs.back().setting = origin.setting;
        if (*origin.hash)
            runs.back().params["study_sha256"] = "\"" + std::string(origin.hash) + "\"";
    }
    QStringList names;
    const auto found = studiesInTable("mst", runs);
    if (!found)
        return QStringLiteral("failed");
    for (const std::string& name : *found)
        names << QString::fromStdString(name);
    return names.join(u'|');
}

} // namespace

class TestTableStudies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStudyIsWhatItSays()
    {
        QCOMPARE(told({{"/a/x/study.json", "1234567890"}, {"/b/x/study.json", "1234567890"}}),
                 QStringLiteral("x"));
        QCOMPARE(told({{"/a/x/study.json", "12"}, {"/a/y/study.json", "34"}}),
                 QStringLiteral("x|y"));
        QCOMPARE(told({{"/a/x/study.json", "1234567890"}, {"/a/x/study.json", "abcdefghij"}}),
                 QStringLiteral("x (12345678)|x (abcdefgh)"));
    }

    void aRunWithoutHashGoesWithItsFile()
    {
        for (const auto& origins :
             {std::vector<Origin>{{"/a/x/study.json", "1234567890"}, {"/a/x/study.json"}},
              std::vector<Origin>{{"/a/x/study.json"}, {"/a/x/study.json", "1234567890"}}})
            QCOMPARE(told(origins), QStringLiteral("x"));
        // With the file as it was last: the first of these runs has no place in the table.
        QCOMPARE(told({{"/a/x/study.json", "old", "OST"},
                       {"/a/x/study.json", "new"},
                       {"/a/x/study.json"}}),
                 QStringLiteral("x"));
    }

    // The beginning of a path is the same for all studies of a machine.
    void filesOfOneNameAreToldByTheirPaths()
    {
        QCOMPARE(told({{"/a/x/study.json", "1234567890"}, {"/b/x/study.json"}}),
                 QStringLiteral("x (/b/x/study.json)|x (12345678)"));
        QCOMPARE(told({{"/data/user/a/x/study.json"}, {"/data/user/b/x/study.json"}}),
                 QStringLiteral("x (/data/user/a/x/study.json)|x (/data/user/b/x/study.json)"));
    }

    void onlyRunsOfTheTableCount()
    {
        QCOMPARE(told({{"/a/x/study.json", "12"}, {"/a/y/study.json", "34", "OST"}}),
                 QStringLiteral("x"));
    }
};

QTEST_APPLESS_MAIN(TestTableStudies)
#include "tst_table_studies.moc"
