// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/retrieval_figure.h"

#include "core/report/table_writers.h"
#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct RetrievalFigureText
{
    Q_DECLARE_TR_FUNCTIONS(RetrievalFigure)
};

constexpr size_t kFigureColumns = 6;
constexpr size_t kFigurePictures = 6; ///< of each model, and the truth where it comes later
constexpr size_t kFigureCaptions = 5;

std::optional<double> rankNumber(const std::optional<int64_t>& rank)
{
    return rank ? std::optional(static_cast<double>(*rank + 1)) : std::nullopt;
}

DataCell rankCell(const std::optional<int64_t>& rank)
{
    return numberCell(rankNumber(rank), 0);
}

DataCell rankChangeCell(const std::optional<int64_t>& change)
{
    return change ? changeCell(static_cast<double>(*change), 0) : numberCell({}, 0);
}

void addCandidates(DataTable& table, const QString& letter, const ShownRetrieval& shown,
                   const ShownRetrieval::Side& side)
{
    for (const store::RankedCandidate& candidate : side.candidates) {
        DataCell score = numberCell(candidate.score, 3);
        table.rows.push_back({textCell(letter), textCell(side.model), textCell(shown.query),
                              numberCell(static_cast<double>(candidate.rank + 1), 0),
                              numberCell(static_cast<double>(candidate.candidateId), 0),
                              numberCell(static_cast<double>(candidate.imageId), 0),
                              textCell(toQt(candidate.text)), score,
                              numberCell(candidate.isRelevant ? 1 : 0, 0)});
    }
}

/// The best, and the best true one where it comes later.
std::vector<store::RankedCandidate> chosenFor(const ShownRetrieval::Side& side, size_t most)
{
    std::vector<store::RankedCandidate> chosen;
    bool hasTruth = false;
    for (const store::RankedCandidate& candidate : side.candidates) {
        const bool isFirst = chosen.size() < most;
        if (isFirst || (candidate.isRelevant && !hasTruth))
            chosen.push_back(candidate);
        hasTruth = hasTruth || candidate.isRelevant;
    }
    // Six with the truth among them, not seven.
    if (chosen.size() > most)
        chosen.erase(chosen.end() - 2);
    return chosen;
}

QString latex(const QString& text)
{
    return toQt(report::escapedForLatex(fromQt(text)));
}

QString sideTitle(const QString& letter, const ShownRetrieval& shown,
                  const ShownRetrieval::Side& side)
{
    QString title = u"\\textbf{"_s + letter + u"} "_s + latex(side.model);
    if (side.rank)
        title += latex((shown.areCaptions() ? RetrievalFigureText::tr(", true caption at rank %1")
                                            : RetrievalFigureText::tr(", true image at rank %1"))
                           .arg(*side.rank + 1));
    return title;
}

QString includedPicture(int64_t imageId, const QString& folder, const QString& width,
                        const std::set<int64_t>& pictures)
{
    if (!pictures.contains(imageId))
        return u"\\framebox["_s + width + u"]{"_s + latex(RetrievalFigureText::tr("no picture")) +
               u'}';
    return u"\\includegraphics[width="_s + width + u"]{"_s + folder + u'/' +
           figurePictureName(imageId) + u'}';
}

/// Pictures in rows of six, below each its rank and score.
QString pictureRows(const ShownRetrieval::Side& side, const QString& folder,
                    const std::set<int64_t>& pictures)
{
    QStringList cells;
    QStringList notes;
    for (const store::RankedCandidate& candidate : chosenFor(side, kFigurePictures)) {
        const QString picture =
            includedPicture(candidate.imageId, folder, u"0.15\\linewidth"_s, pictures);
        cells << (candidate.isRelevant ? u"\\fbox{"_s + picture + u'}' : picture);
        notes << latex((candidate.isRelevant ? RetrievalFigureText::tr("%1 (true) %2")
                                             : RetrievalFigureText::tr("%1 %2"))
                           .arg(candidate.rank + 1)
                           .arg(numberText(candidate.score, 3)));
    }
    while (cells.size() < static_cast<qsizetype>(kFigureColumns)) {
        cells << QString();
        notes << QString();
    }
    const QString joint = u" &\n    "_s;
    return u"    "_s + cells.join(joint) + u" \\\\\n    "_s + notes.join(u" & "_s) + u" \\\\\n"_s;
}

QString captionRows(const ShownRetrieval::Side& side)
{
    QString rows;
    for (const store::RankedCandidate& candidate : chosenFor(side, kFigureCaptions)) {
        const QString text = latex(toQt(candidate.text).simplified());
        rows += u"    %1 & "_s.arg(candidate.rank + 1) +
                (candidate.isRelevant ? u"\\textbf{"_s + text + u"} ("_s +
                                            latex(RetrievalFigureText::tr("true")) + u')'
                                      : text) +
                u" & "_s + latex(numberText(candidate.score, 3)) + u" \\\\\n"_s;
    }
    return rows;
}

QString caption(const ShownRetrieval& shown)
{
    QString place = latex(shown.pool.isEmpty() ? shown.setName : shown.pool);
    if (shown.folds > 1 && shown.pool.isEmpty())
        place += latex(RetrievalFigureText::tr(", fold %1").arg(shown.fold + 1));
    const QString query = latex(shown.query.simplified());
    QString text =
        latex(shown.areCaptions() ? RetrievalFigureText::tr("Captions retrieved for the image ")
                                  : RetrievalFigureText::tr("Images retrieved for "));
    if (shown.areCaptions())
        text += query;
    else
        text += u"``"_s + query + u"''"_s;
    text += u" ("_s + place + u')';
    if (shown.a.rank && shown.b.rank)
        text += latex(RetrievalFigureText::tr(": the truth is at rank %1 of A and at rank %2 of B")
                          .arg(*shown.a.rank + 1)
                          .arg(*shown.b.rank + 1));
    return text + latex(RetrievalFigureText::tr(". Numbers are rank and cosine."));
}

} // namespace

