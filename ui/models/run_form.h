// SPDX-License-Identifier: GPL-3.0-or-later
// What the New run page holds, apart from any widget: choices, changed settings, checks.
#pragma once

#include "core/spec/param.h"
#include "core/spec/run_spec.h"
#include "core/spec/sweep.h"
#include "ui/models/form_presets.h"

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
    /// One a seed, or one a trial of the sweep; empty when anything is wrong.
    std::vector<spec::RunSpec> specs;
    std::optional<spec::Sweep> sweep;        ///< where settings are varied
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
    QString seeds = QStringLiteral("0");
    QStringList what{QStringLiteral("ut"), QStringLiteral("zs"), QStringLiteral("retrieval")};
    QString after = QStringLiteral("session");
    /// Parts of `what` that a study is known not to have. Facts about it, no choice.
    struct Lacking
    {
        QString study; ///< path; of another one nothing is known
        QStringList parts;
        bool operator==(const Lacking&) const = default;
    };
    Lacking lacking;

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
    [[nodiscard]] const FormPreset& preset() const { return m_preset; }
    /// Starts from other values; what the user has changed stays changed.
    void usePreset(const FormPreset& preset);
    /// Goes back to the engine's preset below the present one, whose values become changes.
    void keepPresetAsChanges();
    /// The form's values as a preset of that name, over the engine's preset below the present one.
    [[nodiscard]] FormPreset asPreset(const QString& presetName) const;

    /// Whether the setting can take several values, one run each.
    [[nodiscard]] static bool canVary(const spec::ParamDef& param);
    /// Whether it does: its text is then a list or range (spec::parseValueList()).
    [[nodiscard]] bool isVaried(const spec::ParamDef& param) const;
    /// Off: the first value of the list stays.
    void setVaried(const spec::ParamDef& param, bool isVaried);
    void varyNothing();
    /// The values that a varied setting takes. Errors: as parseValueList().
    [[nodiscard]] Result<std::vector<Json>> variedValues(const spec::ParamDef& param) const;

    /// Whether the study is known to have no such part.
    [[nodiscard]] bool lacks(const QString& part) const;
    [[nodiscard]] FormCheck check() const;
    /// "clwb run --preset paper --set …", quoted for a shell. CHECK: nothing is varied.
    [[nodiscard]] QString commandLine() const;
    /// "schedule.lr 1e-06 instead of 1e-05": settings that matter for `spec` and differ.
    [[nodiscard]] static QStringList changesFrom(const spec::RunSpec& source,
                                                 const spec::RunSpec& spec);
    /// "clwb branch 12 --from-session 3 --set …": what tells `spec` apart from its source.
    [[nodiscard]] static QString branchCommandLine(int64_t runId, int session,
                                                   const spec::RunSpec& source,
                                                   const spec::RunSpec& spec);
    /// For a file: spec.json, or a sweep where there are several seeds or varied settings.
    [[nodiscard]] Json document() const;
    /// Fills the form from a stored spec, as changes to the preset that is nearer. A part that it
    /// asks for stays asked for where its study lacks it, so that it stays the same configuration.
    /// @param folder against which paths in the document are relative; empty: the working directory
    Result<void> load(const Json& document, const std::filesystem::path& folder = {});

    bool operator==(const RunForm&) const = default;

private:
    [[nodiscard]] std::vector<std::string> sets() const;
    /// `what` without what the study lacks, unless the stored spec of that study asked for it.
    [[nodiscard]] QStringList asked() const;
    [[nodiscard]] std::optional<std::vector<uint64_t>> seedNumbers() const;
    /// Varied settings that the kind and method use, in the order of fields().
    [[nodiscard]] std::vector<const spec::ParamDef*> variedFields() const;
    [[nodiscard]] Json sweepDocument() const;
    void checkFields(FormCheck& check) const;
    void checkSweep(FormCheck& check) const;
    FormPreset m_preset{QStringLiteral("paper"), QStringLiteral("paper"), {}};
    std::map<std::string, QString> m_changes; ///< text by key
    std::map<std::string, QString> m_varied;  ///< text by key
    QStringList m_loadedWhat;                 ///< of the stored spec
    QString m_loadedStudy;
};

/// JSON value as the form shows it: plain text, lists with commas.
QString valueText(const Json& value);
/// A text of the form as JSON, by the type of the setting; a text that does not fit stays one.
Json jsonOf(const spec::ParamDef& param, const QString& text);
/// Sorts the lines of a spec's error to their fields.
void addProblems(const Error& error, FormCheck& check);
/// The value of a dotted key; null when absent.
Json valueAt(const Json& document, std::string_view key);

} // namespace clwb::ui
