// SPDX-License-Identifier: GPL-3.0-or-later
// What the shown run needed of the machine, and whether its ranks are kept, once it has ended.
#include "core/base/number_text.h"
#include "ui/bridge/qt_text.h"
#include "ui/bridge/store_reader.h"
#include "ui/models/kept_details.h"
#include "ui/models/load_text.h"
#include "ui/pages/live_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/log_panel.h"

#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void LivePage::readLoad()
{
    const LiveRun& run = shown();
    // One that another program trains has ended as far as it was read, not in truth.
    const bool isAtWork = run.isActive() || run.status == "running"_L1;
    const std::optional<int64_t> wanted = isAtWork ? std::nullopt : run.runId;
    if (wanted == m_loadOf && !m_isLoadOld)
        return;
    if (wanted != m_loadOf) {
        m_load.reset();
        m_hasRanks = false;
    }
    m_loadOf = wanted;
    m_isLoadOld = false;
    if (!wanted || !state().reader())
        return;
    ++m_loading;
    state().reader()->ask(
        this,
        [runId = *wanted](store::Project& project) { return readKeptDetails(project, runId); },
        [this, wanted](const Result<KeptDetails>& kept) {
            --m_loading;
            if (wanted != m_loadOf || !kept)
                return;
            m_hasRanks = kept->hasRanks;
            updateButtons();
            arrangeHeader();
        });
    ++m_loading;
    state().reader()->ask(
        this,
        [runId = *wanted](store::Project& project) { return store::loadSummary(project, runId); },
        [this, wanted](const Result<std::optional<store::LoadSummary>>& load) {
            --m_loading;
            if (wanted != m_loadOf || !load)
                return; // figures beside the log: the run's own reading tells of damage
            m_load = *load;
            updateFigures();
        });
}

void LivePage::updateFigures()
{
    const LiveRun& run = shown();
    QStringList figures;
    if (run.lr > 0)
        figures << tr("learning rate %1").arg(toQt(shortestText(run.lr)));
    if (run.gradientNorm > 0)
        figures << tr("gradient norm %1").arg(numberText(run.gradientNorm, 3));
    const run::Progress& at = run.progress;
    if (run.isActive() && at.imagesPerSecond > 0)
        figures << tr("%1 img/s").arg(countText(std::llround(at.imagesPerSecond)));
    if (const auto& load = state().machine().load(); load && run.isActive())
        figures << tr("memory %1").arg(bytesText(load->residentBytes));
    if (m_load)
        figures << loadText(*m_load);
    m_log->setFigures(figures.join(u" · "_s), m_load ? loadTip(*m_load) : QString());
}

} // namespace clwb::ui
