// SPDX-License-Identifier: GPL-3.0-or-later
// Letters that open entries of a menu, each of them one entry.
#pragma once

#include <QStringList>

class QMenu;

namespace clwb::ui
{

/// The titles with the mark '&' before the letter that opens each. Marked letters stay with the
/// first that has them; the others get the first free one of their words' beginnings, then of the
/// rest. A title whose letters and digits are all taken has none.
QStringList withAccessKeys(const QStringList& titles);

/// The same for the entries of a menu, whoever brought them and in whatever language.
void giveAccessKeys(QMenu& menu);

} // namespace clwb::ui
