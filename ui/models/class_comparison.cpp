// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/class_comparison.h"

#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct ClassText
{
    Q_DECLARE_TR_FUNCTIONS(ClassComparison)
};

std::optional<double> share(int64_t hits, int64_t total)
{
    if (total <= 0)
        return std::nullopt;
    return 100.0 * static_cast<double>(hits) / static_cast<double>(total);
}

/// Accuracies of a record by class: of the updated task, or of the zero-shot set.
using Accuracies = std::map<std::string, double>;

Accuracies accuraciesOf(const metrics::EvaluationRecord& record, bool isZeroShot)
{
    Accuracies result;
    const auto add = [&](const std::vector<std::string>& names, const std::vector<int64_t>& hits,
                         const std::vector<int64_t>& totals) {
        for (size_t at = 0; at < names.size() && at < hits.size() && at < totals.size(); ++at) {
            if (const auto accuracy = share(hits[at], totals[at]))
                result[names[at]] = *accuracy;
        }
    };
    if (isZeroShot && record.zs)
        add(record.zs->classes, record.zs->hits, record.zs->totals);
    else if (!isZeroShot && record.ut)
        add(record.ut->classes, metrics::utHits(*record.ut), metrics::utTotals(*record.ut));
    return result;
}

/// Mean over seeds, value by value.
class Mean
{
public:
    void add(double value)
    {
        m_sum += value;
        ++m_count;
    }
    [[nodiscard]] std::optional<double> value() const
    {
        return m_count > 0 ? std::optional<double>(m_sum / m_count) : std::nullopt;
    }

private:
    double m_sum = 0;
    int m_count = 0;
};

/// The set in order, with the session of each class.
using ClassList = std::vector<std::pair<std::string, int>>;

void addClasses(const std::vector<RunRecords>& seeds, bool isZeroShot, ClassList& list)
{
    std::map<std::string, bool> known;
    for (const auto& entry : list)
        known[entry.first] = true;
    for (const RunRecords& records : seeds) {
        if (records.empty())
            continue;
        const metrics::EvaluationRecord& last = records.rbegin()->second;
        if (isZeroShot && last.zs) {
            for (const std::string& name : last.zs->classes) {
                if (!std::exchange(known[name], true))
                    list.emplace_back(name, 0);
            }
        } else if (!isZeroShot && last.ut) {
            for (size_t at = 0; at < last.ut->classes.size(); ++at) {
                const int session =
                    at < last.ut->sessionOfClass.size() ? last.ut->sessionOfClass[at] : 1;
                if (!std::exchange(known[last.ut->classes[at]], true))
                    list.emplace_back(last.ut->classes[at], session);
            }
        }
    }
}

/// Accuracies of every seed after every session, so that each record is counted once.
std::vector<std::map<int, Accuracies>> countAll(const std::vector<RunRecords>& seeds,
                                                bool isZeroShot)
{
    std::vector<std::map<int, Accuracies>> result;
    for (const RunRecords& records : seeds) {
        auto& run = result.emplace_back();
        for (const auto& [session, record] : records)
            run[session] = accuraciesOf(record, isZeroShot);
    }
    return result;
}

ClassAccuracy accuracyOf(const std::vector<std::map<int, Accuracies>>& seeds,
                         const std::string& name, int since)
{
    Mean before;
    Mean after;
    for (const auto& sessions : seeds) {
        if (sessions.empty())
            continue;
        const auto add = [&name](const Accuracies& accuracies, Mean& mean) {
            const auto found = accuracies.find(name);
            if (found != accuracies.end())
                mean.add(found->second);
        };
        add(sessions.rbegin()->second, after);
        const auto then = sessions.find(since);
        if (then != sessions.end())
            add(then->second, before);
    }
    return {before.value(), after.value()};
}

std::optional<double> minus(const std::optional<double>& a, const std::optional<double>& b)
{
    return a && b ? std::optional<double>(*a - *b) : std::nullopt;
}

} // namespace

