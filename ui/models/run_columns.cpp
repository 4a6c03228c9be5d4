// SPDX-License-Identifier: GPL-3.0-or-later
// The table of columns.
#include "ui/models/run_columns.h"

#include "core/spec/run_spec.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_details.h"
#include "ui/models/run_filter.h"
#include "ui/models/run_name.h"
#include "ui/models/study_title.h"

#include <QCoreApplication>
#include <QDateTime>

#include <filesystem>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct RunColumnsText
{
    Q_DECLARE_TR_FUNCTIONS(RunColumns)
};

RunColumn textColumn(const char* id, const QString& title, int width, bool isShown,
                     std::function<QString(const store::RunRow&)> text)
{
    RunColumn column{.id = QLatin1StringView(id), .title = title, .width = width};
    column.isShown = isShown;
    column.value = [text = std::move(text)](const store::RunRow& run) {
        return QVariant(text(run));
    };
    return column;
}

RunColumn metricColumn(const char* id, const QString& title, const QString& definition,
                       bool isShown)
{
    RunColumn column{.id = QLatin1StringView(id), .title = title, .definition = definition};
    column.kind = ColumnKind::Metric;
    column.isShown = isShown;
    column.width = 71;
    // Worked out here, not for each of thousands of cells.
    const auto nameIn = [&column](const char* setting) {
        return metricOfShortName(column.id, setting).value_or(fromQt(column.id));
    };
    column.metric = [ost = nameIn("OST"), other = nameIn("MST")](const store::RunRow& run) {
        return run.setting == "OST" ? ost : other;
    };
    column.number = [metric = column.metric](const store::RunRow& run) -> std::optional<double> {
        const auto found = run.metrics.find(metric(run));
        return found == run.metrics.end() ? std::nullopt : std::optional<double>(found->second);
    };
    return column;
}

QString baseName(const std::string& path)
{
    const std::filesystem::path file(path);
    return toQt(file.filename().string());
}

void addRunColumns(std::vector<RunColumn>& columns)
{
    RunColumn swatch{.id = u"swatch"_s, .title = QString()};
    swatch.definition = RunColumnsText::tr("Colour of the run in every plot; ★ marks starred runs");
    swatch.kind = ColumnKind::Swatch;
    swatch.width = 40;
    swatch.value = [](const store::RunRow& run) { return QVariant(run.starred ? 0 : 1); };
    columns.push_back(swatch);
    columns.push_back(textColumn("name", RunColumnsText::tr("name"), 200, true, runName));
    RunColumn number{.id = u"id"_s, .title = RunColumnsText::tr("run")};
    number.definition = RunColumnsText::tr("Number of the run in this project");
    number.kind = ColumnKind::Number;
    number.width = 76; // "#99999"
    number.decimals = 0;
    number.number = [](const store::RunRow& run) {
        return std::optional<double>(static_cast<double>(run.runId));
    };
    columns.push_back(number);
    columns.push_back(
        textColumn("method", RunColumnsText::tr("method"), 68, true, [](const auto& run) {
            return run.kind == "method" ? toQt(spec::displayLabel("method", run.method, ""))
                                        : QString();
        }));
    columns.push_back(textColumn("option", RunColumnsText::tr("option"), 58, true,
                                 [](const auto& run) { return toQt(run.option); }));
    columns.push_back(textColumn("setting", RunColumnsText::tr("setting"), 62, true,
                                 [](const auto& run) { return toQt(run.setting); }));
    columns.push_back(textColumn("status", RunColumnsText::tr("status"), 112, true, statusText));
}

void addMetricColumns(std::vector<RunColumn>& columns)
{
    const QString protocol =
        RunColumnsText::tr("After the last evaluated session, test split, percent.");
    columns.push_back(metricColumn(
        "ut", RunColumnsText::tr("UT-Acc"),
        RunColumnsText::tr(
            "Updated task. MST: mean over the sessions of the accuracy on their classes; "
            "OST: accuracy over all test crops. %1")
            .arg(protocol),
        true));
    columns.push_back(
        metricColumn("zs", RunColumnsText::tr("ZS-Acc"),
                     RunColumnsText::tr("Zero-shot accuracy on classes that were never trained. %1")
                         .arg(protocol),
                     true));
    columns.push_back(
        metricColumn("tr@1", RunColumnsText::tr("TR@1"),
                     RunColumnsText::tr(
                         "Text retrieval: images whose best caption is right, mean over folds. %1")
                         .arg(protocol),
                     true));
    columns.push_back(
        metricColumn("ir@1", RunColumnsText::tr("IR@1"),
                     RunColumnsText::tr(
                         "Image retrieval: captions whose best image is right, mean over folds. %1")
                         .arg(protocol),
                     true));
    columns.push_back(metricColumn(
        "bwt", RunColumnsText::tr("Bwt"),
        RunColumnsText::tr(
            "Backward transfer: mean change of a session's accuracy since it was learned, "
            "in points; larger is better; only in MST."),
        true));
    columns.push_back(
        metricColumn("a", RunColumnsText::tr("A-Acc"),
                     RunColumnsText::tr("Mean of UT-Acc and ZS-Acc. %1").arg(protocol), true));
    for (const char* recall : {"tr@5", "tr@10", "ir@5", "ir@10"})
        columns.push_back(
            metricColumn(recall, QString::fromLatin1(recall).toUpper(),
                         RunColumnsText::tr("Recall, mean over folds. %1").arg(protocol), false));
    const auto overall =
        metricColumn("UT-Acc (overall)", RunColumnsText::tr("UT overall"),
                     RunColumnsText::tr("Accuracy over all test crops. %1").arg(protocol), false);
    columns.push_back(overall);
}

