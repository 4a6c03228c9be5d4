// SPDX-License-Identifier: GPL-3.0-or-later
// Where the parts of the Images page stand: all beside each other where there is room, otherwise
// one of them at a time beside the pictures.
#include "ui/pages/images_page.h"
#include "ui/plots/confusion_view.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/picture_panel.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/thumb_grid.h"

#include <QBoxLayout>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QResizeEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>

#include <algorithm>
#include <array>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

// At the usual size of text, pixels of the whole page.
constexpr int kWideWidth = 1000; ///< from here on everything stands beside each other …
constexpr int kWideHeight = 560; ///< … if the matrix has room above the picture
// Of everything below the models.
constexpr int kLeastWideHeight = 400;
constexpr int kLeastNarrowHeight = 320;
constexpr size_t kModelColumns = 7; ///< both models beside each other

const QList<int> kWideSizes{340, 420, 460};
const QList<int> kNarrowSizes{340, 0, 460};
const QList<int> kMiddleSizes{380, 330};

} // namespace

QWidget* ImagesPage::makeContent()
{
    m_across = new QSplitter(Qt::Horizontal, m_stack);
    nameWidget(m_across, u"images.splitter"_s, tr("Classes, matrix and pictures"));
    auto* left = new QWidget(m_across);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_parts = new Segments(
        u"images.parts"_s, tr("Beside the pictures"),
        {{u"classes"_s, tr("Classes"), tr("Show the classes with their accuracy")},
         {u"confusion"_s, tr("Confusion"), tr("Show what each class is taken for")},
         {u"picture"_s, tr("Picture"), tr("Show what both models think of the selected picture")}},
        left);
    connect(m_parts, &Segments::currentChanged, this, &ImagesPage::showPart);
    column->addWidget(m_parts);
    m_partStack = new QStackedWidget(left);
    m_partStack->addWidget(makeClasses(m_partStack));
    column->addWidget(m_partStack, 1);
    m_across->addWidget(left);
    m_middle = new QSplitter(Qt::Vertical, m_across);
    nameWidget(m_middle, u"images.middle"_s, tr("Matrix and selected picture"));
    makeMatrix(m_middle);
    m_panel = new PicturePanel(m_middle);
    connect(m_panel, &PicturePanel::openRequested, this, &ImagesPage::openOriginal);
    m_across->addWidget(m_middle);
    m_across->addWidget(makePictures(m_across));
    // A click asks for more about a picture; the cursor's way through the grid leaves the list.
    connect(m_grid, &ThumbGrid::clicked, this, [this] { showPart(u"picture"_s); });
    for (QSplitter* splitter : {m_across, m_middle}) {
        splitter->setChildrenCollapsible(false);
        splitter->setHandleWidth(10);
    }
    for (int at = 0; at < kWideSizes.size(); ++at)
        m_across->setStretchFactor(at, kWideSizes[at]);
    connect(m_across, &QSplitter::splitterMoved, this,
            [this] { state().projectSettings().setHabit(dividedKey(), m_across->saveState()); });
    connect(&state(), &AppState::projectChanged, m_across, [this] { divide(); });
    connect(&state(), &AppState::layoutReset, m_across, [this] {
        state().projectSettings().remove(u"images/splitter"_s);
        state().projectSettings().remove(u"images/splitterNarrow"_s);
        divide();
    });
    keepMiddle();
    return m_across;
}

void ImagesPage::keepMiddle()
{
    const QString key = u"images/middle"_s;
    connect(m_middle, &QSplitter::splitterMoved, this,
            [this, key] { state().projectSettings().setHabit(key, m_middle->saveState()); });
    connect(&state(), &AppState::layoutReset, m_middle, [this, key] {
        state().projectSettings().remove(key);
        m_middle->setSizes(kMiddleSizes);
    });
}

QString ImagesPage::dividedKey() const
{
    return m_isWide.value_or(true) ? u"images/splitter"_s : u"images/splitterNarrow"_s;
}

void ImagesPage::divide()
{
    const bool isWide = m_isWide.value_or(true);
    const ProjectSettings memory = state().projectSettings();
    const auto restore = [&memory](QSplitter& splitter, const QString& key,
                                   const QList<int>& sizes) {
        if (!splitter.restoreState(memory.habit(key).toByteArray()))
            splitter.setSizes(sizes);
    };
    restore(*m_across, dividedKey(), isWide ? kWideSizes : kNarrowSizes);
    if (isWide)
        restore(*m_middle, u"images/middle"_s, kMiddleSizes);
}

