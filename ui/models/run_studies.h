// SPDX-License-Identifier: GPL-3.0-or-later
// Which study each run of a list has: by what the study says, not by where its file lies.
#pragma once

#include "core/store/project.h"

#include <QString>

#include <map>
#include <string>
#include <vector>

namespace clwb::ui
{

class RunStudies
{
public:
    RunStudies() = default;
    /// @param names by path of the study's file; others are called as studyTitle() says
    RunStudies(const std::vector<store::RunRow>& runs, std::map<std::string, QString> names);

    /// Equal for runs of one study: the demo's runs that come with the program and those made here
    /// have the same. Where the content of a study is not known, that of its file in other runs is
    /// taken. Empty for reported rows, and for runs without a study: they go with every one.
    [[nodiscard]] std::string keyOf(const store::RunRow& run) const;
    /// Titles by key; of studies that have one name, each with what tells it apart.
    [[nodiscard]] const std::map<std::string, QString>& titles() const { return m_titles; }
    /// Of a run's study; empty where it has no key.
    [[nodiscard]] QString titleOf(const store::RunRow& run) const;

private:
    [[nodiscard]] QString nameOf(const std::string& path) const;
    /// Where the file lies; the demo's lies elsewhere on every machine.
    [[nodiscard]] std::string placeOf(const std::string& path) const;

    std::map<std::string, QString> m_names;
    std::map<std::string, std::string> m_content; ///< hash by place, of the newest run
    std::map<std::string, QString> m_titles;
};

} // namespace clwb::ui