std::optional<double> ClassAccuracy::change() const
{
    return minus(after, before);
}

std::optional<double> ComparedClass::difference() const
{
    return minus(b.after, a.after);
}

std::vector<ComparedClass> compareClasses(const std::vector<RunRecords>& a,
                                          const std::vector<RunRecords>& b, Since since)
{
    std::vector<ComparedClass> classes;
    for (const bool isZeroShot : {false, true}) {
        ClassList list;
        addClasses(a, isZeroShot, list);
        addClasses(b, isZeroShot, list);
        const auto countedA = countAll(a, isZeroShot);
        const auto countedB = countAll(b, isZeroShot);
        for (const auto& [name, session] : list) {
            // In OST all classes are learned at once, after session 1.
            const auto learned = [&, own = session](const std::vector<RunRecords>& seeds) {
                if (isZeroShot || since == Since::Training)
                    return 0;
                const bool isOnce = !seeds.empty() && !seeds.front().empty() &&
                                    seeds.front().rbegin()->second.setting == "OST";
                return isOnce ? 1 : own;
            };
            classes.push_back({name, session, accuracyOf(countedA, name, learned(a)),
                               accuracyOf(countedB, name, learned(b))});
        }
    }
    return classes;
}

DataTable classTable(const std::vector<ComparedClass>& classes, const QString& labelA,
                     const QString& labelB, Since since, ClassSet set)
{
    const QString then = since == Since::Training
                             ? ClassText::tr("as original CLIP, before training")
                             : ClassText::tr("just after the class's own session");
    const QString reference = since == Since::Training ? ClassText::tr("original CLIP")
                                                       : ClassText::tr("the class was learned");
    const QString unit = ClassText::tr(
        "Per cent of the class's test images, mean over seeds, after the last session.");
    DataTable table;
    table.columns = {
        {.key = u"class"_s, .title = ClassText::tr("class")},
        {.key = u"session"_s,
         .title = ClassText::tr("session"),
         .tip = ClassText::tr("Session that trains the class; – for zero-shot classes, "
                              "which are never trained"),
         .isNumber = true}};
    for (const auto& [side, label] : {std::pair{u"A"_s, labelA}, std::pair{u"B"_s, labelB}}) {
        const QString keys = side + u' ' + label + u' ';
        table.columns.push_back({.key = keys + u"before"_s,
                                 .title = side + u' ' + ClassText::tr("before"),
                                 .tip = label + u' ' + then,
                                 .isNumber = true});
        table.columns.push_back({.key = keys + u"after"_s,
                                 .title = side + u' ' + ClassText::tr("after"),
                                 .tip = label + u". "_s + unit,
                                 .isNumber = true});
        table.columns.push_back(
            {.key = keys + u"change"_s,
             .title = side + u' ' + ClassText::tr("change"),
             .tip = ClassText::tr("Points that %1 gained or lost since %2").arg(label, reference),
             .isNumber = true});
    }
    table.columns.push_back({.key = u"B - A"_s,
                             .title = u"B − A"_s,
                             .tip = ClassText::tr("Points by which %1 is better than %2 after the "
                                                  "last session")
                                        .arg(labelB, labelA),
                             .isNumber = true});
    for (const ComparedClass& entry : classes) {
        const bool isZeroShot = entry.session == 0;
        if ((set == ClassSet::Trained && isZeroShot) || (set == ClassSet::ZeroShot && !isZeroShot))
            continue;
        DataCell session = isZeroShot ? DataCell{.text = u"–"_s, .tone = DataCell::Tone::Quiet}
                                      : numberCell(entry.session, 0);
        table.rows.push_back({textCell(toQt(entry.name)), session, numberCell(entry.a.before, 1),
                              numberCell(entry.a.after, 1), changeCell(entry.a.change(), 1),
                              numberCell(entry.b.before, 1), numberCell(entry.b.after, 1),
                              changeCell(entry.b.change(), 1), changeCell(entry.difference(), 1)});
    }
    return table;
}

} // namespace clwb::ui
