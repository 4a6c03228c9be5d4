// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the Images page.
#include "ui/pages/images_page.h"

#include "ui/models/data_sort_proxy.h"
#include "ui/models/picture_list_model.h"
#include "ui/plots/confusion_view.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/change_delegate.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/picture_panel.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/thumb_grid.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeView>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kGridPicture = 104;
constexpr int kLeastColumns = 2; ///< of pictures

} // namespace

PageInfo describe_images_page();
PageInfo describe_images_page()
{
    return {
        u"images"_s,
        ImagesPage::tr("Images"),
        70,
        {{u"images.open"_s,
          u"view"_s,
          ImagesPage::tr("Open Ori&ginal Picture"),
          {},
          ImagesPage::tr("Open the file of the picture that is selected on the Images page"),
          true},
         {u"images.swap"_s,
          u"view"_s,
          ImagesPage::tr("S&wap Models A and B"),
          {},
          ImagesPage::tr("Look at the pictures of the Images page the other way round")}},
        [](AppState& state, QWidget* parent) -> Page* { return new ImagesPage(state, parent); }};
}

ImagesPage::ImagesPage(AppState& state, QWidget* parent)
    : Page(state, parent)
    , m_classModel(new DataTableModel(this))
    , m_classProxy(new DataSortProxy(this))
    , m_pictures(new PictureListModel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 14, 20, 14);
    layout->setSpacing(10);
    m_header = makeHeader();
    layout->addWidget(m_header);
    m_stack = new QStackedWidget(this);
    // The splitters divide the height there is; what their parts would like must not make the page
    // longer than the window.
    m_stack->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_content = makeContent();
    m_stack->addWidget(m_content);
    makeEmptyStates();
    layout->addWidget(m_stack, 1);
    arrange();
    connect(&state, &AppState::projectChanged, this, &ImagesPage::onProjectChanged);
    connect(&state, &AppState::runsChanged, this, [this] {
        m_isStale = true;
        if (isVisible())
            refresh();
    });
    onProjectChanged();
}

QWidget* ImagesPage::makeHeader()
{
    auto* header = new QWidget(this);
    auto* column = new QVBoxLayout(header);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    auto* first = new QHBoxLayout;
    first->setSpacing(14);
    first->addWidget(makeTitle(tr("Images"), header));
    m_part = new Segments(
        u"images.part"_s, tr("Which classes"),
        {{u"ut"_s, tr("Trained classes"), tr("Test pictures of the classes that are learned")},
         {u"zs"_s, tr("Zero-shot classes"), tr("Test pictures of the classes never trained")}},
        header);
    connect(m_part, &Segments::currentChanged, this, &ImagesPage::onPart);
    first->addWidget(m_part, 1);
    column->addLayout(first);
    m_models = new QGridLayout; // filled by arrange()
    m_models->setHorizontalSpacing(8);
    m_models->setVerticalSpacing(6);
    m_a = makeModel(tr("A"), header);
    m_b = makeModel(tr("B"), header);
    m_swap = makeButton(u"images.swapButton"_s, tr("Swap"), header);
    m_swap->setToolTip(tr("Exchange the two models"));
    connect(m_swap, &QPushButton::clicked, this, &ImagesPage::swapModels);
    column->addLayout(m_models);
    for (const auto& [combo, isA] : {std::pair{m_a, true}, std::pair{m_b, false}}) {
        connect(combo.run, &QComboBox::activated, this,
                [this, isA = isA] { onModelChosen(isA, true); });
        connect(combo.session, &QComboBox::activated, this,
                [this, isA = isA] { onModelChosen(isA, false); });
    }
    return header;
}