void ImagesPage::arrange()
{
    // Of the page, not of what is in it: the header takes more room where it has two lines.
    const bool isWide =
        width() >= textScaled(*this, kWideWidth) && height() >= textScaled(*this, kWideHeight);
    m_stack->setMinimumHeight(textScaled(*this, isWide ? kLeastWideHeight : kLeastNarrowHeight));
    arrangeModels();
    if (std::exchange(m_isWide, isWide) != isWide)
        placeParts(isWide);
}

int ImagesPage::wholeWidth(ModelLines lines) const
{
    const int gap = m_models->horizontalSpacing();
    const auto ofAll = [](const ModelCombo& model) {
        return model.title->sizeHint().width() + model.run->wholeWidth() +
               model.session->wholeWidth();
    };
    const int swap = m_swap->sizeHint().width();
    if (lines == ModelLines::One)
        return ofAll(m_a) + swap + ofAll(m_b) + 6 * gap;
    return std::max(m_a.title->sizeHint().width(), m_b.title->sizeHint().width()) +
           std::max(m_a.run->wholeWidth(), m_b.run->wholeWidth()) +
           std::max(m_a.session->wholeWidth(), m_b.session->wholeWidth()) + swap + 3 * gap;
}

void ImagesPage::arrangeModels()
{
    const QMargins margins = layout()->contentsMargins();
    const int room = width() - margins.left() - margins.right();
    // Where nothing is whole, the most room: fewer lines again could go back and forth with the
    // scroll bar.
    ModelLines lines = ModelLines::Four;
    if (wholeWidth(ModelLines::One) <= room)
        lines = ModelLines::One;
    else if (wholeWidth(ModelLines::Two) <= room)
        lines = ModelLines::Two;
    if (std::exchange(m_modelLines, lines) != lines) {
        placeModels(lines);
        // A change while the page is being laid out is not seen by what lays it out.
        QTimer::singleShot(0, this, [this] {
            m_models->invalidate();
            m_models->parentWidget()->updateGeometry();
            layout()->activate();
        });
    }
    // Each column its share of the room, so that all are whole together.
    std::array<int, kModelColumns> shares{};
    const auto share = [&](size_t column, const ElidedCombo& combo) {
        shares[column] = std::max(shares[column], combo.wholeWidth());
    };
    const bool isOne = lines == ModelLines::One;
    const bool areBelow = lines == ModelLines::Four; // the sessions
    share(1, *m_a.run);
    share(areBelow ? 1 : 2, *m_a.session);
    share(isOne ? 5 : 1, *m_b.run);
    share(isOne ? 6 : areBelow ? 1 : 2, *m_b.session);
    for (size_t column = 0; column < shares.size(); ++column) {
        const int at = static_cast<int>(column);
        if (m_models->columnStretch(at) != shares[column])
            m_models->setColumnStretch(at, shares[column]);
    }
}

void ImagesPage::placeModels(ModelLines lines)
{
    while (QLayoutItem* item = m_models->takeAt(0))
        delete item;                                 // the widgets stay
    const bool areBelow = lines == ModelLines::Four; // the sessions
    const auto place = [&](const ModelCombo& combo, int row, int column) {
        m_models->addWidget(combo.title, row, column);
        m_models->addWidget(combo.run, row, column + 1);
        m_models->addWidget(combo.session, areBelow ? row + 1 : row, column + (areBelow ? 1 : 2));
    };
    place(m_a, 0, 0);
    m_models->addWidget(m_swap, 0, areBelow ? 2 : 3);
    switch (lines) {
    case ModelLines::One:
        return place(m_b, 0, 4);
    case ModelLines::Two:
        return place(m_b, 1, 0);
    case ModelLines::Four:
        return place(m_b, 2, 0);
    }
}

void ImagesPage::placeParts(bool isWide)
{
    for (Card* card : {m_matrixCard, static_cast<Card*>(m_panel)}) {
        if (isWide) {
            m_partStack->removeWidget(card);
            m_middle->addWidget(card);
            card->show();
        } else {
            m_partStack->addWidget(card);
        }
    }
    m_middle->setVisible(isWide);
    m_parts->setVisible(!isWide);
    m_across->setCollapsible(0, !isWide); // the pictures alone, where little else fits
    showPart(m_parts->current());
    divide();
}

void ImagesPage::showPart(const QString& id)
{
    if (m_isWide.value_or(true))
        return; // all are there
    m_parts->setCurrent(id);
    if (id == "confusion"_L1)
        m_partStack->setCurrentWidget(m_matrixCard);
    else if (id == "picture"_L1)
        m_partStack->setCurrentWidget(m_panel);
    else
        m_partStack->setCurrentWidget(m_classCard);
}

void ImagesPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrange();
}

void ImagesPage::changeEvent(QEvent* event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_across)
        arrange();
}

} // namespace clwb::ui
