// SPDX-License-Identifier: GPL-3.0-or-later
// Tab Classes: which classes gained and lost in two configurations.
#include "ui/bridge/qt_text.h"
#include "ui/models/class_comparison.h"
#include "ui/models/data_sort_proxy.h"
#include "ui/models/run_name.h"
#include "ui/pages/compare_tab.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"
#include "ui/widgets/class_strip.h"
#include "ui/widgets/flow_layout.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QResizeEvent>
#include <QTreeView>

#include <algorithm>
#include <limits>
#include <utility>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kChangeOfB = 7; // column
constexpr int kSearched = 2;  // class and session
constexpr int kLeastName = 96;

/// "mean of 3 seeds", "seed 0": how many runs are behind a configuration's numbers.
QString seedsText(const ComparedEntry& entry)
{
    if (entry.runs.size() > 1)
        return CompareTab::tr("mean of %1 seeds").arg(entry.runs.size());
    const auto& seed = entry.runs.front().seed;
    return seed ? CompareTab::tr("seed %1").arg(*seed) : CompareTab::tr("one run");
}

Result<std::vector<RunRecords>> readRecords(store::Project& project,
                                            const std::vector<int64_t>& runs)
{
    std::vector<RunRecords> result;
    for (const int64_t id : runs) {
        CLWB_ASSIGN(auto records, project.evaluations(id));
        RunRecords& run = result.emplace_back();
        for (metrics::EvaluationRecord& record : records) {
            if (!record.epoch && record.split == "test")
                run[record.session] = std::move(record);
        }
    }
    return result;
}

/// The classes of both configurations, and how the first run of each went.
struct ReadClasses
{
    std::vector<ComparedClass> classes;
    RunRecords a, b;
};

Result<ReadClasses> readClasses(store::Project& project, const std::vector<int64_t>& a,
                                const std::vector<int64_t>& b, Since since)
{
    CLWB_ASSIGN(auto recordsA, readRecords(project, a));
    CLWB_ASSIGN(auto recordsB, readRecords(project, b));
    ReadClasses read{compareClasses(recordsA, recordsB, since), {}, {}};
    if (!recordsA.empty())
        read.a = std::move(recordsA.front());
    if (!recordsB.empty())
        read.b = std::move(recordsB.front());
    return read;
}

class ClassesTab : public CompareTab
{
public:
    ClassesTab(AppState& state, QWidget* parent);
    Figure mainFigure() override;
    [[nodiscard]] bool isSettled() const override { return m_loading == 0; }

protected:
    void refresh() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// The names give way until every column is in sight.
    void fitNames();
    void showSubtitle(const ComparedEntry* a, const ComparedEntry* b, Since since);
    void makeControls(QVBoxLayout& layout);
    void load();
    void showTable();
    void showStrips(const RunRecords& a, const RunRecords& b);
    void openImages(const QModelIndex& index);
    ClassStrip* makeStrip(const QString& letter);

    Card* m_card;
    ClassStrip* m_stripA = nullptr;
    ClassStrip* m_stripB = nullptr;
    QComboBox* m_a = nullptr;
    QComboBox* m_b = nullptr;
    QComboBox* m_since = nullptr;
    QComboBox* m_set = nullptr;
    QLineEdit* m_search = nullptr;
    QLabel* m_note = nullptr;
    QTreeView* m_view = nullptr;
    PairChoice* m_pair = nullptr;
    DataTableModel* m_model;
    DataSortProxy* m_proxy;
    std::vector<ComparedClass> m_classes;
    QString m_read; ///< what m_classes were read for
    int m_request = 0;
    int m_loading = 0;
    int m_nameWidth = 0; ///< of the first column where there is room: its texts', or the user's
    bool m_isFitting = false;
};

