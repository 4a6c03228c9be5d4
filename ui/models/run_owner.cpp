// SPDX-License-Identifier: GPL-3.0-or-later
// Which program has a run in hand, in words.
#include "ui/models/run_owner.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct RunOwnerText
{
    Q_DECLARE_TR_FUNCTIONS(RunOwner)
};

/// "14:05" of today, otherwise with its date; empty for an unreadable time.
QString clockText(const std::string& utc, const QDateTime& now)
{
    const QDateTime then = QDateTime::fromString(toQt(utc), Qt::ISODateWithMs).toLocalTime();
    if (!then.isValid())
        return {};
    const bool isToday = then.date() == now.toLocalTime().date();
    return then.toString(isToday ? u"HH:mm"_s : u"yyyy-MM-dd HH:mm"_s);
}

} // namespace

bool isTrainedElsewhere(const store::RunRow& run)
{
    return run.status == "running" && (run.ownerPlace == store::OwnerPlace::ThisHost ||
                                       run.ownerPlace == store::OwnerPlace::OtherHost);
}

const store::RunRow* newestElsewhere(const std::vector<store::RunRow>& runs)
{
    const auto found = std::find_if(runs.rbegin(), runs.rend(), isTrainedElsewhere);
    return found == runs.rend() ? nullptr : &*found;
}

QString ownerText(const store::RunRow& run, const QDateTime& now)
{
    QString who;
    switch (run.ownerPlace) {
    case store::OwnerPlace::None:
        return {};
    case store::OwnerPlace::ThisProcess:
        return RunOwnerText::tr("this window");
    case store::OwnerPlace::ThisHost:
        who = RunOwnerText::tr("another program on this computer");
        break;
    case store::OwnerPlace::OtherHost:
        who = RunOwnerText::tr("a program on %1").arg(toQt(run.ownerHost));
        break;
    }
    const QString since = clockText(run.ownerSinceUtc, now);
    return since.isEmpty() ? who : RunOwnerText::tr("%1 since %2").arg(who, since);
}

QString elsewhereText(const std::vector<store::RunRow>& runs)
{
    const auto count = std::count_if(runs.begin(), runs.end(), isTrainedElsewhere);
    if (count > 1)
        return RunOwnerText::tr("other programs train %1 runs").arg(count);
    const store::RunRow* run = newestElsewhere(runs);
    if (!run)
        return {};
    const QString told = RunOwnerText::tr("another program trains %1").arg(runTitle(*run));
    if (run->sessionNow < 1 || run->sessions < 1)
        return told;
    return RunOwnerText::tr("%1 (session %2 of %3)")
        .arg(told, QString::number(run->sessionNow), QString::number(run->sessions));
}

} // namespace clwb::ui
