// SPDX-License-Identifier: GPL-3.0-or-later
// Folders that the window makes for its user are for that user only.
#include "tests/app/process.h"
#include "tests/plain/check.h"

#include <csignal>
#include <sys/stat.h>
#include <thread>

namespace
{

using namespace clwb::test;
namespace fs = std::filesystem;

unsigned rightsOf(const fs::path& path)
{
    struct stat info = {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

void foldersAreForTheirUserOnly()
{
    ::umask(022);
    const TemporaryFolder home;
    const fs::path data = home.path() / "of" / "data";
    const fs::path config = home.path() / "config";
    fs::create_directory(config);
    ::chmod(config.c_str(), 0755); // was there: keeps its rights
    Setup setup;
    setup.folder = home.path();
    setup.environment = {{"HOME", home.path()},
                         {"XDG_DATA_HOME", data},
                         {"XDG_CONFIG_HOME", config},
                         {"QT_QPA_PLATFORM", "offscreen"}};
    Process window({CLWB_GUI}, setup);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (window.isRunning() && std::chrono::steady_clock::now() < end &&
           !(fs::exists(data / "clwb") && fs::exists(config / "clwb")))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK_EQUAL(rightsOf(home.path() / "of"), 0700U);
    CHECK_EQUAL(rightsOf(data), 0700U);
    CHECK_EQUAL(rightsOf(data / "clwb"), 0700U);
    CHECK_EQUAL(rightsOf(config / "clwb"), 0700U);
    CHECK_EQUAL(rightsOf(config), 0755U);
    window.signal(SIGTERM);
    window.wait(std::chrono::seconds(30));
}

} // namespace

int main()
{
    RUN_CASE(foldersAreForTheirUserOnly);
    return result();
}
