// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/environment.h"

#include "app/common/build_info.h"
#include "core/base/shell_words.h"
#include "core/run/engine_info.h"

#include <array>
#include <fstream>
#include <iterator>
#include <thread>
#include <unistd.h>

namespace clwb::app
{
namespace
{

std::string cpuName()
{
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
            return line.substr(line.find(": ") + 2);
    }
    return "unknown";
}

std::string hostName()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

} // namespace

Json environmentJson(const std::string& program, const std::string& commandLine)
{
    const BuildInfo build = buildInfo();
    Json environment{{"program", program + " " + std::string(build.version)},
                     {"commit", build.commit},
                     {"compiler", build.compiler},
                     {"libtorch", build.libtorch},
                     {"host", hostName()},
                     {"cpu", cpuName()},
                     {"cores", std::thread::hardware_concurrency()},
                     {"command_line", commandLine}};
    if (!build.patchSha256.empty()) {
        environment["patch_sha256"] = build.patchSha256;
        environment["patch"] =
            build.patch.empty()
                ? "not kept: " + std::to_string(build.patchBytes) + " bytes are too many"
                : std::string("program.patch");
    }
    environment.update(run::engineJson());
    return environment;
}

std::string ownCommandLine()
{
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(file)), {});
    std::string text;
    for (size_t start = 0; start < content.size();) {
        const size_t end = std::min(content.find('\0', start), content.size());
        text += (text.empty() ? "" : " ") + shellQuoted(content.substr(start, end - start));
        start = end + 1;
    }
    return text;
}

} // namespace clwb::app
