// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_mime.h"

#include <QCoreApplication>
#include <QMimeData>
#include <QStringList>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype kMostDragged = 100000;

QString runMimeType()
{
    return u"application/x-clwb-runs"_s;
}

} // namespace

QMimeData* newRunMimeData(const std::vector<int64_t>& runs)
{
    QStringList numbers{QString::number(QCoreApplication::applicationPid())};
    QStringList names;
    for (const int64_t run : runs) {
        numbers << QString::number(run);
        names << u'#' + QString::number(run);
    }
    auto* data = new QMimeData;
    data->setData(runMimeType(), numbers.join(u' ').toLatin1());
    data->setText(names.join(u", "_s));
    return data;
}

std::vector<int64_t> runsOf(const QMimeData* data)
{
    if (!data || !data->hasFormat(runMimeType()))
        return {};
    const QStringList numbers =
        QString::fromLatin1(data->data(runMimeType())).split(u' ', Qt::SkipEmptyParts);
    if (numbers.size() < 2 || numbers.size() > kMostDragged ||
        numbers.front() != QString::number(QCoreApplication::applicationPid()))
        return {};
    std::vector<int64_t> runs;
    for (const QString& number : numbers.mid(1)) {
        bool isNumber = false;
        runs.push_back(number.toLongLong(&isNumber));
        if (!isNumber)
            return {};
    }
    return runs;
}

} // namespace clwb::ui
