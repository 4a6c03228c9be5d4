// SPDX-License-Identifier: GPL-3.0-or-later
// What does not agree between a run and its replay, in words.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace clwb::replay
{

/// Differences by kind. Of many alike only the first few are kept: one wrong weight makes every
/// later step differ.
class Findings
{
public:
    /// @param kind  what was compared: "loss", "labels", "frozen tensor", …
    /// @param text  which thing, what the run says and what the replay found
    void add(const std::string& kind, const std::string& text)
    {
        std::vector<std::string>& kept = m_kept[kind];
        if (kept.size() < kKept)
            kept.push_back(text);
        else
            ++m_more[kind];
    }

    [[nodiscard]] bool empty() const { return m_kept.empty(); }
    [[nodiscard]] bool has(const std::string& kind) const { return m_kept.contains(kind); }

    /// A line a difference, by kind.
    [[nodiscard]] std::string text() const
    {
        std::string all;
        for (const auto& [kind, texts] : m_kept) {
            for (const std::string& text : texts)
                all += kind + ": " + text + "\n";
            if (const auto more = m_more.find(kind); more != m_more.end())
                all += kind + ": and " + std::to_string(more->second) + " more\n";
        }
        return all;
    }

private:
    static constexpr size_t kKept = 5;
    std::map<std::string, std::vector<std::string>> m_kept;
    std::map<std::string, size_t> m_more;
};

} // namespace clwb::replay
