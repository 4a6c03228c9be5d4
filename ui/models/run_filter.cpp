// SPDX-License-Identifier: GPL-3.0-or-later
// Parsing and matching of run filters.
#include "ui/models/run_filter.h"

#include "core/base/number_text.h"
#include "core/spec/run_spec.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_details.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct RunFilterText
{
    Q_DECLARE_TR_FUNCTIONS(RunFilter)
};

const QStringList kFields{u"name"_s,    u"kind"_s,   u"method"_s, u"option"_s,
                          u"setting"_s, u"status"_s, u"study"_s,  u"model"_s,
                          u"origin"_s,  u"tag"_s,    u"note"_s,   u"is"_s};

/// Splits at spaces outside quotes and outside a /…/ token.
QStringList tokensOf(const QString& text)
{
    QStringList tokens;
    QString token;
    QChar quote;
    for (const QChar letter : text) {
        if (!quote.isNull()) {
            if (letter == quote) {
                if (quote == u'/')
                    token += letter;
                quote = QChar();
            } else {
                token += letter;
            }
        } else if (letter == u'"') {
            quote = letter;
        } else if (letter == u'/' && (token.isEmpty() || token == "-"_L1)) {
            quote = letter;
            token += letter;
        } else if (letter.isSpace()) {
            if (!token.isEmpty())
                tokens << token;
            token.clear();
        } else {
            token += letter;
        }
    }
    if (!token.isEmpty())
        tokens << token;
    return tokens;
}

std::string textOfField(const store::RunRow& run, const std::string& field)
{
    if (field == "name")
        return run.name + '\n' + spec::displayLabel(run.kind, run.method, run.option);
    if (field == "kind")
        return run.kind;
    if (field == "method")
        return run.method;
    if (field == "option")
        return run.option;
    if (field == "setting")
        return run.setting;
    if (field == "status")
        return run.status;
    if (field == "study")
        return run.study;
    if (field == "model")
        return run.model;
    if (field == "origin")
        return run.origin;
    return field == "note" ? run.notes : std::string();
}

bool isAscii(const std::string& text)
{
    return std::all_of(text.begin(), text.end(), [](char letter) { return (letter & 0x80) == 0; });
}

/// Whatever the case. Most texts are plain: thousands are searched between two keys.
bool contains(const std::string& text, const std::string& part)
{
    if (!isAscii(part) || !isAscii(text))
        return toQt(text).contains(toQt(part), Qt::CaseInsensitive);
    const auto lower = [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    };
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

/// Fields of few values are compared as a whole: "method:lwf" is not VR-LwF.
bool isExact(const std::string& field)
{
    return field == "method" || field == "kind" || field == "option" || field == "setting" ||
           field == "status" || field == "origin";
}

bool hasTag(const store::RunRow& run, const QString& tag)
{
    return std::any_of(run.tags.begin(), run.tags.end(), [&](const std::string& own) {
        return toQt(own).startsWith(tag, Qt::CaseInsensitive);
    });
}

/// Numbers of a run that are no metrics.
std::optional<double> ownNumber(const store::RunRow& run, const std::string& field)
{
    if (field == "id")
        return static_cast<double>(run.runId);
    if (field == "seed")
        return run.seed ? std::optional<double>(static_cast<double>(*run.seed)) : std::nullopt;
    if (field == "seconds")
        return run.seconds;
    return std::nullopt;
}

/// Numbers of a run that are no metrics.
bool isOwnNumber(const QString& field)
{
    return field == "id"_L1 || field == "seed"_L1 || field == "seconds"_L1;
}

} // namespace

