// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the Data page.
#include "ui/pages/data_page.h"

#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/data_sort_proxy.h"
#include "ui/models/picture_list_model.h"
#include "ui/models/study_order_model.h"
#include "ui/models/study_tree_model.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/elided_combo.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/row_delegate.h"
#include "ui/widgets/segments.h"
#include "ui/widgets/thumb_grid.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

PageInfo describe_data_page();
PageInfo describe_data_page()
{
    const auto tr = [](const char* text) { return DataPage::tr(text); };
    return {
        u"data"_s,
        tr("Data"),
        80,
        {{u"data.open"_s, u"file"_s, tr("Open St&udy…"), {}, tr("Show what a study holds"), true},
         {u"data.newStudy"_s,
          u"file"_s,
          tr("New Study from a &Folder…"),
          {},
          tr("Make a study of your own pictures, a folder a class")},
         {u"data.check"_s,
          u"tools"_s,
          tr("&Check Study Again"),
          {},
          tr("Read the study that the Data page shows and everything it names once more")}},
        [](AppState& state, QWidget* parent) -> Page* { return new DataPage(state, parent); }};
}

DataPage::DataPage(AppState& state, QWidget* parent)
    : Page(state, parent)
    , m_reader(std::make_unique<Background>())
    , m_compare(std::make_unique<Background>())
    , m_treeModel(new StudyTreeModel(this))
    , m_pictureModel(new PictureListModel(this))
    , m_problemModel(new DataTableModel(this))
    , m_problemProxy(new DataSortProxy(this))
    , m_placeModel(new DataTableModel(this))
    , m_orderModel(new StudyOrderModel(state.undoStack(), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 14, 20, 14);
    layout->setSpacing(10);
    layout->addLayout(makeHeader());
    m_stack = new QStackedWidget(this);
    m_empty = new EmptyState(u"data.empty"_s, tr("No study is open"),
                             tr("A study says which pictures, classes and sessions a run uses. "
                                "What it holds and what is wrong with it will be here."),
                             m_stack);
    connect(m_empty->addAction(u"data.emptyOpen"_s, tr("Open Study…"), true), &QPushButton::clicked,
            this, &DataPage::askForStudy);
    connect(m_empty->addAction(u"data.emptyNew"_s, tr("New Study from a Folder…"), false),
            &QPushButton::clicked, this, &DataPage::askForFolder);
    m_demo = m_empty->addAction(u"data.drawDemo"_s, tr("Draw the Demo World"), false);
    connect(m_demo, &QPushButton::clicked, this, &DataPage::drawDemo);
    m_readingPage = new QWidget(m_stack);
    auto* reading = new QVBoxLayout(m_readingPage);
    m_reading = makeMuted({}, m_readingPage);
    m_reading->setObjectName(u"data.reading"_s);
    m_reading->setWordWrap(true);
    m_reading->setAlignment(Qt::AlignCenter);
    m_cancel = makeButton(u"data.cancel"_s, tr("Cancel"), m_readingPage);
    connect(m_cancel, &QPushButton::clicked, this, &DataPage::stopLoading);
    reading->addStretch(1);
    reading->addWidget(m_reading);
    reading->addWidget(m_cancel, 0, Qt::AlignHCenter);
    reading->addStretch(1);
    m_content = makeContent();
    for (QWidget* widget : {static_cast<QWidget*>(m_empty), m_readingPage, m_content})
        m_stack->addWidget(widget);
    layout->addWidget(m_stack, 1);

    m_progressTimer.setInterval(100);
    connect(&m_progressTimer, &QTimer::timeout, this, [this] {
        const int64_t total = std::max<int64_t>(1, m_progress->total);
        m_similarProgress->setValue(static_cast<int>(1000 * m_progress->done / total));
    });
    m_readingTimer.setInterval(100);
    connect(&m_readingTimer, &QTimer::timeout, this, &DataPage::showReading);
    m_changeTimer.setSingleShot(true);
    m_changeTimer.setInterval(400); // files come in crowds
    connect(&m_changeTimer, &QTimer::timeout, this, &DataPage::recheckPlaces);
    const auto onChange = [this] { m_changeTimer.start(); };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, onChange);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, onChange);
    connect(m_orderModel, &StudyOrderModel::changed, this, &DataPage::showOrder);
    connect(&state, &AppState::runsChanged, this, &DataPage::fillStudies);
    connect(&state, &AppState::projectChanged, this, [this] {
        fillStudies();
        // What a person chose stays; the project only says what to begin with.
        if (m_file.isEmpty())
            m_isFirst = true;
        if (m_isFirst && isVisible())
            showStudy(firstStudy());
    });
    connect(&state, &AppState::pageRequested, this,
            [this](const QString& page, const Json& argument) {
                if (page == "new_run"_L1 && argument.is_object() && argument.contains("study"))
                    m_suggested = toQt(argument["study"].get<std::string>());
            });
    fillStudies();
    showStudy({});
}