ClassesTab::ClassesTab(AppState& state, QWidget* parent)
    : CompareTab(state, parent)
    , m_card(new Card(tr("Classes"), tr("accuracy by class (%) after the last session"), this))
    , m_model(new DataTableModel(this))
    , m_proxy(new DataSortProxy(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    m_stripA = makeStrip(tr("A"));
    m_stripB = makeStrip(tr("B"));
    layout->addWidget(m_stripA);
    layout->addWidget(m_stripB);
    layout->addWidget(m_card, 1);
    makeControls(*m_card->body());
    m_proxy->setSourceModel(m_model);
    m_view = makeTable(
        u"compare.classes"_s, tr("Classes"), [this] { return mainFigure(); }, m_card);
    m_view->setModel(m_proxy);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(kChangeOfB, Qt::AscendingOrder); // the most forgotten first
    m_view->setToolTip(tr("Enter or a double click shows the pictures of a class"));
    connect(m_view, &QTreeView::activated, this, &ClassesTab::openImages);
    m_view->viewport()->installEventFilter(this);
    connect(m_view->header(), &QHeaderView::sectionResized, this,
            [this](int column, int /*before*/, int width) {
                if (column == 0 && !m_isFitting)
                    m_nameWidth = width;
            });
    m_card->body()->addWidget(m_view, 1);
    m_note = makeMuted({}, m_card);
    m_card->body()->addWidget(m_note);
    addExport(*m_card, u"compare.export.classes"_s, tr("classes"), [this] { return mainFigure(); });
}

void ClassesTab::makeControls(QVBoxLayout& layout)
{
    auto* controls = new QWidget(m_card);
    auto* line = new FlowLayout(controls);
    line->setSpacing(8);
    m_a = makeCombo(u"compare.classesA"_s, tr("Configuration A"), controls);
    m_b = makeCombo(u"compare.classesB"_s, tr("Configuration B"), controls);
    m_since = makeCombo(u"compare.since"_s, tr("Before means"), controls);
    m_since->addItem(tr("since original CLIP"), static_cast<int>(Since::Training));
    m_since->addItem(tr("since it was learned"), static_cast<int>(Since::Learned));
    m_set = makeCombo(u"compare.classSet"_s, tr("Which classes"), controls);
    m_set->addItem(tr("all classes"), static_cast<int>(ClassSet::All));
    m_set->addItem(tr("trained classes"), static_cast<int>(ClassSet::Trained));
    m_set->addItem(tr("zero-shot classes"), static_cast<int>(ClassSet::ZeroShot));
    m_search = new QLineEdit(controls);
    nameWidget(m_search, u"compare.search"_s, tr("Search classes"));
    m_search->setPlaceholderText(tr("Search a class"));
    m_search->setClearButtonEnabled(true);
    m_search->setFixedWidth(170);
    line->addWidget(makeMuted(tr("A"), controls));
    line->addWidget(m_a);
    line->addWidget(makeMuted(tr("B"), controls));
    line->addWidget(m_b);
    for (QWidget* widget : {static_cast<QWidget*>(m_since), static_cast<QWidget*>(m_set),
                            static_cast<QWidget*>(m_search)})
        line->addWidget(widget);
    layout.addWidget(controls);
    m_pair = new PairChoice(m_a, m_b, this);
    connect(m_pair, &PairChoice::changed, this, [this] { load(); });
    connect(m_since, &QComboBox::activated, this, [this] { load(); });
    connect(m_set, &QComboBox::activated, this, [this] { showTable(); });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_proxy->setSearch(words, kSearched);
        showTable();
    });
}

void ClassesTab::refresh()
{
    if (!hasComparison())
        return;
    std::vector<const ComparedEntry*> entries;
    for (const ComparedEntry* entry : comparison().shown()) {
        if (!entry->isReported) // nothing is known of their classes
            entries.push_back(entry);
    }
    m_pair->setEntries(entries);
    load();
}

void ClassesTab::load()
{
    const ComparedEntry* a = comparison().find(m_pair->a());
    const ComparedEntry* b = comparison().find(m_pair->b());
    if (!a || !b || !state().reader()) {
        m_classes.clear();
        m_read.clear();
        showTable();
        showStrips({}, {});
        return;
    }
    const auto since = static_cast<Since>(m_since->currentData().toInt());
    QStringList key{QString::number(static_cast<int>(since))};
    for (const ComparedEntry* entry : {a, b}) {
        key << entry->label;
        for (const report::ReportRun& run : entry->runs)
            key << u"%1:%2"_s.arg(run.runId).arg(run.series.size());
    }
    if (const QString wanted = key.join(u'|'); wanted != m_read)
        m_read = wanted;
    else
        return showTable();
    const int request = ++m_request;
    ++m_loading;
    state().reader()->ask(
        this,
        [idsA = a->runIds(), idsB = b->runIds(), since](store::Project& project) {
            return readClasses(project, idsA, idsB, since);
        },
        [this, request](Result<ReadClasses> read) {
            --m_loading;
            if (request != m_request)
                return;
            if (!read) {
                m_read.clear();
                state().reportProblem(tr("The classes could not be read"), errorText(read.error()));
                return;
            }
            m_classes = std::move(read->classes);
            showTable();
            showStrips(read->a, read->b);
        });
}

ClassStrip* ClassesTab::makeStrip(const QString& letter)
{
    auto* strip = new ClassStrip(u"compare.classStrip"_s + letter,
                                 tr("Classes of %1 that changed most").arg(letter), this);
    connect(strip, &ClassStrip::imagesRequested, this,
            [this](const ImageLink& link) { state().requestPage(u"images"_s, toJson(link)); });
    strip->hide(); // until there is something to say
    return strip;
}

