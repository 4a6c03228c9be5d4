// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/cluster_job.h"

#include "core/base/file.h"
#include "core/base/number_text.h"
#include "core/spec/sweep_document.h"
#include "core/store/sweeps.h"
#include "ui/bridge/qt_text.h"
#include "ui/shell/sweep_orders.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

namespace fs = std::filesystem;

struct ClusterText
{
    Q_DECLARE_TR_FUNCTIONS(ClusterJob)
};

/// What sbatch takes for its options, so that a slip is seen here and not when the job is refused.
struct OptionRule
{
    const char* name;
    const char* pattern;
    const char* says;
};
constexpr OptionRule kOptionRules[] = {
    {"--time",
     R"(^(\d+|\d+:\d{1,2}|\d+:\d{1,2}:\d{1,2}|\d+-\d{1,2}(:\d{1,2}){0,2}|UNLIMITED|INFINITE)$)",
     QT_TRANSLATE_NOOP("ClusterJob", "expected minutes, hours:minutes:seconds or days-hours, such "
                                     "as 24:00:00 or 2-12")},
    {"--partition", R"(^[^\s,]+(,[^\s,]+)*$)",
     QT_TRANSLATE_NOOP("ClusterJob", "expected a name, or several with commas and no spaces")},
    {"--account", R"(^\S+$)", QT_TRANSLATE_NOOP("ClusterJob", "expected a name without spaces")},
    {"--cpus-per-task", R"(^[1-9]\d{0,4}$)",
     QT_TRANSLATE_NOOP("ClusterJob", "expected a whole number from 1")},
    {"--mem", R"(^\d+[KMGT]?B?$)",
     QT_TRANSLATE_NOOP("ClusterJob", "expected a size such as 32G or 500M; a plain number counts "
                                     "in megabytes")},
    {"--gres", R"(^[^\s,]+(,[^\s,]+)*$)",
     QT_TRANSLATE_NOOP("ClusterJob", "expected a resource such as gpu:1 or gpu:a100:2, several "
                                     "with commas and no spaces")},
};

/// Options by which the script works; another value of them would break it.
constexpr const char* kOwnOptions[] = {"--array",      "--signal", "--wrap",     "--requeue",
                                       "--no-requeue", "--output", "--open-mode"};

QStringList linesIn(const QString& text)
{
    QStringList lines;
    for (const QString& line : text.split(u'\n')) {
        if (const QString trimmed = line.trimmed(); !trimmed.isEmpty())
            lines << trimmed;
    }
    return lines;
}

QString problemOfPath(const QString& text)
{
    if (text.isEmpty())
        return ClusterText::tr("is needed");
    if (!text.startsWith(u'/'))
        return ClusterText::tr("expected a path from the root, which begins with /");
    return {};
}

QString problemOfFurther(const QString& text)
{
    for (const QString& line : linesIn(text)) {
        if (const auto option = run::sbatchOption(fromQt(line)); !option)
            return toQt(option.error().message);
        for (const char* own : kOwnOptions) {
            const QString name = QString::fromLatin1(own);
            if (line == name || line.startsWith(name + u'=') || line.startsWith(name + u' '))
                return ClusterText::tr("%1 is the script's own: without it trials would not be "
                                       "found or stopped in time")
                    .arg(name);
        }
    }
    return {};
}

QString problemOfSetup(const QString& text)
{
    for (const QString& line : linesIn(text)) {
        if (line.startsWith("#SBATCH"_L1))
            return ClusterText::tr("sbatch does not read options here: put %1 under Further "
                                   "options")
                .arg(line.mid(7).trimmed());
    }
    return {};
}

QString problemOfOption(const std::string& name, const QString& value)
{
    for (const OptionRule& rule : kOptionRules) {
        const QRegularExpression good(QString::fromLatin1(rule.pattern),
                                      QRegularExpression::CaseInsensitiveOption);
        if (name == rule.name && !good.match(value).hasMatch())
            return ClusterText::tr(rule.says);
    }
    return {};
}

std::string fileTextOf(const ClusterSweep& sweep)
{
    return sweep.sweep.document.dump(1) + "\n";
}

} // namespace