void addOtherColumns(std::vector<RunColumn>& columns)
{
    RunColumn tags = textColumn("tags", RunColumnsText::tr("tags"), 76, true, [](const auto& run) {
        QStringList texts;
        for (const std::string& tag : ownTags(run))
            texts << toQt(tag);
        return texts.join(u", "_s);
    });
    tags.kind = ColumnKind::Tags;
    columns.push_back(tags);
    RunColumn started{.id = u"started"_s, .title = RunColumnsText::tr("started")};
    started.kind = ColumnKind::Time;
    started.width = 68;
    started.value = [](const store::RunRow& run) { return QVariant(toQt(run.createdUtc)); };
    columns.push_back(started);
    RunColumn seed{.id = u"seed"_s, .title = RunColumnsText::tr("seed")};
    seed.kind = ColumnKind::Number;
    seed.isShown = false;
    seed.width = 56;
    seed.decimals = 0;
    seed.number = [](const store::RunRow& run) {
        return run.seed ? std::optional<double>(static_cast<double>(*run.seed)) : std::nullopt;
    };
    columns.push_back(seed);
    RunColumn seconds{.id = u"seconds"_s, .title = RunColumnsText::tr("time")};
    seconds.definition = RunColumnsText::tr("Training and evaluation, without pauses");
    seconds.kind = ColumnKind::Number;
    seconds.isShown = false;
    seconds.number = [](const store::RunRow& run) { return run.seconds; };
    columns.push_back(seconds);
    RunColumn disk{.id = u"disk"_s, .title = RunColumnsText::tr("disk")};
    disk.definition = RunColumnsText::tr("Size of the run's folder: models and resume states");
    disk.kind = ColumnKind::Number;
    disk.isShown = false;
    disk.number = [](const store::RunRow& /*run*/) { // known from setDisk() only
        return std::optional<double>();
    };
    columns.push_back(disk);
    columns.push_back(textColumn("study", RunColumnsText::tr("study"), 110, false,
                                 [](const auto& run) { return studyTitle(run.study); }));
    columns.push_back(textColumn("model", RunColumnsText::tr("model"), 110, false,
                                 [](const auto& run) { return baseName(run.model); }));
    columns.push_back(textColumn("origin", RunColumnsText::tr("origin"), 76, false,
                                 [](const auto& run) { return toQt(run.origin); }));
}

} // namespace

const std::vector<RunColumn>& runColumns()
{
    static const std::vector<RunColumn> columns = [] {
        std::vector<RunColumn> all;
        addRunColumns(all);
        addMetricColumns(all);
        addOtherColumns(all);
        return all;
    }();
    return columns;
}

int columnOf(const QString& id)
{
    const auto& columns = runColumns();
    for (size_t index = 0; index < columns.size(); ++index) {
        if (columns[index].id == id)
            return static_cast<int>(index);
    }
    return -1;
}

QString statusText(const store::RunRow& run)
{
    if (run.status == "running") {
        if (run.sessions > 0)
            return RunColumnsText::tr("session %1/%2")
                .arg(std::min(run.sessions, std::max(0, run.lastSession) + 1))
                .arg(run.sessions);
        return RunColumnsText::tr("running");
    }
    // How far it came says whether going on is worth while.
    const QString reached = run.sessions > 0
                                ? u" %1/%2"_s.arg(std::max(0, run.lastSession)).arg(run.sessions)
                                : QString();
    if (run.status == "interrupted")
        return RunColumnsText::tr("interrupted") + reached;
    if (run.status == "stopped")
        return RunColumnsText::tr("stopped") + reached;
    if (run.status == "queued")
        return RunColumnsText::tr("waiting");
    if (run.status == "failed")
        return RunColumnsText::tr("failed");
    if (run.status == "finished")
        return RunColumnsText::tr("finished");
    return run.status == "reported" ? RunColumnsText::tr("reported") : toQt(run.status);
}

bool canContinue(const store::RunRow& run)
{
    return run.origin == "local" &&
           (run.status == "interrupted" || run.status == "stopped" || run.status == "failed");
}

QString numberCellText(const RunColumn& column, std::optional<double> number)
{
    if (!number)
        return column.kind == ColumnKind::Metric ? u"—"_s : QString();
    if (column.id == "seconds"_L1)
        return durationText(*number);
    if (column.id == "disk"_L1)
        return bytesText(static_cast<uint64_t>(*number));
    if (column.id == "id"_L1)
        return runNumber(static_cast<int64_t>(*number));
    return numberText(*number, column.decimals);
}

QString cellText(const RunColumn& column, const store::RunRow& run)
{
    switch (column.kind) {
    case ColumnKind::Swatch:
        return {};
    case ColumnKind::Time:
        return run.status == "reported"
                   ? QString()
                   : agoText(toQt(run.createdUtc), QDateTime::currentDateTimeUtc());
    case ColumnKind::Metric:
    case ColumnKind::Number:
        return numberCellText(column, column.number(run));
    case ColumnKind::Text:
    case ColumnKind::Tags:
        break;
    }
    return column.value(run).toString();
}

} // namespace clwb::ui
