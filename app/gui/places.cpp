// SPDX-License-Identifier: GPL-3.0-or-later
// Looking up of shipped files, and the folders of the user.
#include "app/gui/places.h"

#include "app/common/shipped_files.h"
#include "core/base/file.h"
#include "core/store/maintenance.h"
#include "ui/bridge/qt_text.h"

#include <QDir>
#include <QFileInfo>

namespace clwb::gui
{

namespace fs = std::filesystem;
using namespace Qt::StringLiterals;

namespace
{

constexpr const char* kStarter = "experiments.db";

QString xdgFolder(const char* variable, const QString& below)
{
    const QString set = qEnvironmentVariable(variable);
    const QString base = QDir::isAbsolutePath(set) ? set : QDir::homePath() + u'/' + below;
    return base + u"/clwb"_s;
}

/// As the XDG base directory specification wants it: a folder that is made is for its user only.
/// One that is there keeps the rights it was given.
void makePrivateFolder(const QString& folder)
{
    const QFileDevice::Permissions own =
        QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner;
    QStringList toMake;
    for (QString each = QDir::cleanPath(folder); !QFileInfo::exists(each);
         each = QFileInfo(each).path())
        toMake.prepend(each);
    for (const QString& each : toMake)
        QDir().mkdir(each, own);
}

} // namespace

QString dataFolder()
{
    const QString folder = xdgFolder("XDG_DATA_HOME", u".local/share"_s);
    makePrivateFolder(folder);
    return folder;
}

QString settingsFile()
{
    const QString folder = xdgFolder("XDG_CONFIG_HOME", u".config"_s);
    makePrivateFolder(folder);
    return folder + u"/window.ini"_s;
}

Result<QString> starterProject()
{
    const QString own = dataFolder() + u'/' + QLatin1StringView(kStarter);
    const fs::path shipped = app::shippedFile(kStarter);
    std::error_code error;
    if (!fs::exists(ui::toPath(own), error) && !shipped.empty())
        CLWB_TRY(copyFileAtomically(shipped, ui::toPath(own)));
    return own;
}

bool isShippedStarter(const fs::path& file)
{
    const fs::path shipped = app::shippedFile(kStarter);
    std::error_code error;
    return !shipped.empty() && fs::equivalent(file, shipped, error);
}

Result<fs::path> copyForPictures(const fs::path& file, const fs::path& folder)
{
    const fs::path copy = folder / file.filename();
    CLWB_TRY(store::dbBackup(file, copy));
    return copy;
}

} // namespace clwb::gui
