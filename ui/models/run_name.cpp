// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_name.h"

#include "core/spec/run_spec.h"
#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct RunNameText
{
    Q_DECLARE_TR_FUNCTIONS(RunName)
};

template<class Run>
QString titleOf(const Run& run)
{
    const QString number = runNumber(run.runId) + u' ';
    if (!run.name.empty())
        return number + toQt(run.name);
    QStringList parts{toQt(spec::displayLabel(run.kind, run.method, run.option))};
    if (!run.setting.empty())
        parts << toQt(run.setting);
    if (run.seed)
        parts << RunNameText::tr("seed %1").arg(*run.seed);
    return number + parts.join(u", "_s);
}

} // namespace

QString runNumber(int64_t runId)
{
    return u'#' + QString::number(runId);
}

QString runNumbers(const std::vector<int64_t>& runs, size_t most)
{
    QStringList numbers;
    for (size_t at = 0; at < std::min(most, runs.size()); ++at)
        numbers << runNumber(runs[at]);
    const QString text = numbers.join(u", "_s);
    return runs.size() > most ? RunNameText::tr("%1 and %2 more").arg(text).arg(runs.size() - most)
                              : text;
}

QString runName(const store::RunRow& run)
{
    return run.name.empty() ? toQt(spec::displayLabel(run.kind, run.method, run.option))
                            : toQt(run.name);
}

QString runTitle(const store::RunRow& run)
{
    return titleOf(run);
}

QString runTitle(const report::ReportRun& run)
{
    return titleOf(run);
}

QString branchText(const std::optional<report::BranchedFrom>& branch)
{
    return branch ? toQt(report::branchText(*branch)) : QString();
}

} // namespace clwb::ui
