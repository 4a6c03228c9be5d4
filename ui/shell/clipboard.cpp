// SPDX-License-Identifier: GPL-3.0-or-later
// Two forms of one table on the clipboard.
#include "ui/shell/clipboard.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void copyTable(const QStringList& titles, const QList<QStringList>& rows)
{
    QString plain;
    QString html = u"<table>"_s;
    const auto addLine = [&](const QStringList& cells, QLatin1StringView tag) {
        plain += cells.join(u'\t') + u'\n';
        html += u"<tr>"_s;
        for (const QString& cell : cells)
            html += u'<' + tag + u'>' + cell.toHtmlEscaped() + u"</"_s + tag + u'>';
        html += u"</tr>"_s;
    };
    addLine(titles, "th"_L1);
    for (const QStringList& row : rows)
        addLine(row, "td"_L1);
    auto* copied = new QMimeData;
    copied->setText(plain);
    copied->setHtml(html + u"</table>"_s);
    QGuiApplication::clipboard()->setMimeData(copied);
}

} // namespace clwb::ui
