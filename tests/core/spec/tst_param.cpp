// SPDX-License-Identifier: GPL-3.0-or-later
// The table of settings: complete, bound to every member, documented.
#include "core/spec/fields.h"
#include "core/spec/param.h"
#include "core/spec/presets.h"

#include <QTest>

#include <set>

using namespace clwb;
using namespace clwb::spec;

class TestParam : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everySettingIsBoundToItsMember()
    {
        const auto table = paramTable();
        const auto bound = fields();
        QCOMPARE(table.size(), bound.size());
        for (size_t i = 0; i < table.size(); ++i)
            QVERIFY(table[i].key == bound[i].key);
    }

    void settingAMemberChangesNoOther()
    {
        const RunSpec start = presetSpec("paper", "method", "vr-lwf", "WM", "MST");
        for (const Field& field : fields()) {
            const ParamDef& param = *findParam(field.key);
            Json value;
            switch (param.type) {
            case ParamType::Text:
                value = "changed";
                break;
            case ParamType::Choice:
                value = std::string(field.get(start) == Json(std::string(param.choices.back()))
                                        ? param.choices.front()
                                        : param.choices.back());
                break;
            case ParamType::Number:
                value = (param.min + std::min(param.max, 7.0)) / 2;
                break;
            case ParamType::Integer:
                value = 5;
                break;
            case ParamType::Boolean:
                value = !field.get(start).get<bool>();
                break;
            case ParamType::TextList:
                value = Json::array({"zs"});
                break;
            case ParamType::IntegerList:
                value = Json::array({4, 5});
                break;
            }
            QVERIFY2(!findProblem(param, value), std::string(param.key).c_str());
            RunSpec changed = start;
            field.set(changed, value);
            for (const Field& other : fields()) {
                if (other.key == field.key)
                    QCOMPARE(other.get(changed).dump(), value.dump());
                else
                    QVERIFY(other.get(changed) == other.get(start));
            }
        }
    }

    void defaultsPassTheirOwnChecks()
    {
        for (const std::string_view preset : kPresets) {
            for (const std::string_view method : methodIds()) {
                for (const char* setting : {"OST", "MST"}) {
                    const RunSpec spec = presetSpec(preset, "method", method, "WM", setting);
                    for (const Field& field : fields()) {
                        const auto problem = findProblem(*findParam(field.key), field.get(spec));
                        QVERIFY2(!problem, std::string(field.key).c_str());
                    }
                }
            }
        }
    }

    void everySettingExplainsItself()
    {
        for (const auto& table : {paramTable(), studyParamTable()}) {
            for (const ParamDef& param : table) {
                QVERIFY2(param.help.ends_with('.'), std::string(param.key).c_str());
                QVERIFY2(param.reason.ends_with('.'), std::string(param.key).c_str());
                QVERIFY(!param.label.empty());
                if (param.type == ParamType::Choice || param.type == ParamType::TextList)
                    QVERIFY(param.choices.size() > 1);
                for (const std::string_view method : param.methods) {
                    QVERIFY(method == "joint" || std::find(methodIds().begin(), methodIds().end(),
                                                           method) != methodIds().end());
                }
            }
        }
    }

    void everyRowOfTheRegisterIsCovered()
    {
        std::set<std::string> rows;
        for (const auto& table : {paramTable(), studyParamTable()}) {
            for (const ParamDef& param : table)
                rows.insert(std::string(param.registerRow));
        }
        for (const FixedRule& rule : fixedRules())
            rows.insert(std::string(rule.registerRow));
        for (int row = 1; row <= 35; ++row)
            QVERIFY2(rows.contains("A" + std::to_string(row)), qPrintable(QString::number(row)));
    }

    void registerDefaultsAreThoseOfTheSpecification()
    {
        const RunSpec spec = presetSpec("paper", "method", "vr-lwf", "WM", "MST");
        const std::pair<const char*, Json> expected[]{
            {"params.distillation", "teacher_to_student"},
            {"params.temperature", 1.0},
            {"params.logit_scale", "auto"},
            {"params.teacher", "previous_session"},
            {"params.ce_classes", "current"},
            {"params.previous_term", "separate"},
            {"params.replay_refresh", "step"},
            {"params.token_pool", "all_nonspecial"},
            {"params.geodl_dim", "auto"},
            {"params.geodl_centring", "none"},
            {"params.geodl_objective", "cosine"},
            {"params.geodl_gradient", "stop"},
            {"params.imm_chaining", "merged"},
            {"params.rkr_placement", "block_output"},
            {"params.rkr_lr", nullptr},
            {"params.joint_start", "from_original"},
            {"params.joint_sessions", "final"},
            {"params.augmentation", "none"},
            {"optimizer.reset_per_session", true},
            {"optimizer.name", "adam"},
            {"precision", "fp32"},
            {"evaluate.label_space", "all"},
            {"evaluate.curve", "seen"},
            {"evaluate.details", "last"},
            {"schedule.keep_last_partial", true},
        };
        for (const auto& [key, value] : expected)
            QVERIFY2(findField(key)->get(spec) == value, key);
    }

    void knowsWhoUsesWhat()
    {
        QVERIFY(isUsedBy(*findParam("params.alpha"), "method", "imm"));
        QVERIFY(!isUsedBy(*findParam("params.alpha"), "method", "ft"));
        QVERIFY(isUsedBy(*findParam("params.joint_start"), "joint", ""));
        QVERIFY(!isUsedBy(*findParam("params.joint_start"), "method", "ft"));
        QVERIFY(!isUsedBy(*findParam("schedule.lr"), "original", ""));
        QVERIFY(isUsedBy(*findParam("schedule.lr"), "method", "rkr"));
        QVERIFY(!isUsedBy(*findParam("params.logit_scale"), "method", "rkr"));
    }

    void helpNamesEverySettingAndFitsTheTerminal()
    {
        const QString help = QString::fromStdString(settingsHelp());
        for (const ParamDef& param : paramTable())
            QVERIFY(
                help.contains(QString::fromUtf8(param.key.data(), int(param.key.size())) + "  ["));
        for (const QString& line : help.split('\n')) {
            if (line.startsWith("      "))
                QVERIFY2(line.size() <= 100, qPrintable(line));
        }
        QVERIFY(help.contains("OST 15, MST 10"));
        QVERIFY(help.contains("GeoDL 10"));
    }
};

QTEST_APPLESS_MAIN(TestParam)
#include "tst_param.moc"
