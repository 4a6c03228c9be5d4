// SPDX-License-Identifier: GPL-3.0-or-later
// The table of settings as text for the command line.
#include "core/base/check.h"
#include "core/spec/fields.h"
#include "core/spec/param.h"
#include "core/spec/presets.h"

#include <algorithm>

namespace clwb::spec
{
namespace
{

/// Appends `text`, indented and broken at spaces.
void wrap(std::string& out, std::string_view text)
{
    constexpr size_t kIndent = 6;
    constexpr size_t kColumns = 98;
    size_t column = 0;
    while (!text.empty()) {
        const size_t space = std::min(text.find(' '), text.size());
        if (column == 0 || column + 1 + space > kColumns) {
            out += (column == 0 ? "" : "\n") + std::string(kIndent, ' ');
            column = kIndent;
        } else {
            out += ' ';
            ++column;
        }
        out += text.substr(0, space);
        column += space;
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    out += '\n';
}

/// Default of the paper preset, with the setting or method it depends on.
std::string defaultText(const ParamDef& param)
{
    const Field* field = findField(param.key);
    CLWB_CHECK(field, std::string(param.key));
    const std::string_view method = param.methods.empty() ? "ft" : param.methods.front();
    const Json ost = field->get(presetSpec("paper", "method", method, "WM", "OST"));
    const Json mst = field->get(presetSpec("paper", "method", method, "WM", "MST"));
    if (param.key == "setting")
        return "MST";
    if (param.key == "method" || param.isPath)
        return "none, must be given";
    std::string text = ost == mst ? mst.dump() : "OST " + ost.dump() + ", MST " + mst.dump();
    if (param.key == "params.beta")
        text += ", GeoDL " + field->get(presetSpec("paper", "method", "geodl", "WM", "MST")).dump();
    return text;
}

void describe(std::string& out, const ParamDef& param, const std::string& defaultValue)
{
    out += "  " + std::string(param.key) + "  [" + allowedText(param) + "]";
    if (!defaultValue.empty())
        out += "  default " + defaultValue;
    if (!param.registerRow.empty())
        out += "  (" + std::string(param.registerRow) + ")";
    out += '\n';
    std::string help(param.help);
    if (!param.methods.empty()) {
        help += " For:";
        for (const std::string_view method : param.methods)
            help += (method == param.methods.front() ? " " : ", ") + std::string(method);
        help += '.';
    }
    wrap(out, help);
    wrap(out, "Why: " + std::string(param.reason));
}

} // namespace

std::string settingsHelp()
{
    std::string out = "Settings of a run (spec.json, and --set KEY=VALUE):\n";
    for (const ParamDef& param : paramTable())
        describe(out, param, defaultText(param));
    out += "\nSettings of the study file that the paper leaves open:\n";
    for (const ParamDef& param : studyParamTable())
        describe(out, param, {});
    out += "\nRules without a choice:\n";
    for (const FixedRule& rule : fixedRules())
        wrap(out, std::string(rule.registerRow) + ": " + std::string(rule.rule) +
                      " Why: " + std::string(rule.reason));
    return out;
}

} // namespace clwb::spec