Result<ClusterSweep> readClusterSweep(const store::Project& project, std::optional<int64_t> sweepId)
{
    CLWB_ASSIGN(const std::vector<store::SweepRow> rows, store::sweeps(project));
    const auto row = std::find_if(rows.rbegin(), rows.rend(), [&](const store::SweepRow& known) {
        return sweepId ? known.sweepId == *sweepId : known.kind == "sweep";
    });
    if (row == rows.rend())
        return fail(ErrorCode::Usage, "the project has no sweep that could be handed over",
                    "Open a sweep file on the page Sweeps, or give it to “clwb slurm”.");
    CLWB_ASSIGN(const std::vector<store::TrialRow> trials, store::trialsOf(project, row->sweepId));
    CLWB_ASSIGN(const SweepOrder order, storedSweep(*row, trials));
    ClusterSweep result;
    result.sweepId = row->sweepId;
    result.sweep.name = row->name;
    for (const run::RoleTrial& what : order.definition.trials) {
        result.sweep.trials.push_back(what.trial);
        for (const fs::path& path : {what.trial.spec.study, what.trial.spec.model}) {
            if (const QString text = toQt(path); !result.sharedFiles.contains(text))
                result.sharedFiles << text;
        }
    }
    if (result.sweep.trials.empty())
        return fail(ErrorCode::Usage, "the sweep " + row->name + " has no trials",
                    "Open its file again on the page Sweeps.");
    CLWB_ASSIGN(result.sweep.document,
                spec::sweepDocument(row->name, order.onFailure, result.sweep.trials));
    for (const store::TrialRow& trial : trials) {
        if (trial.state != store::TrialState::Done && trial.state != store::TrialState::Running)
            result.toDo.push_back(trial.number);
    }
    return result;
}

QString ClusterForm::problemOf(const std::string& field) const
{
    if (field == "program")
        return problemOfPath(program);
    if (field == "results")
        return problemOfPath(results);
    if (field == "further")
        return problemOfFurther(further);
    if (field == "setup")
        return problemOfSetup(setup);
    if (field == "at-once") {
        const bool isGood = atOnce.isEmpty() || run::slurmJobsAtOnce(fromQt(atOnce)).has_value();
        return isGood ? QString() : ClusterText::tr("expected a whole number from 1 to 100000");
    }
    const auto value = options.find(field);
    return value == options.end() || value->second.isEmpty()
               ? QString()
               : problemOfOption(field, value->second);
}

bool ClusterForm::isValid() const
{
    std::vector<std::string> fields{"program", "results", "further", "at-once", "setup"};
    for (const run::SlurmOption& option : run::kSlurmOptions)
        fields.emplace_back(option.name);
    return std::all_of(fields.begin(), fields.end(),
                       [this](const auto& field) { return problemOf(field).isEmpty(); });
}

run::SlurmJob ClusterForm::jobFor(const ClusterSweep& sweep) const
{
    const fs::path folder = toPath(results);
    run::SlurmJob job =
        run::slurmJobOf(sweep.sweep, toPath(program), sweepFileIn(folder), {}, folder);
    if (onlyToDo && !sweep.toDo.empty())
        job.trials = sweep.toDo;
    for (const run::SlurmOption& option : run::kSlurmOptions) {
        const auto value = options.find(option.name);
        if (value != options.end() && !value->second.isEmpty())
            job.options.push_back(std::string(option.name) + "=" + fromQt(value->second));
    }
    for (const QString& line : linesIn(further))
        job.options.push_back(fromQt(line));
    for (const QString& line : linesIn(setup))
        job.setup.push_back(fromQt(line));
    job.atOnce = run::slurmJobsAtOnce(fromQt(atOnce)).value_or(0);
    return job;
}

fs::path sweepFileIn(const fs::path& results)
{
    return results / "sweep.json";
}

Result<void> saveClusterJob(const ClusterSweep& sweep, const run::SlurmJob& job,
                            const fs::path& script)
{
    const fs::path file = sweepFileIn(job.results);
    const std::string text = fileTextOf(sweep);
    std::error_code ignored;
    if (fs::exists(file, ignored)) {
        CLWB_ASSIGN(const std::string before, readFile(file, kMaxSpecBytes));
        if (before != text)
            return fail(ErrorCode::Usage,
                        "the folder " + job.results.string() + " belongs to another sweep",
                        "Its jobs may still read " + file.string() +
                            ": choose another folder for the results.");
    } else {
        CLWB_TRY(createFolders(job.results));
        CLWB_TRY(writeFileAtomically(file, text));
    }
    return writeFileAtomically(script, run::slurmScript(job));
}

} // namespace clwb::ui
