// SPDX-License-Identifier: GPL-3.0-or-later
// What the New run page holds, apart from any widget: choices, changed settings, checks.
#pragma once

#include "core/spec/param.h"
#include "core/spec/run_spec.h"

#include <QString>
#include <QStringList>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

/// What is wrong with the form, at the field where it can be put right.
struct FormCheck
{
    std::vector<spec::RunSpec> specs;        ///< one a seed; empty when anything is wrong
    std::map<std::string, QString> problems; ///< by key of spec.json
    QStringList otherProblems;
    QStringList warnings;
    [[nodiscard]] bool isValid() const { return !specs.empty(); }
    /// One sentence for the disabled Start button; empty when valid.
    [[nodiscard]] QString reason() const;
};

class RunForm
{
public:
    QString name;
    QString study; ///< path
    QString model; ///< path
    QString kind = QStringLiteral("method");
    QString method = QStringLiteral("vr-lwf");
    QString option = QStringLiteral("WM");
    QString setting = QStringLiteral("MST");
    QString preset = QStringLiteral("paper");
    QString seeds = QStringLiteral("0");
    QStringList what{QStringLiteral("ut"), QStringLiteral("zs"), QStringLiteral("retrieval")};
    QString after = QStringLiteral("session");

    /// Settings that this kind and method use and that have no place of their own in the form.
    [[nodiscard]] std::vector<const spec::ParamDef*> fields() const;
    /// Whether the setting stands in the short list, before "all settings".
    [[nodiscard]] static bool isMain(const spec::ParamDef& param);
    /// The preset's value as text.
    [[nodiscard]] QString presetText(const spec::ParamDef& param) const;
    /// The chosen value as text: the user's, or the preset's.
    [[nodiscard]] QString text(const spec::ParamDef& param) const;
    [[nodiscard]] bool isChanged(const spec::ParamDef& param) const;
    /// A text equal to the preset's removes the change.
    void setText(const spec::ParamDef& param, const QString& text);
    void reset(const spec::ParamDef& param);
    void resetAll() { m_changes.clear(); }

    [[nodiscard]] FormCheck check() const;
    /// "clwb run --preset paper --set …", quoted for a shell.
    [[nodiscard]] QString commandLine() const;
    /// Fills the form from a stored spec, as changes to the preset that is nearer.
    /// @param folder against which paths in the document are relative; empty: the working directory
    Result<void> load(const Json& document, const std::filesystem::path& folder = {});

private:
    [[nodiscard]] std::vector<std::string> sets() const;
    [[nodiscard]] std::optional<std::vector<uint64_t>> seedNumbers() const;
    std::map<std::string, QString> m_changes; ///< text by key
};

/// JSON value as the form shows it: plain text, lists with commas.
QString valueText(const Json& value);
/// The value of a dotted key; null when absent.
Json valueAt(const Json& document, std::string_view key);

} // namespace clwb::ui
