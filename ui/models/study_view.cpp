// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/study_view.h"

#include "ui/bridge/qt_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct StudyViewText
{
    Q_DECLARE_TR_FUNCTIONS(StudyView)
};

QString partText(run::StudyPart part)
{
    switch (part) {
    case run::StudyPart::Train:
        return StudyViewText::tr("train");
    case run::StudyPart::Validation:
        return StudyViewText::tr("validation");
    case run::StudyPart::Test:
        return StudyViewText::tr("test");
    case run::StudyPart::ZeroShot:
        return StudyViewText::tr("zero-shot");
    case run::StudyPart::ZeroShotValidation:
        return StudyViewText::tr("zero-shot validation");
    }
    return {};
}

int64_t sizeOf(const std::vector<std::vector<uint32_t>>& lists, int index)
{
    return index >= 0 && static_cast<size_t>(index) < lists.size()
               ? static_cast<int64_t>(lists[static_cast<size_t>(index)].size())
               : 0;
}

} // namespace

StudyView::StudyView(run::StudyContents contents)
    : m_contents(std::move(contents))
{
    m_updated.resize(m_contents.classes.size());
    m_zeroShot.resize(m_contents.zeroShotClasses.size());
    m_validation.resize(m_contents.zeroShotValidationClasses.size());
    for (uint32_t i = 0; i < m_contents.pictures.size(); ++i) {
        const run::StudyPicture& picture = m_contents.pictures[i];
        ByClass& lists = picture.part == run::StudyPart::ZeroShot             ? m_zeroShot
                         : picture.part == run::StudyPart::ZeroShotValidation ? m_validation
                                                                              : m_updated;
        lists.at(static_cast<size_t>(picture.classIndex)).push_back(i);
    }
}

std::vector<uint32_t> StudyView::pictures(const StudyChoice& choice,
                                          std::optional<run::StudyPart> part) const
{
    std::vector<uint32_t> found;
    const auto add = [&](const std::vector<uint32_t>& list) {
        for (const uint32_t picture : list) {
            if (!part || m_contents.pictures[picture].part == *part)
                found.push_back(picture);
        }
    };
    const auto addAll = [&](const ByClass& lists) {
        for (const auto& list : lists)
            add(list);
    };
    const auto addOne = [&](const ByClass& lists) {
        if (choice.number >= 0 && static_cast<size_t>(choice.number) < lists.size())
            add(lists[static_cast<size_t>(choice.number)]);
    };
    using Kind = StudyChoice::Kind;
    switch (choice.kind) {
    case Kind::All:
        addAll(m_updated);
        addAll(m_zeroShot);
        addAll(m_validation);
        break;
    case Kind::Session:
        for (size_t c = 0; c < m_updated.size(); ++c) {
            if (m_contents.classes[c].session == choice.number + 1)
                add(m_updated[c]);
        }
        break;
    case Kind::Class:
        addOne(m_updated);
        break;
    case Kind::ZeroShot:
        addAll(m_zeroShot);
        break;
    case Kind::ZeroShotClass:
        addOne(m_zeroShot);
        break;
    case Kind::Validation:
        addAll(m_validation);
        break;
    case Kind::ValidationClass:
        addOne(m_validation);
        break;
    }
    return found;
}

int64_t StudyView::zeroShotCount(int classIndex) const
{
    return sizeOf(m_zeroShot, classIndex);
}

int64_t StudyView::validationCount(int classIndex) const
{
    return sizeOf(m_validation, classIndex);
}

bool StudyView::hasPaperCounts() const
{
    return std::any_of(m_contents.sessions.begin(), m_contents.sessions.end(),
                       [](const run::StudySession& session) { return session.paperTrain; });
}

bool StudyView::hasValidation() const
{
    return !m_contents.zeroShotValidationClasses.empty() ||
           std::any_of(m_contents.sessions.begin(), m_contents.sessions.end(),
                       [](const run::StudySession& session) { return session.validation > 0; });
}

