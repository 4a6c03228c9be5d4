// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_looks.h"

#include "ui/bridge/qt_text.h"
#include "ui/shell/theme.h"

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// "59:2" of every entry.
template<class Value, class Text>
QStringList textsOf(const std::map<int64_t, Value>& values, Text text)
{
    QStringList texts;
    for (const auto& [run, value] : values)
        texts << QString::number(run) + u':' + text(value);
    return texts;
}

template<class Value, class Read>
std::map<int64_t, Value> valuesOf(const QVariant& texts, Read read)
{
    std::map<int64_t, Value> values;
    for (const QString& text : texts.toStringList())
        values[text.section(u':', 0, 0).toLongLong()] = read(text.section(u':', 1));
    return values;
}

} // namespace

void RunLooks::open(ProjectSettings memory)
{
    m_memory = std::move(memory);
    m_hidden.clear();
    for (const QString& text : m_memory.value(u"hidden"_s).toStringList())
        m_hidden.insert(text.toLongLong());
    m_colours = valuesOf<QColor>(m_memory.value(u"colours"_s),
                                 [](const QString& text) { return QColor(text); });
    std::erase_if(m_colours, [](const auto& entry) { return !entry.second.isValid(); });
    m_shades = valuesOf<int>(m_memory.value(u"shades"_s),
                             [](const QString& text) { return text.toInt(); });
    Q_EMIT changed();
}

bool RunLooks::areHidden(const std::vector<int64_t>& runs) const
{
    return !runs.empty() &&
           std::all_of(runs.begin(), runs.end(), [this](int64_t run) { return isHidden(run); });
}

void RunLooks::setHidden(std::set<int64_t> hidden)
{
    if (hidden == m_hidden)
        return;
    m_hidden = std::move(hidden);
    QStringList texts;
    for (const int64_t run : m_hidden)
        texts << QString::number(run);
    m_memory.setValue(u"hidden"_s, texts);
    Q_EMIT changed();
}

void RunLooks::show(const std::vector<int64_t>& runs)
{
    std::set<int64_t> hidden = m_hidden;
    for (const int64_t run : runs)
        hidden.erase(run);
    setHidden(std::move(hidden));
}

void RunLooks::toggle(const std::vector<int64_t>& runs)
{
    if (areHidden(runs))
        return show(runs);
    std::set<int64_t> hidden = m_hidden;
    hidden.insert(runs.begin(), runs.end());
    setHidden(std::move(hidden));
}

void RunLooks::solo(const std::vector<int64_t>& kept, const std::vector<int64_t>& all)
{
    std::set<int64_t> hidden = m_hidden;
    hidden.insert(all.begin(), all.end());
    for (const int64_t run : kept)
        hidden.erase(run);
    if (hidden == m_hidden) // a second time
        return show(all);
    setHidden(std::move(hidden));
}

void RunLooks::showAll()
{
    setHidden({});
}

QColor RunLooks::ownColour(int64_t run) const
{
    const auto found = m_colours.find(run);
    return found == m_colours.end() ? QColor() : found->second;
}

void RunLooks::setColour(const std::vector<int64_t>& runs, const QColor& colour)
{
    for (const int64_t run : runs) {
        if (colour.isValid())
            m_colours[run] = colour;
        else
            m_colours.erase(run);
    }
    m_memory.setValue(u"colours"_s,
                      textsOf(m_colours, [](const QColor& own) { return own.name(); }));
    Q_EMIT changed();
}

void RunLooks::setShades(std::map<int64_t, int> shades)
{
    std::erase_if(shades, [](const auto& entry) { return entry.second == 0; });
    if (shades == m_shades)
        return;
    m_shades = std::move(shades);
    m_memory.setValue(u"shades"_s,
                      textsOf(m_shades, [](int shade) { return QString::number(shade); }));
    Q_EMIT changed();
}

QColor RunLooks::colourOf(int64_t run, const QString& kind, const QString& method) const
{
    if (const QColor own = ownColour(run); own.isValid())
        return own;
    const auto shade = m_shades.find(run);
    return shadeOf(methodColour(kind, method), shade == m_shades.end() ? 0 : shade->second);
}

QColor colourOfRun(const RunLooks* looks, const store::RunRow& run)
{
    const QString kind = toQt(run.kind);
    const QString method = toQt(run.method);
    return looks ? looks->colourOf(run.runId, kind, method) : methodColour(kind, method);
}

} // namespace clwb::ui