ImagesPage::ModelCombo ImagesPage::makeModel(const QString& letter, QWidget* parent)
{
    const auto make = [&](const QString& name, const QString& title) {
        auto* combo = new ElidedCombo(parent);
        nameWidget(combo, name, title);
        combo->setMinimumContentsLength(6);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        combo->setMaxVisibleItems(20);
        return combo;
    };
    return {makeMuted(tr("Model %1").arg(letter), parent),
            make(u"images.run"_s + letter, tr("Run of model %1").arg(letter)),
            make(u"images.session"_s + letter, tr("Session of model %1").arg(letter))};
}

QWidget* ImagesPage::makeClasses(QWidget* parent)
{
    auto* card = m_classCard = new Card(tr("Classes"), tr("accuracy, %"), parent);
    m_allClasses = makeLink(u"images.allClasses"_s, tr("Show all"), card);
    m_allClasses->setToolTip(tr("Show the pictures of all classes"));
    connect(m_allClasses, &QPushButton::clicked, this, [this] { chooseClass({}); });
    card->header()->addWidget(m_allClasses);
    m_search = new QLineEdit(card);
    nameWidget(m_search, u"images.search"_s, tr("Search classes"));
    m_search->setPlaceholderText(tr("Search a class"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_classProxy->setSearch(words, 1);
        m_classNote->setText(
            tr("%1 of %2 classes").arg(m_classProxy->rowCount()).arg(m_classModel->rowCount()));
    });
    card->body()->addWidget(m_search);
    m_classes = new QTreeView(card);
    nameWidget(m_classes, u"images.classes"_s, tr("Classes"));
    m_classes->setRootIsDecorated(false);
    m_classes->setUniformRowHeights(true);
    m_classes->setItemsExpandable(false);
    m_classes->setAllColumnsShowFocus(true);
    m_classes->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_classes->setItemDelegate(new ChangeDelegate(m_classes));
    m_classes->header()->setStretchLastSection(false);
    m_classes->setMinimumSize(240, 90);
    m_classProxy->setSourceModel(m_classModel);
    m_classes->setModel(m_classProxy);
    m_classes->setSortingEnabled(true);
    connect(m_classes->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ImagesPage::onClassRow);
    card->body()->addWidget(m_classes, 1);
    m_classNote = makeElided({}, card);
    card->body()->addWidget(m_classNote);
    return card;
}

QWidget* ImagesPage::makeMatrix(QWidget* parent)
{
    auto* card = m_matrixCard = new Card(tr("Confusion"), u" "_s, parent);
    m_shownMatrix =
        new Segments(u"images.matrix"_s, tr("Which matrix"),
                     {{u"a"_s, tr("A"), tr("What model A predicts, per cent of the true class")},
                      {u"b"_s, tr("B"), tr("What model B predicts, per cent of the true class")},
                      {u"change"_s, tr("B − A"), tr("The difference of both, points")}},
                     card);
    m_shownMatrix->setCurrent(u"b"_s);
    connect(m_shownMatrix, &Segments::currentChanged, this, &ImagesPage::showMatrix);
    card->header()->addWidget(m_shownMatrix);
    m_matrix = new ConfusionView(u"images.confusion"_s, card);
    m_matrix->setSettings(&state().settings());
    connect(m_matrix, &ConfusionView::cellChosen, this, &ImagesPage::chooseCell);
    connect(m_matrix, &ConfusionView::classChosen, this, [this](int truth) { chooseClass(truth); });
    card->body()->addWidget(m_matrix, 1);
    m_readOut = makeElided({}, card);
    m_readOut->setObjectName(u"images.readOut"_s);
    card->body()->addWidget(m_readOut);
    connect(m_matrix, &ConfusionView::pointed, this, [this](const QString& text) {
        m_readOut->setText(text.isEmpty() ? readOutHint() : text);
        m_readOut->setToolTip(text.toHtmlEscaped());
    });
    return card;
}

