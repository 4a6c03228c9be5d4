// SPDX-License-Identifier: GPL-3.0-or-later
// Looking up of shipped files, and the folders of the user.
#include "app/gui/places.h"

#include "core/base/file.h"
#include "ui/bridge/qt_text.h"

#include <QCoreApplication>
#include <QDir>

namespace clwb::gui
{

namespace fs = std::filesystem;
using namespace Qt::StringLiterals;

namespace
{

QString xdgFolder(const char* variable, const QString& below)
{
    const QString set = qEnvironmentVariable(variable);
    const QString base = QDir::isAbsolutePath(set) ? set : QDir::homePath() + u'/' + below;
    return base + u"/clwb"_s;
}

} // namespace

fs::path shippedFile(const char* relative)
{
    const fs::path program = ui::toPath(QCoreApplication::applicationDirPath());
    // Installed: PREFIX/bin beside PREFIX/share/clwb. Built: TREE/build/PRESET/bin.
    for (const fs::path& root :
         {program.parent_path() / "share" / "clwb",
          program.parent_path().parent_path().parent_path()}) {
        std::error_code error;
        if (fs::exists(root / relative, error))
            return root / relative;
    }
    return {};
}

QString dataFolder()
{
    const QString folder = xdgFolder("XDG_DATA_HOME", u".local/share"_s);
    QDir().mkpath(folder);
    return folder;
}

QString settingsFile()
{
    return xdgFolder("XDG_CONFIG_HOME", u".config"_s) + u"/window.ini"_s;
}

Result<QString> starterProject()
{
    const QString own = dataFolder() + u"/experiments.db"_s;
    const fs::path shipped = shippedFile("experiments.db");
    std::error_code error;
    if (!fs::exists(ui::toPath(own), error) && !shipped.empty())
        CLWB_TRY(copyFileAtomically(shipped, ui::toPath(own)));
    return own;
}

} // namespace clwb::gui
