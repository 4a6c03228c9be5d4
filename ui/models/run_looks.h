// SPDX-License-Identifier: GPL-3.0-or-later
// How runs look everywhere at once: which ones plots leave out, and in which colour they are drawn.
#pragma once

#include "core/store/project.h"
#include "ui/shell/settings.h"

#include <QColor>
#include <QObject>

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace clwb::ui
{

/// Remembered by project in the settings of the window: a look at the runs, no change of them.
class RunLooks : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    /// Takes over what is remembered of a project.
    void open(ProjectSettings memory);

    [[nodiscard]] bool isHidden(int64_t run) const { return m_hidden.contains(run); }
    [[nodiscard]] bool areHidden(const std::vector<int64_t>& runs) const; ///< all; none: no
    [[nodiscard]] const std::set<int64_t>& hidden() const { return m_hidden; }
    void show(const std::vector<int64_t>& runs);
    /// Hides them, or shows them where all are hidden.
    void toggle(const std::vector<int64_t>& runs);
    /// Of `all` only `kept` are shown; a second time all are. Others stay as they are.
    void solo(const std::vector<int64_t>& kept, const std::vector<int64_t>& all);
    void showAll();

    /// The user's own colour; invalid: none was chosen.
    [[nodiscard]] QColor ownColour(int64_t run) const;
    /// An invalid colour gives back the one of their method.
    void setColour(const std::vector<int64_t>& runs, const QColor& colour);
    /// Which of several lines of a method the run is where it is compared; 0 needs no entry.
    void setShades(std::map<int64_t, int> shades);
    /// In every plot and list: the user's own, or the shade of the method's that Compare draws.
    [[nodiscard]] QColor colourOf(int64_t run, const QString& kind, const QString& method) const;

Q_SIGNALS:
    void changed();

private:
    void setHidden(std::set<int64_t> hidden);

    ProjectSettings m_memory;
    std::set<int64_t> m_hidden;
    std::map<int64_t, QColor> m_colours;
    std::map<int64_t, int> m_shades;
};

/// Colour of a run of the list; without looks its method's.
QColor colourOfRun(const RunLooks* looks, const store::RunRow& run);

} // namespace clwb::ui
