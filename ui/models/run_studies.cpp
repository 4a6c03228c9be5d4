// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_studies.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/study_title.h"

#include <QCoreApplication>

#include <utility>

namespace clwb::ui
{

namespace
{

struct RunStudiesText
{
    Q_DECLARE_TR_FUNCTIONS(RunStudies)
};

} // namespace

RunStudies::RunStudies(const std::vector<store::RunRow>& runs, std::map<std::string, QString> names)
    : m_names(std::move(names))
{
    for (const store::RunRow& run : runs) {
        if (!run.studySha256.empty() && !run.study.empty())
            m_content[placeOf(run.study)] = run.studySha256;
    }
    std::map<std::string, QString> nameByKey;
    std::map<std::string, std::string> pathByKey;
    for (const store::RunRow& run : runs) {
        const std::string key = keyOf(run);
        if (key.empty() || !nameByKey.emplace(key, nameOf(run.study)).second)
            continue;
        pathByKey[key] = run.study;
    }
    std::map<QString, int> uses;
    for (const auto& [key, name] : nameByKey)
        ++uses[name];
    for (const auto& [key, name] : nameByKey) {
        if (uses[name] == 1) {
            m_titles[key] = name;
            continue;
        }
        const bool isHash = key != placeOf(pathByKey[key]);
        const QString told = isHash ? toQt(key).left(8) : toQt(pathByKey[key]);
        m_titles[key] = RunStudiesText::tr("%1 (study %2)").arg(name, told);
    }
}

QString RunStudies::nameOf(const std::string& path) const
{
    const auto known = m_names.find(path);
    return known == m_names.end() ? studyTitle(path) : known->second;
}

std::string RunStudies::placeOf(const std::string& path) const
{
    return nameOf(path) == demoWorldTitle() ? "demo world" : path;
}

std::string RunStudies::keyOf(const store::RunRow& run) const
{
    if (run.status == "reported")
        return {};
    if (!run.studySha256.empty())
        return run.studySha256;
    if (run.study.empty())
        return {};
    std::string place = placeOf(run.study);
    const auto content = m_content.find(place);
    return content == m_content.end() ? place : content->second;
}

QString RunStudies::titleOf(const store::RunRow& run) const
{
    const auto title = m_titles.find(keyOf(run));
    return title == m_titles.end() ? QString() : title->second;
}

} // namespace clwb::ui