void ClassesTab::showStrips(const RunRecords& a, const RunRecords& b)
{
    const auto show = [this](ClassStrip* strip, const QString& letter, const QString& id,
                             const RunRecords& records) {
        const ComparedEntry* entry = comparison().find(id);
        strip->setVisible(!records.empty() && entry != nullptr);
        if (strip->isHidden())
            return;
        // Seeds differ: one of them stands for the line, and says so where the table has a mean.
        const report::ReportRun& run = entry->runs.front();
        QString label = u"%1 %2"_s.arg(letter, runNumber(run.runId));
        if (entry->runs.size() > 1 && run.seed)
            label = tr("%1, only seed %2").arg(label).arg(*run.seed);
        strip->setRun(run.runId, label, records);
    };
    show(m_stripA, tr("A"), m_pair->a(), a);
    show(m_stripB, tr("B"), m_pair->b(), b);
}

void ClassesTab::openImages(const QModelIndex& index)
{
    const ComparedEntry* a = comparison().find(m_pair->a());
    const ComparedEntry* b = comparison().find(m_pair->b());
    if (!a || !b || !index.isValid())
        return;
    // Zero-shot classes have no session.
    const auto& row = m_model->table().rows[static_cast<size_t>(m_proxy->mapToSource(index).row())];
    constexpr size_t kSession = 1;
    const auto last = [](const ComparedEntry& entry) {
        return PredictionPoint{entry.runs.front().runId, std::numeric_limits<int>::max()};
    };
    state().requestPage(u"images"_s, toJson(ImageLink{.run = b->runs.front().runId,
                                                      .a = last(*a),
                                                      .b = last(*b),
                                                      .part = row[kSession].number ? "ut" : "zs",
                                                      .className = fromQt(row.front().text)}));
}

void ClassesTab::showTable()
{
    const ComparedEntry* a = comparison().find(m_pair->a());
    const ComparedEntry* b = comparison().find(m_pair->b());
    const auto since = static_cast<Since>(m_since->currentData().toInt());
    const auto set = static_cast<ClassSet>(m_set->currentData().toInt());
    const bool isFirst = m_model->rowCount() == 0;
    m_model->setTable(
        classTable(m_classes, a ? a->label : QString(), b ? b->label : QString(), since, set));
    if (isFirst && m_model->rowCount() > 0) {
        m_view->sortByColumn(m_view->header()->sortIndicatorSection(),
                             m_view->header()->sortIndicatorOrder());
        for (int column = 0; column < m_model->columnCount(); ++column)
            m_view->resizeColumnToContents(column);
        m_view->setColumnWidth(0, std::clamp(m_view->columnWidth(0), 150, 230));
        fitNames();
    }
    showSubtitle(a, b, since);
    m_note->setText(m_classes.empty()
                        ? tr("No evaluations by class: choose two runs of this project")
                        : tr("%1 of %2 classes").arg(m_proxy->rowCount()).arg(m_classes.size()));
}

void ClassesTab::showSubtitle(const ComparedEntry* a, const ComparedEntry* b, Since since)
{
    QStringList parts{tr("accuracy by class (%) after the last session")};
    if (a && b && seedsText(*a) == seedsText(*b))
        parts << seedsText(*a);
    else if (a && b)
        parts << tr("A: %1, B: %2").arg(seedsText(*a), seedsText(*b));
    parts << (since == Since::Training ? tr("change since original CLIP")
                                       : tr("change since the class was learned"));
    m_card->setSubtitle(parts.join(u" · "_s));
}

bool ClassesTab::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_view->viewport() && event->type() == QEvent::Resize) {
        const auto* resize = static_cast<QResizeEvent*>(event);
        if (resize->size().width() != resize->oldSize().width()) // no bar below that comes or goes
            fitNames();
    }
    return CompareTab::eventFilter(watched, event);
}

void ClassesTab::fitNames()
{
    if (m_nameWidth == 0 || std::exchange(m_isFitting, true))
        return;
    const int others = m_view->header()->length() - m_view->columnWidth(0);
    const int room = m_view->viewport()->width() - others;
    const int least = std::min(m_nameWidth, textScaled(*this, kLeastName));
    m_view->setColumnWidth(0, std::clamp(room, least, m_nameWidth));
    m_isFitting = false;
}

Figure ClassesTab::mainFigure()
{
    // As it is sorted and searched.
    Figure figure{.name = u"classes"_s};
    DataTable shown;
    shown.columns = m_model->table().columns;
    for (int row = 0; row < m_proxy->rowCount(); ++row) {
        const int source = m_proxy->mapToSource(m_proxy->index(row, 0)).row();
        shown.rows.push_back(m_model->table().rows[static_cast<size_t>(source)]);
    }
    figure.table = std::move(shown);
    return figure;
}

} // namespace

CompareTab* makeClassesTab(AppState& state, QWidget* parent)
{
    return new ClassesTab(state, parent);
}

} // namespace clwb::ui
