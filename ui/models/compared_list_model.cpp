// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/compared_list_model.h"

#include "ui/bridge/qt_text.h"
#include "ui/models/run_name.h"
#include "ui/shell/theme.h"

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

void ComparedListModel::setComparison(SharedComparison comparison)
{
    const auto sameRows = [](const SharedComparison& a, const SharedComparison& b) {
        return a && b &&
               std::equal(a->entries.begin(), a->entries.end(), b->entries.begin(),
                          b->entries.end(), [](const ComparedEntry& x, const ComparedEntry& y) {
                              return x.id == y.id && x.label == y.label;
                          });
    };
    if (sameRows(m_comparison, comparison) && rowCount() > 0) {
        m_comparison = std::move(comparison);
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_comparison = std::move(comparison);
    endResetModel();
}

int ComparedListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_comparison ? 0 : static_cast<int>(m_comparison->entries.size());
}

QVariant ComparedListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ComparedEntry& entry = m_comparison->entries[static_cast<size_t>(index.row())];
    const bool isShown = m_comparison->isShown(entry);
    switch (role) {
    case Qt::DisplayRole:
        return entry.label;
    case Qt::ToolTipRole: {
        constexpr size_t kMostNamed = 8;
        QStringList runs;
        for (size_t at = 0; at < std::min(kMostNamed, entry.runs.size()); ++at)
            runs << runTitle(entry.runs[at]);
        if (entry.runs.size() > kMostNamed)
            runs << tr("… and %1 more").arg(entry.runs.size() - kMostNamed);
        return tr("%1 · %2\n%3\nClick hides or shows it, a double click shows only it")
            .arg(entry.label, entry.sourceText(), runs.join(u'\n'));
    }
    case Qt::AccessibleTextRole:
        return u"%1, %2, %3"_s.arg(entry.label, entry.sourceText(),
                                   isShown ? tr("shown") : tr("hidden"));
    case IdRole:
        return entry.id;
    case SourceRole:
        return entry.sourceText();
    case ColourRole:
        return colourOf(entry);
    case StyleRole:
        return QVariant::fromValue(
            static_cast<int>(entry.isReference() ? Qt::DashLine : optionStyle(entry.option)));
    case SettingRole:
        return entry.setting;
    case IsReportedRole:
        return entry.isReported;
    case IsReferenceRole:
        return entry.isReference();
    case IsShownRole:
        return isShown;
    default:
        return {};
    }
}

} // namespace clwb::ui
