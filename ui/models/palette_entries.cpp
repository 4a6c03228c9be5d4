// SPDX-License-Identifier: GPL-3.0-or-later
// Matching of typed words.
#include "ui/models/palette_entries.h"

#include <algorithm>
#include <tuple>

namespace clwb::ui
{

namespace
{

constexpr int kNumber = -1; // the run of that number, before runs whose names hold it
constexpr int kWholeWord = 0;
constexpr int kBeginningOfWord = 1;
constexpr int kInsideWord = 3;
constexpr int kInDetail = 30;

/// Whether the word is the run's number: "128" or "#128".
bool isNumberOf(const PaletteEntry& entry, const QString& word)
{
    const qsizetype begin = word.startsWith(QLatin1Char('#')) ? 1 : 0;
    return entry.id.startsWith(QLatin1StringView("run:")) && word.size() > begin &&
           QStringView(entry.id).mid(4) == QStringView(word).mid(begin);
}

/// How the typed word lies in the text; nothing: not at all.
std::optional<int> rankIn(const QString& text, const QString& word)
{
    std::optional<int> best;
    const auto isLetter = [&](qsizetype at) {
        return at >= 0 && at < text.size() && text[at].isLetterOrNumber();
    };
    for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
        const int rank = isLetter(at - 1)             ? kInsideWord
                         : isLetter(at + word.size()) ? kBeginningOfWord
                                                      : kWholeWord;
        best = std::min(rank, best.value_or(rank));
    }
    return best;
}

} // namespace

std::optional<int> paletteRank(const PaletteEntry& entry, const QString& typed)
{
    int rank = 0;
    for (const QString& word : typed.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (isNumberOf(entry, word))
            rank += kNumber;
        else if (const auto inText = rankIn(entry.text, word))
            rank += *inText;
        else if (entry.detail.contains(word, Qt::CaseInsensitive))
            rank += kInDetail;
        else
            return std::nullopt;
    }
    return rank;
}

std::vector<PaletteEntry> paletteMatches(const std::vector<PaletteEntry>& entries,
                                         const QString& typed, const QStringList& recent,
                                         size_t most)
{
    using Key = std::tuple<bool, int, qsizetype, size_t>;
    std::vector<Key> fitting;
    for (size_t at = 0; at < entries.size(); ++at) {
        const auto rank = paletteRank(entries[at], typed);
        if (!rank)
            continue;
        const qsizetype used = recent.indexOf(entries[at].id);
        fitting.emplace_back(!entries[at].isEnabled, *rank, used < 0 ? recent.size() : used, at);
    }
    const size_t count = std::min(most, fitting.size());
    std::partial_sort(fitting.begin(), fitting.begin() + static_cast<std::ptrdiff_t>(count),
                      fitting.end());
    std::vector<PaletteEntry> matches;
    for (size_t at = 0; at < count; ++at)
        matches.push_back(entries[std::get<3>(fitting[at])]);
    return matches;
}

} // namespace clwb::ui
