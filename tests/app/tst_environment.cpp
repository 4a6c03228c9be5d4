// SPDX-License-Identifier: GPL-3.0-or-later
// What is recorded of build and machine: every part is named, those that are absent too.
#include "app/common/environment.h"
#include "core/run/engine_info.h"
#include "tests/plain/check.h"

#include <sqlite3.h>

#include <fstream>

namespace
{

using namespace clwb;
using namespace clwb::test;

void namesWhatResultsDependOn()
{
    const Json environment = app::environmentJson("clwb", "clwb run 'a b.json'");
    for (const char* key :
         {"program", "commit", "compiler", "libtorch", "host", "cpu", "opencv", "sqlite",
          "nlohmann_json", "locale", "gpu", "driver", "cuda", "determinism", "command_line"}) {
        CHECK(environment.contains(key));
        CHECK(environment.at(key).is_string() && !environment.at(key).get<std::string>().empty());
    }
    CHECK(environment.at("threads").get<int>() > 0);
    CHECK(environment.at("cores").get<int>() > 0);
    CHECK_EQUAL(environment.at("sqlite").get<std::string>(), std::string(SQLITE_VERSION));
    CHECK(environment.at("determinism").get<std::string>().rfind("CPU: same bits", 0) == 0);
    CHECK_EQUAL(environment.at("command_line").get<std::string>(), "clwb run 'a b.json'");
}

void readsTheGraphicsCardFromTheDriver()
{
    const TemporaryFolder root;
    CHECK_EQUAL(run::graphicsCards(root.path()), "none");
    CHECK_EQUAL(run::graphicsDriver(root.path()), "none");
    for (const char* slot : {"0000:01:00.0", "0000:02:00.0"}) {
        const auto card = root.path() / "proc/driver/nvidia/gpus" / slot;
        std::filesystem::create_directories(card);
        std::ofstream(card / "information")
            << "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 42\nBus Type: \t PCIe\n";
    }
    std::filesystem::create_directories(root.path() / "sys/module/nvidia");
    std::ofstream(root.path() / "sys/module/nvidia/version") << "550.54.15\n";
    CHECK_EQUAL(run::graphicsCards(root.path()), "NVIDIA H100 80GB HBM3, NVIDIA H100 80GB HBM3");
    CHECK_EQUAL(run::graphicsDriver(root.path()), "550.54.15");
}

} // namespace

int main()
{
    RUN_CASE(namesWhatResultsDependOn);
    RUN_CASE(readsTheGraphicsCardFromTheDriver);
    return result();
}
