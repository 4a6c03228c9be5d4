// SPDX-License-Identifier: GPL-3.0-or-later
// Making and performing of orders.
#include "ui/shell/orders.h"

#include "core/base/check.h"
#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct OrdersText
{
    Q_DECLARE_TR_FUNCTIONS(Orders)
};

QString titleOf(const std::string& kind, const std::string& method, const std::string& option,
                const std::string& setting, std::optional<int64_t> seed)
{
    QStringList parts{toQt(spec::displayLabel(kind, method, option)), toQt(setting)};
    if (seed)
        parts << OrdersText::tr("seed %1").arg(*seed);
    return parts.join(u" · "_s);
}

/// An order with what every one has; the rest stays empty.
RunOrder orderOf(const QString& title,
                 std::function<Result<spec::RunSpec>(const StopToken&)> makeSpec)
{
    RunOrder order;
    order.title = title;
    order.makeSpec = std::move(makeSpec);
    return order;
}

} // namespace

QString titleOf(const spec::RunSpec& spec)
{
    return titleOf(spec.kind, spec.method, spec.option, spec.setting,
                   static_cast<int64_t>(spec.seed));
}

RunOrder newOrder(const Engine& engine, const spec::RunSpec& spec)
{
    const bool isDemo = engine.demo && engine.prepareDemo && spec.study == engine.demo->study;
    const auto makeSpec = [spec, prepare = isDemo ? engine.prepareDemo : nullptr](
                              const StopToken& stop) -> Result<spec::RunSpec> {
        if (prepare)
            CLWB_TRY(prepare(stop));
        return spec;
    };
    RunOrder order = orderOf(titleOf(spec), makeSpec);
    order.spec = spec;
    return order;
}

RunOrder branchOrder(const Engine& engine, const spec::RunSpec& spec, const BranchPlace& place)
{
    RunOrder order = newOrder(engine, spec);
    order.title = OrdersText::tr("%1 from #%2, session %3")
                      .arg(order.title)
                      .arg(place.runId)
                      .arg(place.session);
    order.branch = place;
    return order;
}

RunOrder continueOrder(const store::RunRow& run)
{
    RunOrder order = orderOf(titleOf(run.kind, run.method, run.option, run.setting, run.seed), {});
    order.continueRun = run.runId;
    return order;
}

std::vector<RunOrder> demoOrders(const Engine& engine)
{
    CLWB_CHECK(engine.demo && engine.prepareDemo, "no demo is installed");
    std::vector<RunOrder> orders;
    for (const char* method : {"ft", "vr-lwf"}) {
        const auto makeSpec =
            [prepare = engine.prepareDemo, files = *engine.demo,
             method = std::string(method)](const StopToken& stop) -> Result<spec::RunSpec> {
            CLWB_TRY(prepare(stop));
            CLWB_ASSIGN(spec::ResolveResult resolved,
                        spec::resolveRunSpec(Json::object(), {},
                                             {"study=" + Json(files.study.string()).dump(),
                                              "model=" + Json(files.model.string()).dump(),
                                              "method=" + method, "option=WM", "setting=MST"},
                                             "demo"));
            return std::move(resolved.spec);
        };
        orders.push_back(orderOf(titleOf("method", method, "WM", "MST", 0), makeSpec));
    }
    return orders;
}

} // namespace clwb::ui