DataPage::~DataPage()
{
    m_stopReading.requestStop();
    m_stopCompare.requestStop();
}

QLayout* DataPage::makeHeader()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(6);
    auto* line = new QHBoxLayout;
    line->setSpacing(10);
    line->addWidget(makeTitle(tr("Data"), this));
    m_studies = new ElidedCombo(this);
    nameWidget(m_studies, u"data.study"_s, tr("Study"));
    m_studies->setMinimumContentsLength(14);
    m_studies->setMaximumWidth(520);
    m_studies->setPlaceholderText(tr("Choose a study"));
    connect(m_studies, &QComboBox::activated, this,
            [this] { showStudy(m_studies->currentData().toString()); });
    line->addWidget(m_studies, 3);
    QPushButton* open = makeButton(u"data.openStudy"_s, tr("Open…"), this);
    open->setAccessibleName(tr("Open a study file"));
    connect(open, &QPushButton::clicked, this, &DataPage::askForStudy);
    line->addWidget(open);
    line->addStretch(1);
    QPushButton* fresh = makeButton(u"data.newFolder"_s, tr("New Study…"), this);
    fresh->setToolTip(tr("Make a study of your own pictures, a folder a class"));
    connect(fresh, &QPushButton::clicked, this, &DataPage::askForFolder);
    line->addWidget(fresh);
    m_run = makePrimary(u"data.newRun"_s, tr("New Run"), this);
    connect(m_run, &QPushButton::clicked, this, &DataPage::startRun);
    line->addWidget(m_run);
    column->addLayout(line);
    auto* second = new QHBoxLayout;
    second->setSpacing(10);
    m_summary = makeElided({}, this);
    m_summary->setObjectName(u"data.summary"_s);
    second->addWidget(m_summary, 1);
    m_changed = makeLabel(tr("Files have changed since"), this);
    m_changed->setObjectName(u"data.changed"_s);
    m_changed->hide();
    second->addWidget(m_changed);
    m_again = makeLink(u"data.again"_s, tr("Check Again"), this);
    connect(m_again, &QPushButton::clicked, this, &DataPage::load);
    second->addWidget(m_again);
    column->addLayout(second);
    return column;
}

QWidget* DataPage::makeContent()
{
    auto* splitter = new QSplitter(Qt::Horizontal, m_stack);
    nameWidget(splitter, u"data.splitter"_s, tr("Classes and what they hold"));
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(12);
    splitter->addWidget(makeTree());
    auto* card = new Card(splitter);
    card->body()->setContentsMargins(12, 10, 12, 10);
    m_tabs = new Segments(
        u"data.tabs"_s, tr("What is shown"),
        {{u"pictures"_s, tr("Pictures"), tr("Pictures of what is chosen at the left")},
         {u"problems"_s, tr("Problems"), tr("What is missing, unreadable, double or contradicts")},
         {u"files"_s, tr("Files"), tr("The files and folders that the study names")},
         {u"order"_s, tr("Class order"),
          tr("Move classes, make other sessions, save as new study")}},
        card);
    connect(m_tabs, &Segments::currentChanged, this, &DataPage::showView);
    card->body()->addWidget(m_tabs, 0, Qt::AlignLeft);
    m_tabStack = new QStackedWidget(card);
    for (QWidget* tab : {makePictures(), makeProblems(), makePlaces(), makeOrder()})
        m_tabStack->addWidget(tab);
    card->body()->addWidget(m_tabStack, 1);
    splitter->addWidget(card);
    splitter->setStretchFactor(0, 0); // room that comes goes to the pictures
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({340, 860});
    return splitter;
}

QTreeView* DataPage::makeTable(const QString& objectName, const QString& title, QWidget* parent)
{
    auto* table = new QTreeView(parent);
    nameWidget(table, objectName, title);
    table->setProperty("plain", true);
    table->setUniformRowHeights(true);
    table->setRootIsDecorated(false);
    table->setItemsExpandable(false);
    table->setAllColumnsShowFocus(true);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setFrameShape(QFrame::NoFrame);
    table->setItemDelegate(new RowDelegate(table));
    table->setTextElideMode(Qt::ElideMiddle);
    table->header()->setAccessibleName(tr("Columns"));
    return table;
}

QWidget* DataPage::makeTree()
{
    auto* card = new Card(m_stack);
    card->body()->setContentsMargins(4, 8, 4, 6);
    m_tree = makeTable(u"data.tree"_s, tr("Sessions and classes"), card);
    m_tree->setRootIsDecorated(true);
    m_tree->setItemsExpandable(true);
    m_tree->setModel(m_treeModel);
    m_tree->header()->setStretchLastSection(false);
    card->setMinimumWidth(240);
    card->body()->addWidget(m_tree, 1);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &DataPage::choose);
    return card;
}

