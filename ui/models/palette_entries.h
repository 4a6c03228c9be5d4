// SPDX-License-Identifier: GPL-3.0-or-later
// What the command palette offers for what is typed: the best matches first.
#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace clwb::ui
{

struct PaletteEntry
{
    QString id;     ///< of an action; "run:12" for a run
    QString text;   ///< without mnemonic
    QString detail; ///< what it does, or why it can't be done now
    QString keys;
    bool isEnabled = true;
};

/// How well an entry fits: each typed word must be the number of the run (best), a word of the
/// text, begin one, lie inside one, or occur in the detail; smaller is better. Nothing: it does not
/// fit.
std::optional<int> paletteRank(const PaletteEntry& entry, const QString& typed);

/// The entries that fit, at most `most`; enabled ones first, then by rank, then as in `recent`,
/// then in the given order.
std::vector<PaletteEntry> paletteMatches(const std::vector<PaletteEntry>& entries,
                                         const QString& typed, const QStringList& recent,
                                         size_t most);

} // namespace clwb::ui
