// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/image_comparison.h"

#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

#include <map>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct ImageClassText
{
    Q_DECLARE_TR_FUNCTIONS(ImageClasses)
};

/// Sessions of the classes, as the run's evaluations tell them; empty where they do not.
Result<std::vector<int>> sessionsOf(const store::Project& project, int64_t run,
                                    const std::vector<std::string>& classes)
{
    CLWB_ASSIGN(const auto records, project.evaluations(run));
    for (const metrics::EvaluationRecord& record : records) {
        if (record.ut && record.ut->classes == classes &&
            record.ut->sessionOfClass.size() == classes.size())
            return record.ut->sessionOfClass;
    }
    return std::vector<int>();
}

Result<std::shared_ptr<const ImageList>> readList(const store::Project& project, int64_t listId,
                                                  int64_t run, const std::string& part)
{
    auto list = std::make_shared<ImageList>();
    list->listId = listId;
    CLWB_ASSIGN(store::PredictionItems items, store::predictionItems(project, listId));
    list->names = distinctNames(items.classes);
    if (part == "ut") {
        CLWB_ASSIGN(list->sessions, sessionsOf(project, run, items.classes));
    }
    list->items = std::make_shared<const store::PredictionItems>(std::move(items));
    return list;
}

} // namespace

Result<std::shared_ptr<const ImageComparison>>
readImageComparison(const store::Project& project, const PredictionPair& models,
                    const std::string& part, std::shared_ptr<const ImageList> known)
{
    CLWB_ASSIGN(store::Predictions a,
                store::predictions(project, models.a.run, models.a.session, part));
    CLWB_ASSIGN(store::Predictions b,
                store::predictions(project, models.b.run, models.b.session, part));
    if (a.listId != b.listId)
        return fail(ErrorCode::Usage, "the two models were asked about different pictures",
                    "choose two runs of the same study");
    auto comparison = std::make_shared<ImageComparison>();
    if (known && known->listId == a.listId) {
        comparison->list = std::move(known);
    } else {
        CLWB_ASSIGN(comparison->list, readList(project, a.listId, models.b.run, part));
    }
    const store::PredictionItems& items = *comparison->list->items;
    comparison->confusionA = confusionOf(items, a);
    comparison->confusionB = confusionOf(items, b);
    const auto shared = [](std::vector<float> values) {
        return std::make_shared<const std::vector<float>>(std::move(values));
    };
    comparison->sharesA = shared(confusionShares(comparison->confusionA));
    comparison->sharesB = shared(confusionShares(comparison->confusionB));
    comparison->change = shared(confusionChange(comparison->confusionA, comparison->confusionB));
    comparison->pair = {comparison->list->items,
                        std::make_shared<const store::Predictions>(std::move(a)),
                        std::make_shared<const store::Predictions>(std::move(b))};
    comparison->classes = outcomesOfClasses(comparison->pair);
    return std::shared_ptr<const ImageComparison>(std::move(comparison));
}

QStringList distinctNames(const std::vector<std::string>& classes)
{
    std::map<std::string, int> seen;
    for (const std::string& name : classes)
        ++seen[name];
    QStringList names;
    for (size_t number = 0; number < classes.size(); ++number) {
        const QString name = toQt(classes[number]);
        names << (seen[classes[number]] > 1
                      ? ImageClassText::tr("%1 (class %2)").arg(name).arg(number + 1)
                      : name);
    }
    return names;
}

DataTable imageClassTable(const ImageComparison& comparison)
{
    const auto tr = [](const char* text) { return ImageClassText::tr(text); };
    const ImageList& list = *comparison.list;
    const bool hasSessions = !list.sessions.empty();
    DataTable table;
    table.columns.push_back({u"class"_s, tr("Class"), tr("True class of the pictures")});
    if (hasSessions)
        table.columns.push_back({u"session"_s, tr("S"), tr("Session that learns it"), true});
    table.columns.push_back(
        {u"a"_s, tr("A"), tr("Accuracy under model A on the class's pictures, per cent"), true});
    table.columns.push_back(
        {u"b"_s, tr("B"), tr("Accuracy under model B on the class's pictures, per cent"), true});
    table.columns.push_back({u"change"_s, tr("B − A"), tr("Change of accuracy, points"), true});
    for (size_t number = 0; number < comparison.classes.size(); ++number) {
        const OutcomeCounts& counts = comparison.classes[number];
        const auto before = counts.before();
        const auto after = counts.after();
        std::vector<DataCell> row{textCell(list.names.value(static_cast<qsizetype>(number)))};
        row.front().tip =
            ImageClassText::tr("%1: %2 pictures, %3 forgotten, %4 learned, %5 never right, %6 "
                               "always right")
                .arg(row.front().text)
                .arg(counts.total())
                .arg(counts[Outcome::Forgotten])
                .arg(counts[Outcome::Learned])
                .arg(counts[Outcome::Never])
                .arg(counts[Outcome::Always]);
        if (hasSessions)
            row.push_back(numberCell(list.sessions[number], 0));
        row.push_back(numberCell(before, 0));
        row.push_back(numberCell(after, 0));
        row.push_back(
            changeCell(before && after ? std::optional(*after - *before) : std::nullopt, 0));
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace clwb::ui