QWidget* DataPage::makePictures()
{
    auto* tab = new QWidget(m_stack);
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 6, 0, 0);
    auto* line = new FlowLayout;
    line->setSpacing(10);
    m_part = new Segments(u"data.part"_s, tr("Split"),
                          {{u"all"_s, tr("All"), tr("Pictures of all splits")},
                           {u"train"_s, tr("Train"), tr("Training pictures")},
                           {u"val"_s, tr("Val"), tr("Validation pictures")},
                           {u"test"_s, tr("Test"), tr("Test and zero-shot pictures")}},
                          tab);
    connect(m_part, &Segments::currentChanged, this, &DataPage::showPictures);
    line->addWidget(m_part);
    m_pictureCount = makeMuted({}, tab);
    m_pictureCount->setObjectName(u"data.pictureCount"_s);
    line->addWidget(m_pictureCount);
    column->addLayout(line);
    m_grid = new ThumbGrid(m_pictureModel, u"data.grid"_s, tr("Pictures"), tab);
    connect(m_grid, &ThumbGrid::opened, this, &DataPage::openPicture);
    column->addWidget(m_grid, 1);
    return tab;
}

QWidget* DataPage::makeProblems()
{
    auto* tab = new QWidget(m_stack);
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 6, 0, 0);
    auto* line = new FlowLayout;
    line->setSpacing(10);
    m_filter = new QLineEdit(tab);
    nameWidget(m_filter, u"data.filter"_s, tr("Filter of the problems"));
    m_filter->setPlaceholderText(tr("Filter: leakage, a path, a class"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMinimumWidth(200);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_problemProxy->setSearch(text, 3);
        updateButtons();
    });
    line->addWidget(m_filter);
    m_similar = makeButton(u"data.similar"_s, tr("Find Similar Pictures"), tab);
    connect(m_similar, &QPushButton::clicked, this, &DataPage::findSimilar);
    line->addWidget(m_similar);
    m_similarProgress = new QProgressBar(tab);
    nameWidget(m_similarProgress, u"data.similarProgress"_s, tr("Pictures compared"));
    m_similarProgress->setRange(0, 1000);
    m_similarProgress->setFixedWidth(120);
    line->addWidget(m_similarProgress);
    m_similarCancel = makeButton(u"data.similarCancel"_s, tr("Stop"), tab);
    connect(m_similarCancel, &QPushButton::clicked, this, [this] { m_stopCompare.requestStop(); });
    line->addWidget(m_similarCancel);
    m_export = makeButton(u"data.exportProblems"_s, tr("Export as CSV…"), tab);
    connect(m_export, &QPushButton::clicked, this, &DataPage::exportProblems);
    line->addWidget(m_export);
    column->addLayout(line);
    m_problemCount = makeMuted({}, tab);
    nameWidget(m_problemCount, u"data.problemCount"_s, tr("Problems counted"));
    m_problemCount->setWordWrap(true);
    column->addWidget(m_problemCount);
    m_problemTable = makeTable(u"data.problems"_s, tr("Problems"), tab);
    m_problemProxy->setSourceModel(m_problemModel);
    m_problemTable->setModel(m_problemProxy);
    m_problemTable->setSortingEnabled(true);
    m_problemTable->header()->setSortIndicator(-1, Qt::AscendingOrder); // errors first, as found
    column->addWidget(m_problemTable, 1);
    return tab;
}

QWidget* DataPage::makePlaces()
{
    m_placeTable = makeTable(u"data.places"_s, tr("Files and folders of the study"), m_stack);
    m_placeTable->setModel(m_placeModel);
    return m_placeTable;
}

QStringList DataPage::views() const
{
    return {u"pictures"_s, u"problems"_s, u"files"_s, u"order"_s};
}

void DataPage::showView(const QString& id)
{
    m_tabs->setCurrent(id);
    m_tabStack->setCurrentIndex(static_cast<int>(std::max<qsizetype>(0, views().indexOf(id))));
}

QString DataPage::helpText() const
{
    return tr("What a study holds: sessions and classes with their counts, beside the paper's "
              "Table I where the classes are the paper's. A click on a class shows its pictures; "
              "Enter opens the file. Problems lists what is missing, unreadable or double: the "
              "same content in two splits is found while reading, pictures that only look alike "
              "by “Find Similar Pictures”. In “Class order” classes are dragged, or moved with "
              "Alt+Up and Alt+Down, and saved as a new study. “New Study…” makes one of a folder "
              "that holds a folder of pictures a class.");
}

} // namespace clwb::ui
