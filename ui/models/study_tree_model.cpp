// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/study_tree_model.h"

#include "ui/bridge/qt_text.h"

#include <QFont>

#include <numeric>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// What a count is short of the paper's, or has too many.
QString besideCount(int64_t paper, std::optional<int64_t> own)
{
    const int64_t difference = own.value_or(0) - paper;
    const QString text = countText(paper);
    if (difference == 0)
        return text + u" ✓"_s;
    return text +
           u" (%1%2)"_s.arg(difference > 0 ? u"+"_s : u"−"_s, countText(std::abs(difference)));
}

std::vector<int> upTo(size_t count)
{
    std::vector<int> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

} // namespace

void StudyTreeModel::setStudy(std::shared_ptr<const StudyView> study)
{
    beginResetModel();
    m_study = std::move(study);
    m_tops.clear();
    if (m_study) {
        addSessions();
        addSets();
    }
    endResetModel();
}

void StudyTreeModel::addSessions()
{
    const run::StudyContents& contents = m_study->contents();
    if (contents.classes.empty())
        return;
    Top all{tr("All sessions"), StudyChoice{}, {}, 0, 0, 0, {}, {}};
    bool isPaper = true;
    int64_t paperTrain = 0;
    int64_t paperTest = 0;
    for (const run::StudySession& session : contents.sessions) {
        *all.train += session.train;
        *all.validation += session.validation;
        *all.test += session.test;
        isPaper = isPaper && session.paperTrain;
        paperTrain += session.paperTrain.value_or(0);
        paperTest += session.paperTest.value_or(0);
    }
    if (isPaper) {
        all.paperTrain = paperTrain;
        all.paperTest = paperTest;
    }
    m_tops.push_back(std::move(all));
    for (size_t s = 0; s < contents.sessions.size(); ++s) {
        const run::StudySession& session = contents.sessions[s];
        const int number = static_cast<int>(s);
        Top top{tr("Session %1").arg(number + 1),
                StudyChoice{StudyChoice::Kind::Session, number},
                {},
                session.train,
                session.validation,
                session.test,
                session.paperTrain,
                session.paperTest};
        for (size_t c = 0; c < contents.classes.size(); ++c) {
            if (contents.classes[c].session == number + 1)
                top.classes.push_back(static_cast<int>(c));
        }
        m_tops.push_back(std::move(top));
    }
}

void StudyTreeModel::addSets()
{
    const run::StudyContents& contents = m_study->contents();
    for (const run::StudySet& set : contents.sets) {
        Top top;
        if (set.name == "zero_shot") {
            top.title = tr("Zero-shot");
            top.choice = StudyChoice{StudyChoice::Kind::ZeroShot, 0};
            top.classes = upTo(contents.zeroShotClasses.size());
            top.test = set.images;
        } else if (set.name == "zero_shot_validation") {
            top.title = tr("Zero-shot validation");
            top.choice = StudyChoice{StudyChoice::Kind::Validation, 0};
            top.classes = upTo(contents.zeroShotValidationClasses.size());
            top.validation = set.images;
        } else {
            top.title = toQt(set.name);
            if (top.title.startsWith(u"retrieval "_s))
                top.title.remove(0, 10);
            (set.name.ends_with(" val") ? top.validation : top.test) = set.images;
        }
        m_tops.push_back(std::move(top));
    }
}

std::optional<StudyChoice> StudyTreeModel::choiceAt(const QModelIndex& index) const
{
    if (!index.isValid())
        return std::nullopt;
    if (isTop(index))
        return m_tops[static_cast<size_t>(index.row())].choice;
    const Top& top = m_tops[index.internalId() - 1];
    const int number = top.classes[static_cast<size_t>(index.row())];
    using Kind = StudyChoice::Kind;
    switch (top.choice->kind) {
    case Kind::ZeroShot:
        return StudyChoice{Kind::ZeroShotClass, number};
    case Kind::Validation:
        return StudyChoice{Kind::ValidationClass, number};
    default:
        return StudyChoice{Kind::Class, number};
    }
}

QModelIndex StudyTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column,
                       parent.isValid() ? static_cast<quintptr>(parent.row() + 1) : quintptr{0});
}

QModelIndex StudyTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || isTop(child))
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, quintptr{0});
}

int StudyTreeModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_tops.size());
    if (!isTop(parent) || parent.column() != 0)
        return 0;
    return static_cast<int>(m_tops[static_cast<size_t>(parent.row())].classes.size());
}

int StudyTreeModel::columnCount(const QModelIndex& /*parent*/) const
{
    return ColumnCount;
}

QString StudyTreeModel::titleAt(const QModelIndex& index) const
{
    if (isTop(index))
        return m_tops[static_cast<size_t>(index.row())].title;
    const StudyChoice choice = *choiceAt(index);
    const run::StudyContents& contents = m_study->contents();
    const auto at = static_cast<size_t>(choice.number);
    if (choice.kind == StudyChoice::Kind::ZeroShotClass)
        return toQt(contents.zeroShotClasses[at]);
    if (choice.kind == StudyChoice::Kind::ValidationClass)
        return toQt(contents.zeroShotValidationClasses[at]);
    return toQt(contents.classes[at].name);
}

StudyTreeModel::Counts StudyTreeModel::countsAt(const QModelIndex& index) const
{
    if (isTop(index)) {
        const Top& top = m_tops[static_cast<size_t>(index.row())];
        return {top.train, top.validation, top.test, top.paperTrain, top.paperTest};
    }
    const StudyChoice choice = *choiceAt(index);
    if (choice.kind == StudyChoice::Kind::ZeroShotClass)
        return {{}, {}, m_study->zeroShotCount(choice.number), {}, {}};
    if (choice.kind == StudyChoice::Kind::ValidationClass)
        return {{}, m_study->validationCount(choice.number), {}, {}, {}};
    const run::StudyClass& c = m_study->contents().classes[static_cast<size_t>(choice.number)];
    return {c.train, c.validation, c.test, {}, {}};
}

QVariant StudyTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) |
                                Qt::AlignVCenter);
    if (role == Qt::FontRole && isTop(index)) {
        QFont font;
        font.setWeight(QFont::DemiBold);
        return font;
    }
    if (role == Qt::ToolTipRole && index.column() == Name)
        return titleAt(index);
    if (role != Qt::DisplayRole)
        return {};
    const Counts counts = countsAt(index);
    const auto shown = [](std::optional<int64_t> count) {
        return count ? countText(*count) : QString();
    };
    switch (index.column()) {
    case Name:
        return titleAt(index);
    case Train:
        return shown(counts.train);
    case Validation:
        return shown(counts.validation);
    case Test:
        return shown(counts.test);
    case PaperTrain:
        return counts.paperTrain ? besideCount(*counts.paperTrain, counts.train) : QString();
    case PaperTest:
        return counts.paperTest ? besideCount(*counts.paperTest, counts.test) : QString();
    default:
        return {};
    }
}

QVariant StudyTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Name ? Qt::AlignLeft : Qt::AlignRight) |
                                Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section >= PaperTrain)
        return tr("Table I of the paper, and the difference to it; for sessions that have the "
                  "paper's classes");
    if (role == Qt::ToolTipRole && section > Name)
        return tr("Crops or images that the study selects, without those that cannot be read");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Session, class");
    case Train:
        return tr("Train");
    case Validation:
        return tr("Val");
    case Test:
        return tr("Test");
    case PaperTrain:
        return tr("Paper train");
    case PaperTest:
        return tr("Paper test");
    default:
        return {};
    }
}

} // namespace clwb::ui
