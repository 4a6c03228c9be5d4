// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/engine_info.h"

#include "core/data/image_library.h"
#include "core/model/repeatable.h"
#include "core/store/library_version.h"

#include <clocale>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace fs = std::filesystem;

namespace clwb::run
{
namespace
{

std::string localeText()
{
    const char* name = std::setlocale(LC_ALL, nullptr);
    return name ? name : "C";
}

std::string jsonText()
{
    return std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." +
           std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
           std::to_string(NLOHMANN_JSON_VERSION_PATCH);
}

} // namespace

std::string graphicsCards(const fs::path& root)
{
    std::error_code ignored;
    std::multiset<std::string> names;
    for (const auto& card : fs::directory_iterator(root / "proc/driver/nvidia/gpus", ignored)) {
        std::ifstream information(card.path() / "information");
        for (std::string line; std::getline(information, line);) {
            const size_t name = line.find_first_not_of(" \t", std::string("Model:").size());
            if (line.rfind("Model:", 0) == 0 && name != std::string::npos)
                names.insert(line.substr(name));
        }
    }
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

std::string graphicsDriver(const fs::path& root)
{
    std::ifstream file(root / "sys/module/nvidia/version");
    std::string version;
    return std::getline(file, version) && !version.empty() ? version : "none";
}

Json engineJson()
{
    return Json{{"opencv", data::imageLibraryText()},
                {"sqlite", store::sqliteText()},
                {"nlohmann_json", jsonText()},
                {"locale", localeText()},
                {"threads", model::defaultThreads()},
                {"gpu", graphicsCards("/")},
                {"driver", graphicsDriver("/")},
                {"cuda", model::cudaText()},
                {"determinism", model::determinismText()}};
}

} // namespace clwb::run
