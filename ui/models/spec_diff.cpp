// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/spec_diff.h"

#include "ui/bridge/qt_text.h"

#include <set>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

std::vector<DiffLine> specDiff(const report::ReportRun& a, const report::ReportRun& b)
{
    std::set<std::string> keys;
    for (const report::ReportRun* run : {&a, &b}) {
        for (const auto& [key, value] : run->params)
            keys.insert(key);
    }
    std::vector<DiffLine> lines;
    const auto add = [&](const report::ReportRun& run, const std::string& key,
                         DiffLine::Kind kind) {
        if (const auto value = run.params.find(key); value != run.params.end())
            lines.push_back({kind, toQt(key) + u" = "_s + toQt(value->second)});
    };
    for (const std::string& key : keys) {
        const auto inA = a.params.find(key);
        const auto inB = b.params.find(key);
        if (inA != a.params.end() && inB != b.params.end() && inA->second == inB->second) {
            add(a, key, DiffLine::Kind::Same);
            continue;
        }
        add(a, key, DiffLine::Kind::OnlyInA);
        add(b, key, DiffLine::Kind::OnlyInB);
    }
    return lines;
}

QString diffText(const std::vector<DiffLine>& lines, const QString& nameA, const QString& nameB,
                 DiffLines which)
{
    QString text = u"--- "_s + nameA + u"\n+++ "_s + nameB + u'\n';
    for (const DiffLine& line : lines) {
        if (line.kind == DiffLine::Kind::Same && which == DiffLines::Differing)
            continue;
        const QChar sign = line.kind == DiffLine::Kind::Same      ? u' '
                           : line.kind == DiffLine::Kind::OnlyInA ? u'-'
                                                                  : u'+';
        text += sign + line.text + u'\n';
    }
    return text;
}

} // namespace clwb::ui
