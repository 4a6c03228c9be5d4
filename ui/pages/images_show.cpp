// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown of two models: classes, matrix, the pictures of a choice.
#include "ui/bridge/qt_text.h"
#include "ui/models/data_sort_proxy.h"
#include "ui/models/picture_list_model.h"
#include "ui/pages/images_page.h"
#include "ui/plots/confusion_view.h"
#include "ui/shell/app_state.h"
#include "ui/shell/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/thumb_grid.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

QString percentOf(float share)
{
    const double percent = 100 * static_cast<double>(share);
    return numberText(percent, percent < 10 ? 1 : 0) + u" %"_s;
}

QString captionOfPicture(const ImageComparison& comparison, size_t item, bool isOneClass)
{
    const store::Predictions& b = *comparison.pair.b;
    const int32_t predicted = b.classes[item * static_cast<size_t>(b.top)];
    const QString name = comparison.list->names.value(predicted);
    const QString percent = percentOf(b.probabilities[item * static_cast<size_t>(b.top)]);
    const int32_t truth = comparison.pair.items->labels[item];
    if (isOneClass || truth == predicted)
        return u"%1 %2"_s.arg(name, percent);
    return u"%1 → %2"_s.arg(comparison.list->names.value(truth), name);
}

QString tipOfPicture(const ImageComparison& comparison, size_t item)
{
    const auto line = [&](const QString& letter, const store::Predictions& predictions) {
        const size_t best = item * static_cast<size_t>(predictions.top);
        const QString name = comparison.list->names.value(predictions.classes[best]);
        const QString percent = percentOf(predictions.probabilities[best]);
        if (predictions.truthRanks[item] == 0)
            return ImagesPage::tr("%1: %2, %3").arg(letter, name, percent);
        return ImagesPage::tr("%1: %2, %3; the true class on rank %4, %5")
            .arg(letter, name, percent)
            .arg(predictions.truthRanks[item] + 1)
            .arg(percentOf(predictions.truthProbabilities[item]));
    };
    return ImagesPage::tr("True class: %1")
               .arg(comparison.list->names.value(comparison.pair.items->labels[item])) +
           u'\n' + line(u"A"_s, *comparison.pair.a) + u'\n' + line(u"B"_s, *comparison.pair.b);
}

} // namespace

void ImagesPage::load()
{
    const int request = ++m_request;
    ++m_loading;
    m_loadProblem.clear();
    const QString file = state().projectFile();
    state().reader()->ask(
        this,
        [pair = *m_pair, part = part(), list = m_list](store::Project& project) {
            return readImageComparison(project, pair, part, list);
        },
        [this, request, file](Result<std::shared_ptr<const ImageComparison>> comparison) {
            if (file != state().projectFile())
                return;
            --m_loading;
            if (request != m_request)
                return;
            if (!comparison) {
                m_link.reset();
                showComparison(nullptr);
                m_loadProblem = errorText(comparison.error());
                showState();
                return;
            }
            showComparison(std::move(*comparison));
            showState();
        });
}

void ImagesPage::showComparison(std::shared_ptr<const ImageComparison> comparison)
{
    const bool isOtherList = !comparison || comparison->list != m_list;
    m_shown = std::move(comparison);
    if (isOtherList) {
        m_choice = {};
        m_history.clear();
    }
    if (!m_shown) {
        m_chosen.clear();
        showChoice();
        return;
    }
    m_list = m_shown->list;
    const bool hasOtherColumns = m_classModel->columnCount() != (m_list->sessions.empty() ? 4 : 5);
    m_classModel->setTable(imageClassTable(*m_shown));
    if (hasOtherColumns || isOtherList) {
        const int last = m_classModel->columnCount() - 1;
        m_classes->header()->setSectionResizeMode(0, QHeaderView::Stretch);
        for (int column = 1; column <= last; ++column)
            m_classes->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
        m_classes->sortByColumn(last, Qt::AscendingOrder); // the most forgotten first
    } else {
        m_classProxy->sort(m_classes->header()->sortIndicatorSection(),
                           m_classes->header()->sortIndicatorOrder());
    }
    m_classNote->setText(
        tr("%1 of %2 classes").arg(m_classProxy->rowCount()).arg(m_classModel->rowCount()));
    applyLink();
    showMatrix();
    showChoice();
    loadHistories();
}