double ShownRetrieval::topScore() const
{
    double top = 0;
    for (const Side* side : {&a, &b}) {
        for (const store::RankedCandidate& candidate : side->candidates)
            top = std::max(top, candidate.score);
    }
    return top;
}

DataTable queryTable(const std::vector<ComparedQuery>& queries, const std::vector<int>& shown)
{
    DataTable table;
    table.columns = {
        {.key = u"position"_s, .title = RetrievalFigureText::tr("Position"), .isNumber = true},
        {.key = u"fold"_s, .title = RetrievalFigureText::tr("Fold"), .isNumber = true},
        {.key = u"query_id"_s, .title = RetrievalFigureText::tr("Number"), .isNumber = true},
        {.key = u"query"_s, .title = RetrievalFigureText::tr("Query")},
        {.key = u"rank_a"_s, .title = RetrievalFigureText::tr("Rank A"), .isNumber = true},
        {.key = u"rank_b"_s, .title = RetrievalFigureText::tr("Rank B"), .isNumber = true},
        {.key = u"change"_s, .title = RetrievalFigureText::tr("Change"), .isNumber = true}};
    table.rows.reserve(shown.size());
    for (const int place : shown) {
        const ComparedQuery& query = queries[static_cast<size_t>(place)];
        table.rows.push_back({numberCell(query.position, 0), numberCell(query.fold + 1, 0),
                              numberCell(static_cast<double>(query.queryId), 0),
                              textCell(query.text), rankCell(query.rankA), rankCell(query.rankB),
                              rankChangeCell(changeOf(query))});
    }
    return table;
}

DataTable candidateTable(const ShownRetrieval& shown)
{
    DataTable table;
    table.columns = {
        {.key = u"model"_s, .title = RetrievalFigureText::tr("Model")},
        {.key = u"run"_s, .title = RetrievalFigureText::tr("Run")},
        {.key = u"query"_s, .title = RetrievalFigureText::tr("Query")},
        {.key = u"rank"_s, .title = RetrievalFigureText::tr("Rank"), .isNumber = true},
        {.key = u"candidate_id"_s, .title = RetrievalFigureText::tr("Number"), .isNumber = true},
        {.key = u"image_id"_s, .title = RetrievalFigureText::tr("Image"), .isNumber = true},
        {.key = u"candidate"_s,
         .title = RetrievalFigureText::tr("Candidate"),
         .tip = RetrievalFigureText::tr("Caption, or file of the image")},
        {.key = u"score"_s, .title = RetrievalFigureText::tr("Score"), .isNumber = true},
        {.key = u"relevant"_s, .title = RetrievalFigureText::tr("True"), .isNumber = true}};
    addCandidates(table, u"A"_s, shown, shown.a);
    addCandidates(table, u"B"_s, shown, shown.b);
    return table;
}

std::vector<int64_t> figurePictures(const ShownRetrieval& shown)
{
    std::vector<int64_t> ids;
    const auto add = [&ids](int64_t id) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end())
            ids.push_back(id);
    };
    if (shown.queryImage)
        add(*shown.queryImage);
    for (const ShownRetrieval::Side* side : {&shown.a, &shown.b}) {
        if (shown.areCaptions())
            break;
        for (const store::RankedCandidate& candidate : chosenFor(*side, kFigurePictures))
            add(candidate.imageId);
    }
    return ids;
}

QString figurePictureName(int64_t imageId)
{
    return u"picture-%1.jpg"_s.arg(imageId);
}

QString figureFolderName(const QString& texFileName)
{
    QString name;
    const QString stem = texFileName.section(u'/', -1).section(u'.', 0, 0);
    for (const QChar letter : stem) {
        const bool isPlain = letter.unicode() < 0x80 && letter.isLetterOrNumber();
        name += isPlain ? letter : QLatin1Char('-');
    }
    return name + u"-pictures"_s;
}

QString latexFigure(const ShownRetrieval& shown, const QString& folder,
                    const std::set<int64_t>& pictures)
{
    QString text = u"% needs \\usepackage{graphicx} and \\usepackage[T1]{fontenc}; the pictures "
                   u"lie in "_s +
                   folder + u"/\n\\begin{figure}\n  \\centering\n"_s;
    if (shown.areCaptions()) {
        if (shown.queryImage)
            text += u"  "_s +
                    includedPicture(*shown.queryImage, folder, u"0.3\\linewidth"_s, pictures) +
                    u"\n\n  \\medskip\n"_s;
        text += u"  \\begin{tabular}{rp{0.75\\linewidth}r}\n"_s;
    } else {
        text += u"  \\setlength{\\tabcolsep}{1pt}\\setlength{\\fboxsep}{1pt}\\footnotesize\n"
                u"  \\begin{tabular}{cccccc}\n"_s;
    }
    const QString span = shown.areCaptions() ? u"3"_s : QString::number(kFigureColumns);
    for (const auto& [letter, side] : {std::pair(u"A"_s, &shown.a), std::pair(u"B"_s, &shown.b)}) {
        text += u"    \\multicolumn{"_s + span + u"}{l}{"_s + sideTitle(letter, shown, *side) +
                u"} \\\\\n"_s;
        text += shown.areCaptions() ? captionRows(*side) : pictureRows(*side, folder, pictures);
    }
    return text + u"  \\end{tabular}\n  \\caption{"_s + caption(shown) + u"}\n\\end{figure}\n"_s;
}

} // namespace clwb::ui
