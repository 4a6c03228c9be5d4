// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/study_title.h"

#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

#include <filesystem>
#include <string_view>

namespace clwb::ui
{

namespace
{

struct StudyTitleText
{
    Q_DECLARE_TR_FUNCTIONS(StudyTitle)
};

constexpr std::string_view kDemoName = "demo world"; // as the demo writes it

/// Where the window, the command line and the starter project have it: of runs of other machines
/// the folders alone are known. Other people's worlds may be in a folder of that name, too.
bool isPlaceOfDemo(const std::filesystem::path& file)
{
    if (file == "world/study.json" || file == "build/experiments/world/study.json")
        return true;
    const std::filesystem::path folder = file.parent_path();
    const std::filesystem::path around = folder.parent_path().filename();
    return file.filename() == "study.json" && folder.filename() == "world" &&
           (around == "demo" || around == "clwb-demo");
}

} // namespace

QString demoWorldTitle()
{
    return StudyTitleText::tr("Demo world");
}

QString studyTitle(const std::string& path, const std::string& ownName)
{
    const std::filesystem::path file(path);
    // Studies are files named study.json in a folder that has the telling name.
    const bool isUsual = file.filename() == "study.json";
    const std::string folder = file.parent_path().filename().string();
    if (ownName == kDemoName || (ownName.empty() && isPlaceOfDemo(file)))
        return demoWorldTitle();
    if (!ownName.empty())
        return toQt(ownName);
    return toQt(isUsual ? folder : file.stem().string());
}

} // namespace clwb::ui