void ImagesPage::applyLink()
{
    const auto link = std::exchange(m_link, std::nullopt);
    if (!link)
        return;
    m_search->clear();
    m_choice = {};
    if (const auto number = classOfLink(*link, m_shown->pair.items->classes))
        m_choice.truth = *number;
    m_outcome->setCurrent(link->outcome ? toQt(outcomeId(*link->outcome)) : u"all"_s);
}

void ImagesPage::showMatrix()
{
    if (!m_shown)
        return;
    const QString which = m_shownMatrix->current();
    ConfusionData matrix;
    matrix.values = which == "a"_L1   ? m_shown->sharesA
                    : which == "b"_L1 ? m_shown->sharesB
                                      : m_shown->change;
    matrix.order = orderBySession(m_shown->classes.size(), m_shown->list->sessions);
    matrix.sessions = m_shown->list->sessions;
    matrix.names = m_shown->list->names;
    matrix.isDifference = which == "change"_L1;
    matrix.describe = [this](int truth, int predicted) { return cellText(truth, predicted); };
    m_matrix->setData(std::move(matrix));
    m_matrix->setChosen(m_choice.truth, m_choice.predicted);
    m_readOut->setText(readOutHint());
}

QString ImagesPage::readOutHint()
{
    return tr("Rows: true class · columns: predicted class");
}

QString ImagesPage::cellText(int truth, int predicted) const
{
    if (!m_shown)
        return {};
    const auto row = static_cast<size_t>(truth);
    const auto column = static_cast<size_t>(predicted);
    const auto text = [&](const Confusion& confusion) {
        const int total = confusion.totals[row];
        const int count = confusion.at(row, column);
        return total > 0 ? tr("%1 of %2 (%3 %)")
                               .arg(count)
                               .arg(total)
                               .arg(numberText(100.0 * count / total, 0))
                         : tr("no pictures");
    };
    const QStringList& names = m_shown->list->names;
    const QString what = truth == predicted
                             ? tr("%1 right").arg(names.value(truth))
                             : tr("%1 → %2").arg(names.value(truth), names.value(predicted));
    return tr("%1: A %2, B %3").arg(what, text(m_shown->confusionA), text(m_shown->confusionB));
}

void ImagesPage::chooseClass(std::optional<int> number)
{
    m_choice = {};
    m_choice.truth = number;
    showChoice();
}

void ImagesPage::chooseCell(int truth, int predicted)
{
    const QString which = m_shownMatrix->current();
    m_choice.truth = truth;
    m_choice.predicted = predicted;
    m_choice.decider = which == "a"_L1   ? Decider::A
                       : which == "b"_L1 ? Decider::B
                                         : Decider::Either;
    m_outcome->setCurrent(u"all"_s); // a cell says by itself which ones are meant
    showChoice();
}

void ImagesPage::onClassRow()
{
    const QModelIndex index = m_classProxy->mapToSource(m_classes->currentIndex());
    if (index.isValid() && (m_choice.predicted || m_choice.truth != index.row()))
        chooseClass(index.row());
}

QString ImagesPage::choiceText() const
{
    const QStringList& names = m_shown->list->names;
    if (!m_choice.truth)
        return tr("all classes");
    const QString truth = names.value(*m_choice.truth);
    if (!m_choice.predicted)
        return truth;
    const QString who = m_choice.decider == Decider::A   ? tr("A")
                        : m_choice.decider == Decider::B ? tr("B")
                                                         : tr("A or B");
    return tr("%1, taken for %2 by %3").arg(truth, names.value(*m_choice.predicted), who);
}