QString StudyView::summary() const
{
    QStringList parts;
    int64_t train = 0;
    int64_t test = 0;
    for (const run::StudySession& session : m_contents.sessions) {
        train += session.train;
        test += session.test;
    }
    if (!m_contents.classes.empty()) {
        parts << countedText(static_cast<int64_t>(m_contents.classes.size()),
                             StudyViewText::tr("%1 class"), StudyViewText::tr("%1 classes"))
              << countedText(static_cast<int64_t>(m_contents.sessions.size()),
                             StudyViewText::tr("%1 session"), StudyViewText::tr("%1 sessions"))
              << StudyViewText::tr("%1 train").arg(countText(train))
              << StudyViewText::tr("%1 test").arg(countText(test));
    }
    if (!m_contents.zeroShotClasses.empty()) {
        parts << countedText(static_cast<int64_t>(m_contents.zeroShotClasses.size()),
                             StudyViewText::tr("%1 zero-shot class"),
                             StudyViewText::tr("%1 zero-shot classes"));
    }
    for (const run::StudySet& set : m_contents.sets) {
        if (set.captions > 0)
            parts << StudyViewText::tr("%1: %2 images").arg(toQt(set.name), countText(set.images));
    }
    return parts.join(u" · "_s);
}

DataTable problemTable(const std::vector<run::StudyProblem>& problems)
{
    DataTable table;
    table.columns = {{u"severity"_s, StudyViewText::tr("Kind"),
                      StudyViewText::tr("A run does not start with an error")},
                     {u"what"_s, StudyViewText::tr("What"), {}},
                     {u"where"_s, StudyViewText::tr("Where"), {}}};
    for (size_t i = 0; i < std::min(problems.size(), kMostProblems); ++i) {
        const run::StudyProblem& problem = problems[i];
        DataCell kind = textCell(problem.severity == run::StudyProblem::Severity::Error
                                     ? StudyViewText::tr("error")
                                 : problem.severity == run::StudyProblem::Severity::Warning
                                     ? StudyViewText::tr("warning")
                                     : StudyViewText::tr("note"));
        if (problem.severity == run::StudyProblem::Severity::Error)
            kind.tone = DataCell::Tone::Bad;
        DataCell what = textCell(toQt(problem.what));
        DataCell where = textCell(toQt(problem.where));
        what.tip = what.text;
        where.tip = where.text;
        table.rows.push_back({std::move(kind), std::move(what), std::move(where)});
    }
    return table;
}

DataTable placeTable(const std::vector<run::StudyPlace>& places)
{
    DataTable table;
    table.columns = {{u"key"_s, StudyViewText::tr("Key"), StudyViewText::tr("In the study file")},
                     {u"state"_s, StudyViewText::tr("State"), {}},
                     {u"path"_s, StudyViewText::tr("File or folder"), {}}};
    for (const run::StudyPlace& place : places) {
        DataCell state = textCell(place.problem.empty() ? StudyViewText::tr("✓ present")
                                                        : u"✗ "_s + toQt(place.problem));
        state.tone = place.problem.empty() ? DataCell::Tone::Good : DataCell::Tone::Bad;
        DataCell path = textCell(toQt(place.path));
        path.tip = path.text;
        table.rows.push_back({textCell(toQt(place.key)), std::move(state), std::move(path)});
    }
    return table;
}

QString captionOf(const StudyView& view, uint32_t picture, bool isOneClass)
{
    const run::StudyContents& contents = view.contents();
    const run::StudyPicture& shown = contents.pictures[picture];
    if (!isOneClass)
        return toQt(contents.className(shown));
    return toQt(std::string_view(shown.id).substr(shown.id.rfind('/') + 1));
}

QString tipOf(const StudyView& view, uint32_t picture)
{
    const run::StudyContents& contents = view.contents();
    const run::StudyPicture& shown = contents.pictures[picture];
    QString tip = StudyViewText::tr("%1 · %2 · %3")
                      .arg(toQt(contents.className(shown)), partText(shown.part), toQt(shown.id));
    if (!shown.box.isWholeImage()) {
        tip += u'\n' + StudyViewText::tr("box %1, %2 to %3, %4")
                           .arg(shown.box.x0)
                           .arg(shown.box.y0)
                           .arg(shown.box.x1)
                           .arg(shown.box.y1);
    }
    return tip + u'\n' + toQt(contents.files[shown.file]);
}

} // namespace clwb::ui