std::optional<std::string> metricOfShortName(const QString& shortName, const std::string& setting)
{
    static const QHash<QString, QString> names{
        {u"zs"_s, u"ZS-Acc"_s},   {u"zs-acc"_s, u"ZS-Acc"_s}, {u"a"_s, u"A-Acc"_s},
        {u"a-acc"_s, u"A-Acc"_s}, {u"bwt"_s, u"Bwt"_s},       {u"tr@1"_s, u"TR@1"_s},
        {u"tr@5"_s, u"TR@5"_s},   {u"tr@10"_s, u"TR@10"_s},   {u"ir@1"_s, u"IR@1"_s},
        {u"ir@5"_s, u"IR@5"_s},   {u"ir@10"_s, u"IR@10"_s},   {u"tr"_s, u"TR@1"_s},
        {u"ir"_s, u"IR@1"_s}};
    const QString name = shortName.toLower();
    if (name == "ut"_L1 || name == "ut-acc"_L1)
        return setting == "OST" ? "UT-Acc (overall)" : "UT-Acc (session mean)";
    const auto found = names.constFind(name);
    if (found == names.constEnd())
        return std::nullopt;
    return fromQt(*found);
}

RunFilter::Parsed RunFilter::parse(const QString& text)
{
    Parsed parsed;
    for (const QString& token : tokensOf(text)) {
        if (auto term = parseTerm(token, parsed.problem))
            parsed.filter.m_terms.push_back(std::move(*term));
        if (!parsed.problem.isEmpty())
            break;
    }
    return parsed;
}

std::optional<RunFilter::Term> RunFilter::parseTerm(QString token, QString& problem)
{
    Term term;
    if (token.size() > 1 && token.startsWith(u'-')) {
        term.isNegated = true;
        token.remove(0, 1);
    }
    if (token.startsWith(u'/')) {
        if (token.size() < 3 || !token.endsWith(u'/'))
            return std::nullopt; // still being typed
        term.kind = Kind::Pattern;
        term.pattern = QRegularExpression(token.mid(1, token.size() - 2),
                                          QRegularExpression::CaseInsensitiveOption);
        if (!term.pattern.isValid()) {
            problem = RunFilterText::tr("%1: %2").arg(token, term.pattern.errorString());
            return std::nullopt;
        }
        return term;
    }
    const qsizetype colon = token.indexOf(u':');
    if (colon > 0) {
        const QString field = token.left(colon).toLower();
        const bool isNumber = isOwnNumber(field) || metricOfShortName(field, "MST");
        if (isNumber) { // "seed:0" as "seed=0"
            auto comparison = parseComparison(field + u'=' + token.mid(colon + 1), problem);
            if (comparison)
                comparison->isNegated = term.isNegated;
            return comparison;
        }
        if (!kFields.contains(field)) {
            problem = RunFilterText::tr("%1 is no key; known are %2, and numbers as in zs>60")
                          .arg(field, kFields.join(u", "_s));
            return std::nullopt;
        }
        term.kind = Kind::Field;
        term.field = fromQt(field);
        term.text = token.mid(colon + 1);
        return term.text.isEmpty() ? std::nullopt : std::optional<Term>(term);
    }
    if (token.contains(u'<') || token.contains(u'>') || token.contains(u'=')) {
        auto comparison = parseComparison(token, problem);
        if (comparison)
            comparison->isNegated = term.isNegated;
        return comparison;
    }
    term.text = token;
    return term;
}

std::optional<RunFilter::Term> RunFilter::parseComparison(const QString& token, QString& problem)
{
    static const QRegularExpression shape(u"^([^<>=]+)(<=|>=|<|>|=)(.*)$"_s);
    const QRegularExpressionMatch match = shape.match(token);
    if (!match.hasMatch())
        return std::nullopt;
    const QString field = match.captured(1).toLower();
    const bool isOwn = isOwnNumber(field);
    if (!isOwn && !metricOfShortName(field, "MST")) {
        problem =
            RunFilterText::tr("%1 is no number of a run; known are ut, zs, a, bwt, tr@1, ir@1, "
                              "seed, id, seconds")
                .arg(field);
        return std::nullopt;
    }
    Term term;
    term.kind = Kind::Compare;
    if (isOwn) {
        term.field = fromQt(field);
    } else {
        term.metricOst = *metricOfShortName(field, "OST");
        term.metricOther = *metricOfShortName(field, "MST");
    }
    const QString sign = match.captured(2);
    term.comparison = sign == "<"_L1    ? Comparison::Less
                      : sign == "<="_L1 ? Comparison::LessEqual
                      : sign == "="_L1  ? Comparison::Equal
                      : sign == ">="_L1 ? Comparison::GreaterEqual
                                        : Comparison::Greater;
    QString value = match.captured(3);
    if (value.isEmpty() || value == "-"_L1)
        return std::nullopt;
    const auto number = parseDouble(fromQt(value.replace(QChar(0x2212), u'-')));
    if (!number) {
        problem = RunFilterText::tr("%1 is no number").arg(value);
        return std::nullopt;
    }
    term.number = *number;
    return term;
}

