// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/access_keys.h"

#include <QAction>
#include <QMenu>
#include <QSet>

#include <algorithm>
#include <optional>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr QChar kMark = u'&';

/// Where the marked letter stands; a doubled mark is the sign itself.
std::optional<qsizetype> markedPlace(const QString& title)
{
    for (qsizetype at = 0; at + 1 < title.size(); ++at) {
        if (title[at] != kMark)
            continue;
        if (title[at + 1] != kMark)
            return at + 1;
        ++at;
    }
    return std::nullopt;
}

QString withoutMark(QString title)
{
    if (const auto place = markedPlace(title))
        title.remove(*place - 1, 1);
    return title;
}

/// Places of letters and digits, those that begin a word first.
QList<qsizetype> places(const QString& title)
{
    QList<qsizetype> beginnings;
    QList<qsizetype> others;
    for (qsizetype at = 0; at < title.size(); ++at) {
        if (title[at].isLetterOrNumber())
            (at == 0 || title[at - 1].isSpace() ? beginnings : others) << at;
    }
    return beginnings + others;
}

} // namespace

QStringList withAccessKeys(const QStringList& titles)
{
    QStringList marked = titles;
    QSet<QChar> taken;
    QList<qsizetype> left;
    for (qsizetype i = 0; i < marked.size(); ++i) {
        const auto place = markedPlace(marked[i]);
        const QChar letter = place ? marked[i][*place].toLower() : QChar();
        if (place && !taken.contains(letter))
            taken << letter;
        else
            left << i;
    }
    for (const qsizetype i : std::as_const(left)) {
        QString& title = marked[i];
        title = withoutMark(title);
        const QList<qsizetype> all = places(title);
        const auto free = std::find_if(all.begin(), all.end(), [&](qsizetype at) {
            return !taken.contains(title[at].toLower());
        });
        if (free == all.end())
            continue;
        taken << title[*free].toLower();
        title.insert(*free, kMark);
    }
    return marked;
}

void giveAccessKeys(QMenu& menu)
{
    QList<QAction*> entries = menu.actions();
    entries.removeIf([](const QAction* entry) { return entry->isSeparator(); });
    QStringList titles;
    for (const QAction* entry : std::as_const(entries))
        titles << entry->text();
    const QStringList marked = withAccessKeys(titles);
    for (qsizetype i = 0; i < entries.size(); ++i)
        entries[i]->setText(marked[i]);
}

} // namespace clwb::ui
