// SPDX-License-Identifier: GPL-3.0-or-later
// Grouping, filtering and sorting of the run list.
#include "core/spec/run_spec.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_list_model.h"

#include <QCollator>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Order of a group (own studies first, reported last), key and title.
struct Place
{
    int order = 0;
    QString key;
    QString title;
};

QString studyName(const std::string& study)
{
    const std::filesystem::path file(study);
    if (file.filename() == "study.json")
        return toQt(file.parent_path().filename().string());
    return toQt(file.stem().string());
}

Place placeOf(const store::RunRow& run, RunGrouping grouping)
{
    if (grouping == RunGrouping::None)
        return {0, u"all"_s, QString()};
    if (run.status == "reported")
        return {2, u"reported"_s, RunListModel::tr("reported in the paper")};
    switch (grouping) {
    case RunGrouping::Setting:
        return {0, u"setting:"_s + toQt(run.setting), toQt(run.setting)};
    case RunGrouping::Method: {
        const QString label = toQt(spec::displayLabel(run.kind, run.method, ""));
        return {run.kind == "method" ? 0 : 1, u"method:"_s + label, label};
    }
    case RunGrouping::Option:
        return {run.option.empty() ? 1 : 0, u"option:"_s + toQt(run.option),
                run.option.empty() ? RunListModel::tr("references") : toQt(run.option)};
    case RunGrouping::None:
    case RunGrouping::Study:
        break;
    }
    const QString name = studyName(run.study);
    return {0, u"study:"_s + toQt(run.study),
            name.isEmpty() ? RunListModel::tr("without a study") : name};
}

} // namespace

std::vector<RunListModel::Group> RunListModel::makeGroups() const
{
    std::map<std::pair<int, QString>, Group> groups;
    for (size_t row = 0; row < m_runs.size(); ++row) {
        const Place place = placeOf(m_runs[row], m_grouping);
        Group& group = groups[{place.order, place.key}];
        group.key = place.key;
        group.title = place.title;
        ++group.total;
        if (m_filter.matches(m_runs[row]))
            group.rows.push_back(row);
    }
    std::vector<Group> result;
    for (auto& [key, group] : groups) {
        if (group.rows.empty())
            continue;
        sortRows(group.rows);
        result.push_back(std::move(group));
    }
    return result;
}

void RunListModel::sortRows(std::vector<size_t>& rows) const
{
    if (m_sortColumn < 0 || m_sortColumn >= columnCount()) {
        // Newest first; reported rows keep the order of the paper.
        std::stable_sort(rows.begin(), rows.end(), [this](size_t a, size_t b) {
            const bool reported = m_runs[a].status == "reported" && m_runs[b].status == "reported";
            return reported ? m_runs[a].runId < m_runs[b].runId : m_runs[a].runId > m_runs[b].runId;
        });
        return;
    }
    const RunColumn& column = runColumns()[static_cast<size_t>(m_sortColumn)];
    const bool ascending = m_sortOrder == Qt::AscendingOrder;
    if (column.number) {
        std::vector<double> keys(m_runs.size(), NAN);
        for (const size_t row : rows)
            keys[row] = column.number(m_runs[row]).value_or(NAN);
        std::stable_sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
            if (std::isnan(keys[a]) || std::isnan(keys[b]))
                return !std::isnan(keys[a]) && std::isnan(keys[b]); // missing values last
            return ascending ? keys[a] < keys[b] : keys[a] > keys[b];
        });
        return;
    }
    QCollator collator;
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    std::vector<std::pair<QString, QCollatorSortKey>> keys;
    keys.reserve(m_runs.size());
    for (const store::RunRow& run : m_runs) {
        QString text = column.value(run).toString();
        keys.emplace_back(text, collator.sortKey(text));
    }
    std::stable_sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
        if (keys[a].first.isEmpty() || keys[b].first.isEmpty())
            return !keys[a].first.isEmpty() && keys[b].first.isEmpty();
        const int order = keys[a].second.compare(keys[b].second);
        return ascending ? order < 0 : order > 0;
    });
}

} // namespace clwb::ui
