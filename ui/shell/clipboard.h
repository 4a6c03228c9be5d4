// SPDX-License-Identifier: GPL-3.0-or-later
// What is copied: a table as text with tabs and as a table for documents.
#pragma once

#include <QList>
#include <QStringList>

namespace clwb::ui
{

void copyTable(const QStringList& titles, const QList<QStringList>& rows);

} // namespace clwb::ui
