// SPDX-License-Identifier: GPL-3.0-or-later
// One sentence and the loss of each method, for people who choose one.
#pragma once

#include <QString>

namespace clwb::ui
{

struct MethodText
{
    QString sentence;
    QString formula; ///< terms named as in the loss plot
};

/// Empty texts for a method that has none here; `kind` original and joint have texts too.
MethodText methodText(const QString& kind, const QString& method);
/// What an option trains: "both towers", …
QString optionText(const QString& option);

} // namespace clwb::ui