bool RunFilter::matches(const store::RunRow& run) const
{
    return std::all_of(m_terms.begin(), m_terms.end(),
                       [&](const Term& term) { return holds(term, run) != term.isNegated; });
}

bool RunFilter::asksForArchived() const
{
    return std::any_of(m_terms.begin(), m_terms.end(), [](const Term& term) {
        return term.field == "is" && !term.isNegated && term.text.startsWith("arch"_L1);
    });
}

bool RunFilter::holds(const Term& term, const store::RunRow& run)
{
    switch (term.kind) {
    case Kind::Word: {
        const std::string text = fromQt(term.text);
        return contains(textOfField(run, "name"), text) || contains(run.study, text) ||
               contains(run.setting, text) || contains(run.status, text) ||
               contains(run.notes, text) || hasTag(run, term.text);
    }
    case Kind::Pattern:
        return term.pattern.match(toQt(textOfField(run, "name"))).hasMatch();
    case Kind::Field:
        if (term.field == "tag")
            return hasTag(run, term.text);
        if (term.field == "is")
            return (term.text.startsWith("star"_L1) && run.starred) ||
                   (term.text.startsWith("arch"_L1) && isArchived(run));
        if (isExact(term.field))
            return toQt(textOfField(run, term.field)).compare(term.text, Qt::CaseInsensitive) == 0;
        return contains(textOfField(run, term.field), fromQt(term.text));
    case Kind::Compare:
        break;
    }
    std::optional<double> value = ownNumber(run, term.field);
    if (term.field.empty()) {
        const auto metric =
            run.metrics.find(run.setting == "OST" ? term.metricOst : term.metricOther);
        value = metric == run.metrics.end() ? std::nullopt : std::optional(metric->second);
    }
    if (!value)
        return false;
    switch (term.comparison) {
    case Comparison::Less:
        return *value < term.number;
    case Comparison::LessEqual:
        return *value <= term.number;
    case Comparison::Equal:
        return *value == term.number;
    case Comparison::GreaterEqual:
        return *value >= term.number;
    case Comparison::Greater:
        break;
    }
    return *value > term.number;
}

QStringList filterCompletions(const std::vector<store::RunRow>& runs)
{
    QSet<QString> words;
    for (const QString& field : kFields)
        words.insert(field + u':');
    for (const store::RunRow& run : runs) {
        for (const std::string& tag : ownTags(run))
            words.insert(u"tag:"_s + toQt(tag));
        const std::pair<const char*, const std::string*> values[] = {{"method:", &run.method},
                                                                     {"option:", &run.option},
                                                                     {"setting:", &run.setting},
                                                                     {"status:", &run.status},
                                                                     {"origin:", &run.origin}};
        for (const auto& [key, value] : values) {
            if (!value->empty())
                words.insert(QLatin1StringView(key) + toQt(*value));
        }
    }
    for (const QString& metric : {u"ut>"_s, u"zs>"_s, u"a>"_s, u"bwt>"_s, u"tr@1>"_s, u"ir@1>"_s})
        words.insert(metric);
    words.insert(u"is:starred"_s);
    words.insert(u"is:archived"_s);
    QStringList sorted(words.begin(), words.end());
    sorted.sort(Qt::CaseInsensitive);
    return sorted;
}

QString filterHelp()
{
    return RunFilterText::tr(
        "Words of the name, method:vr-lwf, option:wm, setting:mst, status:failed, "
        "tag:paper, origin:paper, zs>60, /pattern/; - before one leaves those out");
}

} // namespace clwb::ui
