// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/study_order_model.h"

#include "ui/bridge/qt_text.h"

#include <QDataStream>
#include <QIODevice>
#include <QMimeData>
#include <QPointer>
#include <QUndoStack>

#include <algorithm>
#include <numeric>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

const QString kRowsMime = u"application/x-clwb-class-rows"_s;

} // namespace

/// Goes back to the rows before and forward again; nothing once another study is shown.
class OrderCommand : public QUndoCommand
{
public:
    OrderCommand(StudyOrderModel& model, StudyOrderModel::State to, const QString& title)
        : QUndoCommand(title)
        , m_model(&model)
        , m_generation(model.m_generation)
        , m_before(model.state())
        , m_after(std::move(to))
    {}

    void undo() override { apply(m_before); }
    void redo() override { apply(m_after); }

private:
    void apply(const StudyOrderModel::State& state)
    {
        if (m_model && m_model->m_generation == m_generation)
            m_model->apply(state);
        else
            setObsolete(true);
    }
    QPointer<StudyOrderModel> m_model;
    int m_generation;
    StudyOrderModel::State m_before, m_after;
};

StudyOrderModel::StudyOrderModel(QUndoStack& undo, QObject* parent)
    : QAbstractTableModel(parent)
    , m_undo(undo)
{}

void StudyOrderModel::setClasses(std::vector<run::StudyClass> classes)
{
    beginResetModel();
    m_classes = std::move(classes);
    m_state = {};
    m_state.order.resize(m_classes.size());
    std::iota(m_state.order.begin(), m_state.order.end(), 0);
    for (const run::StudyClass& c : m_classes) {
        m_state.sizes.resize(std::max(m_state.sizes.size(), static_cast<size_t>(c.session)));
        ++m_state.sizes[static_cast<size_t>(c.session - 1)];
    }
    m_first = m_state;
    ++m_generation;
    endResetModel();
    Q_EMIT changed();
}

std::vector<std::vector<std::string>> StudyOrderModel::sessions() const
{
    std::vector<std::vector<std::string>> sessions;
    size_t row = 0;
    for (const int size : m_state.sizes) {
        sessions.emplace_back();
        for (int i = 0; i < size; ++i, ++row)
            sessions.back().push_back(m_classes[static_cast<size_t>(m_state.order[row])].key);
    }
    return sessions;
}

int StudyOrderModel::moveRowsTo(std::vector<int> rows, int target)
{
    std::sort(rows.begin(), rows.end());
    State to = m_state;
    to.order.clear();
    std::vector<int> moved;
    int first = 0;
    for (int row = 0; row <= rowCount(); ++row) {
        if (row == target)
            first = static_cast<int>(to.order.size());
        if (row == rowCount())
            break;
        const int classIndex = m_state.order[static_cast<size_t>(row)];
        if (std::binary_search(rows.begin(), rows.end(), row))
            moved.push_back(classIndex);
        else
            to.order.push_back(classIndex);
    }
    to.order.insert(to.order.begin() + first, moved.begin(), moved.end());
    change(std::move(to), moved.size() == 1 ? tr("Move of a Class") : tr("Move of Classes"));
    return first;
}

void StudyOrderModel::sortByName()
{
    State to = m_state;
    std::stable_sort(to.order.begin(), to.order.end(), [this](int a, int b) {
        return QString::localeAwareCompare(toQt(m_classes[static_cast<size_t>(a)].name),
                                           toQt(m_classes[static_cast<size_t>(b)].name)) < 0;
    });
    change(std::move(to), tr("Sorting of Classes"));
}

void StudyOrderModel::setSizes(std::vector<int> sizes, const QString& title)
{
    State to = m_state;
    to.sizes = std::move(sizes);
    change(std::move(to), title);
}

void StudyOrderModel::setEqualParts(int sessions)
{
    std::vector<int> sizes;
    for (int s = 0; s < sessions; ++s)
        sizes.push_back(rowCount() / sessions + (s < rowCount() % sessions ? 1 : 0));
    setSizes(std::move(sizes), tr("Change of Sessions"));
}

void StudyOrderModel::returnToStudy()
{
    change(m_first, tr("Return to the Study's Order"));
}

void StudyOrderModel::change(State to, const QString& title)
{
    if (to != m_state)
        m_undo.push(new OrderCommand(*this, std::move(to), title));
}

void StudyOrderModel::apply(const State& state)
{
    Q_EMIT layoutAboutToBeChanged();
    std::vector<int> rowOf(m_classes.size());
    for (size_t row = 0; row < state.order.size(); ++row)
        rowOf[static_cast<size_t>(state.order[row])] = static_cast<int>(row);
    // What is selected stays selected wherever it goes.
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    for (const QModelIndex& index : before) {
        const auto classIndex =
            static_cast<size_t>(m_state.order[static_cast<size_t>(index.row())]);
        after << createIndex(rowOf[classIndex], index.column());
    }
    m_state = state;
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged();
    Q_EMIT changed();
}

int StudyOrderModel::sessionOf(int row) const
{
    int session = 1;
    int end = 0;
    for (const int size : m_state.sizes) {
        end += size;
        if (row < end)
            return session;
        ++session;
    }
    return session;
}

int StudyOrderModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_state.order.size());
}

int StudyOrderModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant StudyOrderModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const auto row = static_cast<size_t>(index.row());
    const run::StudyClass& c = m_classes[static_cast<size_t>(m_state.order[row])];
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) |
                                Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && index.column() == Name)
        return c.key == c.name ? toQt(c.name) : tr("%1, folder %2").arg(toQt(c.name), toQt(c.key));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Session:
        return QString::number(sessionOf(index.row()));
    case Name:
        return toQt(c.name);
    case Train:
        return countText(c.train);
    case Test:
        return countText(c.test);
    default:
        return {};
    }
}

QVariant StudyOrderModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Name ? Qt::AlignLeft : Qt::AlignRight) |
                                Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("Session"), tr("Class"), tr("Train"), tr("Test")};
    return titles[section];
}

Qt::ItemFlags StudyOrderModel::flags(const QModelIndex& index) const
{
    // Dropped between rows, never onto one.
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled |
                                 Qt::ItemNeverHasChildren
                           : Qt::ItemIsDropEnabled;
}

QStringList StudyOrderModel::mimeTypes() const
{
    return {kRowsMime};
}

QMimeData* StudyOrderModel::mimeData(const QModelIndexList& indexes) const
{
    QList<int> rows;
    for (const QModelIndex& index : indexes) {
        if (!rows.contains(index.row()))
            rows << index.row();
    }
    QByteArray bytes;
    QDataStream(&bytes, QIODevice::WriteOnly) << m_generation << rows;
    auto* data = new QMimeData;
    data->setData(kRowsMime, bytes);
    return data;
}

bool StudyOrderModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row,
                                   int /*column*/, const QModelIndex& parent)
{
    if (action != Qt::MoveAction || !data->hasFormat(kRowsMime))
        return false;
    int generation = -1;
    QList<int> rows;
    QDataStream stream(data->data(kRowsMime));
    stream >> generation >> rows;
    const auto isOut = [this](int at) { return at < 0 || at >= rowCount(); };
    if (generation != m_generation || rows.isEmpty() ||
        std::any_of(rows.begin(), rows.end(), isOut))
        return false;
    const int target = row >= 0 ? row : parent.isValid() ? parent.row() : rowCount();
    const int first = moveRowsTo({rows.begin(), rows.end()}, target);
    Q_EMIT rowsMovedTo(first, static_cast<int>(rows.size()));
    return true;
}

} // namespace clwb::ui
