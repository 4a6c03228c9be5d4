// SPDX-License-Identifier: GPL-3.0-or-later
// The filter language of the run list: words, key:value, zs>60, tag:x, /regular expression/.
#pragma once

#include "core/store/project.h"

#include <QRegularExpression>
#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace clwb::ui
{

/// All terms must hold; a leading "-" negates one. Quotes keep spaces together: name:"my run".
class RunFilter
{
public:
    struct Parsed;
    /// An unfinished term ("tag:", "zs>") holds for every run, so that typing does not empty
    /// the list; a wrong one gives `problem`, and the filter holds what came before.
    static Parsed parse(const QString& text);

    [[nodiscard]] bool matches(const store::RunRow& run) const;
    [[nodiscard]] bool isEmpty() const { return m_terms.empty(); }
    /// Whether archived runs are asked for: is:archived.
    [[nodiscard]] bool asksForArchived() const;

private:
    enum class Kind { Word, Field, Compare, Pattern };
    enum class Comparison { Less, LessEqual, Equal, GreaterEqual, Greater };
    struct Term
    {
        Kind kind = Kind::Word;
        bool isNegated = false;
        QString text;      ///< Word, Field: case-folded
        std::string field; ///< Field; in Compare "id", "seed", "seconds" or empty for a metric
        std::string metricOst, metricOther; ///< Compare: its name in a setting
        Comparison comparison = Comparison::Greater;
        double number = 0;
        QRegularExpression pattern;
    };
    static std::optional<Term> parseTerm(QString token, QString& problem);
    static std::optional<Term> parseComparison(const QString& token, QString& problem);
    [[nodiscard]] static bool holds(const Term& term, const store::RunRow& run);

    std::vector<Term> m_terms;
};

struct RunFilter::Parsed
{
    RunFilter filter;
    QString problem; ///< for the user; empty when the text is fine
};

/// Metric that a short name of the filter means in a setting: "ut", "zs", "a", "bwt", "tr@1" …
std::optional<std::string> metricOfShortName(const QString& shortName, const std::string& setting);
/// Words that complete what is being typed: keys, and the values that occur in the runs.
QStringList filterCompletions(const std::vector<store::RunRow>& runs);
/// What can be typed, for tooltips of filter fields.
QString filterHelp();

} // namespace clwb::ui
