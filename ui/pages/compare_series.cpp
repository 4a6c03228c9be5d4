// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_series.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/theme.h"

namespace clwb::ui
{

using namespace Qt::StringLiterals;

CurveSeries curveSeriesOf(const ComparedEntry& entry, const std::string& metric, bool isShown)
{
    CurveSeries series{entry.label, colourOf(entry), optionStyle(entry.option), {}};
    series.id = entry.id;
    series.mark = markOf(entry.setting);
    series.isHollow = entry.isReported;
    series.isHidden = !isShown;
    const report::Band band = bandOfMetric(entry, metric);
    for (size_t point = 0; point < band.x.size(); ++point) {
        series.points.push_back({band.x[point], band.mean[point]});
        series.spread.push_back(band.std[point]);
        series.counts.push_back(band.count[point]);
    }
    return series;
}

DataTable curveTableOf(const std::vector<const ComparedEntry*>& entries,
                       const std::vector<std::string>& metrics)
{
    DataTable table;
    table.columns = {{.key = u"run_id"_s, .isNumber = true},
                     {.key = u"configuration"_s},
                     {.key = u"setting"_s},
                     {.key = u"seed"_s, .isNumber = true},
                     {.key = u"session"_s, .isNumber = true},
                     {.key = u"metric"_s},
                     {.key = u"value"_s, .isNumber = true}};
    for (const std::string& metric : metrics) {
        for (const ComparedEntry* entry : entries) {
            for (const report::ReportRun& run : entry->runs) {
                const std::string name = report::metricName(run, metric);
                for (const auto& [session, values] : run.series) {
                    const auto found = values.find(name);
                    const auto value =
                        found == values.end() ? std::nullopt : std::optional(found->second);
                    const auto seed =
                        run.seed ? std::optional(static_cast<double>(*run.seed)) : std::nullopt;
                    table.rows.push_back({numberCell(static_cast<double>(run.runId), 0),
                                          textCell(entry->label), textCell(entry->setting),
                                          numberCell(seed, 0), numberCell(session, 0),
                                          textCell(toQt(name)), numberCell(value)});
                }
            }
        }
    }
    return table;
}

} // namespace clwb::ui
