// SPDX-License-Identifier: GPL-3.0-or-later
// A folder with a tiny study and model, and the command line of a run on them.
#pragma once

#include "tests/app/process.h"
#include "tests/app/tiny_model.h"
#include "tests/plain/check.h"
#include "tests/support/tiny_study.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace clwb::test
{

inline std::string readAll(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// Everything lies in a folder whose name has a space, a quote, % and an umlaut.
class TinyWorkplace
{
public:
    TinyWorkplace()
    {
        m_path = m_folder.path() / "a b'%20#ü";
        std::filesystem::create_directories(m_path);
        CHECK_OK(writeTinyModel(m_path / "model"));
        CHECK_OK(writeTinyStudy(m_path / "study"));
    }

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    /// `run` with VR-LwF in two sessions; `more` is appended.
    [[nodiscard]] static std::vector<std::string> runWords(std::vector<std::string> more = {})
    {
        std::vector<std::string> words{"run"};
        for (const char* set : {"study=study/study.json", "model=model", "method=vr-lwf",
                                "option=WM", "params.M=6", "params.Ks=16", "schedule.epochs=12",
                                "schedule.batch_size=4", "schedule.lr=1e-3", "threads=1"})
            words.insert(words.end(), {"--set", set});
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    /// Runs `clwb` in the folder.
    [[nodiscard]] Outcome run(const std::vector<std::string>& words) const
    {
        Setup setup;
        setup.folder = m_path;
        return runClwb(words, setup);
    }

private:
    TemporaryFolder m_folder;
    std::filesystem::path m_path;
};

/// One for all cases of a program.
inline const TinyWorkplace& workplace()
{
    static const TinyWorkplace place;
    return place;
}

inline bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace clwb::test
