// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the folders that a run writes to can be used, looked at in the background: a disk that is
// away may not answer for minutes.
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/pages/new_run_page.h"
#include "ui/shell/app_state.h"

namespace clwb::ui
{

using namespace Qt::StringLiterals;

QString NewRunPage::whyNoDemoWorld() const
{
    return isForDemo() && !m_demoIsMade && m_folders ? m_folders->noDemo : QString();
}

QString NewRunPage::whyNoRunFolder() const
{
    if (!state().hasProject())
        return {};
    return m_folders ? m_folders->noRuns
                     : tr("The folder for the files of a run is being looked at");
}

void NewRunPage::lookAtFolders()
{
    if (!state().hasProject())
        return;
    const QString file = state().projectFile();
    // One look at a time for each project, however long it takes: where a disk is away, a second
    // one would hang as well. Those of other projects do not wait for it.
    if (const auto found = m_looks.find(file); found != m_looks.end()) {
        found->second = true;
        return;
    }
    m_looks[file] = false;
    const Engine& engine = state().engine();
    const std::filesystem::path demo =
        engine.demo ? engine.demo->study.parent_path() : std::filesystem::path();
    struct Looked
    {
        Result<void> runs;
        Result<void> demo;
    };
    Background::askAlone(
        this,
        [project = toPath(file), demo, checkRuns = engine.checkRunFolders,
         checkFolder = engine.checkFolderForWriting] {
            return Looked{checkRuns(project), demo.empty() ? Result<void>() : checkFolder(demo)};
        },
        [this, file](const Looked& looked) {
            const bool looksAgain = m_looks[file];
            m_looks.erase(file);
            if (file != state().projectFile())
                return; // another one is open now, which has a look of its own
            m_folders = Folders{};
            if (!looked.runs)
                m_folders->noRuns =
                    tr("The files of a run cannot be kept: %1").arg(errorText(looked.runs.error()));
            if (!looked.demo)
                m_folders->noDemo = tr("The demo's pictures cannot be drawn: %1")
                                        .arg(errorText(looked.demo.error()));
            showCheck();
            if (looksAgain)
                lookAtFolders();
        });
}

} // namespace clwb::ui