QWidget* ImagesPage::makePictures(QWidget* parent)
{
    m_pictureCard = new Card(tr("Pictures"), u" "_s, parent);
    const auto tip = [](Outcome outcome) { return outcomeText(outcome); };
    m_outcome = new Segments(u"images.outcomes"_s, tr("Which pictures"),
                             {{u"all"_s, tr("All"), tr("All pictures of the choice")},
                              {u"forgotten"_s, tr("Forgotten"), tip(Outcome::Forgotten)},
                              {u"learned"_s, tr("Learned"), tip(Outcome::Learned)},
                              {u"never"_s, tr("Never"), tip(Outcome::Never)},
                              {u"always"_s, tr("Always"), tip(Outcome::Always)}},
                             m_pictureCard);
    connect(m_outcome, &Segments::currentChanged, this, &ImagesPage::showPictures);
    m_pictureCard->body()->addWidget(m_outcome);
    m_noPictures = makeMuted({}, m_pictureCard);
    m_noPictures->setWordWrap(true);
    m_noPictures->hide();
    m_pictureCard->body()->addWidget(m_noPictures);
    m_grid = new ThumbGrid(m_pictures, u"images.grid"_s, tr("Pictures"), m_pictureCard);
    m_grid->setPictureSide(kGridPicture);
    m_grid->setLeastColumns(kLeastColumns);
    m_pictureCard->body()->addWidget(m_grid, 1);
    connect(m_grid, &ThumbGrid::opened, this, &ImagesPage::openOriginal);
    connect(m_grid->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ImagesPage::showPicture);
    return m_pictureCard;
}

void ImagesPage::makeEmptyStates()
{
    m_noProject = new EmptyState(
        u"images.noProject"_s, tr("No project is open"),
        tr("Pictures that a model has learned and forgotten are shown here."), m_stack);
    connect(m_noProject->addAction(u"images.openProject"_s, tr("Open Project…"), true),
            &QPushButton::clicked, this, [this] { state().requestAction(u"file.open"_s); });
    m_nothing = new EmptyState(
        u"images.nothing"_s, tr("No run keeps its predictions yet"),
        tr("Here will be every test picture with what two models think it is: which classes were "
           "forgotten, what they are taken for, and when. Runs keep that unless “Details kept” is "
           "“none”; runs of older versions and imported ones have nothing. Start a new run, or "
           "clone one of them."),
        m_stack);
    connect(m_nothing->addAction(u"images.newRun"_s, tr("New Run"), true), &QPushButton::clicked,
            this, [this] { state().requestPage(u"new_run"_s); });
    m_notKept = new EmptyState(u"images.notKept"_s, {}, {}, m_stack);
    connect(m_notKept->addAction(u"images.clone"_s, tr("Clone This Run"), true),
            &QPushButton::clicked, this, [this] {
                if (m_missingRun)
                    state().requestPage(u"new_run"_s, Json{{"clone", *m_missingRun}});
            });
    connect(m_notKept->addAction(u"images.others"_s, tr("Show Other Runs"), false),
            &QPushButton::clicked, this, [this] {
                m_missingRun.reset();
                if (!m_pair)
                    onPart();
                showState();
            });
    m_problem = new EmptyState(u"images.problem"_s, {}, {}, m_stack);
    for (EmptyState* empty : {m_noProject, m_nothing, m_notKept, m_problem})
        m_stack->addWidget(empty);
}

QString ImagesPage::helpText() const
{
    return tr(
        "Two models picture by picture. At the left the classes with their accuracy under A "
        "and B, most forgotten first; in the middle what each true class is taken for, "
        "trained classes outlined by session; in a small window the classes, the matrix and the "
        "selected picture take turns at the left. A click on a class, or on a cell of the matrix, "
        "shows its pictures; in the matrix a dragged box zooms and a double click shows "
        "everything; "
        "above the pictures you choose those forgotten, learned, never or always "
        "right. A picture that is selected shows the five best classes of both models and "
        "after which sessions it was right; Enter opens its file. Arrows move in the list, "
        "the matrix and the pictures.");
}

} // namespace clwb::ui