void ImagesPage::showChoice()
{
    m_chosen = m_shown ? chosenImages(m_shown->pair, m_choice) : std::vector<int32_t>();
    m_allClasses->setEnabled(m_choice.truth.has_value());
    m_allClasses->setToolTip(m_choice.truth ? tr("Show the pictures of all classes")
                                            : tr("The pictures of all classes are shown"));
    m_pictureCard->setSubtitle(m_shown ? choiceText() : QString());
    m_matrix->setChosen(m_choice.truth, m_choice.predicted);
    // The list follows what was chosen elsewhere.
    QModelIndex row;
    if (m_choice.truth)
        row = m_classProxy->mapFromSource(m_classModel->index(*m_choice.truth, 0));
    const QSignalBlocker isSilent(m_classes->selectionModel());
    if (row.isValid() && m_classes->currentIndex().row() != row.row()) {
        m_classes->setCurrentIndex(row);
        m_classes->scrollTo(row);
    } else if (!m_choice.truth) {
        m_classes->selectionModel()->clear();
    }
    m_classes->viewport()->update();
    showPictures();
}

std::optional<Outcome> ImagesPage::shownOutcome() const
{
    return outcomeOfId(fromQt(m_outcome->current()));
}

void ImagesPage::showPictures()
{
    const OutcomeCounts counts = m_shown ? countOutcomes(m_shown->pair, m_chosen) : OutcomeCounts();
    const auto label = [this](const QString& id, const QString& text, int64_t count) {
        m_outcome->setChoiceText(id, u"%1 %2"_s.arg(text, countText(count)));
    };
    label(u"all"_s, tr("All"), counts.total());
    label(u"forgotten"_s, tr("Forgotten"), counts[Outcome::Forgotten]);
    label(u"learned"_s, tr("Learned"), counts[Outcome::Learned]);
    label(u"never"_s, tr("Never"), counts[Outcome::Never]);
    label(u"always"_s, tr("Always"), counts[Outcome::Always]);
    m_listed.clear();
    if (m_shown)
        m_listed = withOutcome(m_shown->pair, m_chosen, shownOutcome());
    m_noPictures->setVisible(m_shown && m_listed.empty());
    m_noPictures->setText(m_chosen.empty()
                              ? tr("There are no such pictures.")
                              : tr("None of these %1 pictures. Choose “All” to see them.")
                                    .arg(countText(static_cast<int64_t>(m_chosen.size()))));
    // A cell or a class has one true class: only what it is taken for need be said.
    const bool isOneClass = m_choice.truth.has_value();
    m_pictures->setEntries(static_cast<int>(m_listed.size()), [shown = m_shown, listed = m_listed,
                                                               isOneClass](int row) {
        const auto item = static_cast<size_t>(listed[static_cast<size_t>(row)]);
        const Outcome outcome = shown->pair.outcomeOf(item);
        const bool isRight = outcome == Outcome::Learned || outcome == Outcome::Always;
        return PictureEntry{shown->pair.items->images[item],
                            captionOfPicture(*shown, item, isOneClass),
                            tipOfPicture(*shown, item),
                            {},
                            isRight ? PictureMark::Right : PictureMark::Wrong};
    });
    if (!m_listed.empty())
        m_grid->setCurrentIndex(m_pictures->index(0, 0)); // which shows it
    else
        showPicture();
}

void ImagesPage::exportShown()
{
    if (!m_shown)
        return;
    if (!m_matrix->isVisible())
        showPart(u"confusion"_s);
    const auto make = [this] { return m_matrix->figure(u"confusion"_s); };
    showPlotMenu(make, m_shownMatrix->mapToGlobal(QPoint(0, m_shownMatrix->height())),
                 &state().settings(), this);
}

bool ImagesPage::isSettled() const
{
    return m_loading == 0 && !m_isAsking && m_grid->isComplete();
}

bool ImagesPage::canCopy() const
{
    return m_shown != nullptr;
}

void ImagesPage::copyShown()
{
    if (!m_shown)
        return;
    // As it is sorted and searched.
    DataTable table;
    table.columns = m_classModel->table().columns;
    for (int row = 0; row < m_classProxy->rowCount(); ++row) {
        const int source = m_classProxy->mapToSource(m_classProxy->index(row, 0)).row();
        table.rows.push_back(m_classModel->table().rows[static_cast<size_t>(source)]);
    }
    copyTable(table);
}

bool ImagesPage::focusFilter()
{
    if (!m_content->isVisible())
        return false;
    showPart(u"classes"_s);
    m_search->setFocus();
    m_search->selectAll();
    return true;
}

} // namespace clwb::ui
