// SPDX-License-Identifier: GPL-3.0-or-later
// Tab Curves: UT-, ZS- and A-Acc by session, and all values at the session under the mouse.
#include "ui/bridge/qt_text.h"
#include "ui/models/data_table.h"
#include "ui/pages/compare_series.h"
#include "ui/pages/compare_tab.h"
#include "ui/plots/curve_plot.h"
#include "ui/shell/app_state.h"
#include "ui/shell/theme.h"
#include "ui/widgets/axis_box.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeView>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

/// Which UT-Acc: its name in v_metric and what it means.
struct UtKind
{
    const char* metric;
    QString text;
    QString shortText; ///< for the axis
    QString meaning;
};

class CurvesTab : public CompareTab
{
public:
    CurvesTab(AppState& state, QWidget* parent);
    Figure mainFigure() override { return m_plots[0].plot->figure(); }
    [[nodiscard]] bool isSettled() const override { return m_loading == 0; }

protected:
    void refresh() override;

private:
    struct Panel
    {
        Card* card = nullptr;
        CurvePlot* plot = nullptr;
        QString title;
    };
    void addPanel(int at, const QString& id, const QString& title);
    void linkPanels();
    QWidget* makeValues();
    [[nodiscard]] const UtKind& utKind() const;
    [[nodiscard]] std::string metricOfPanel(size_t at) const;
    /// @param notShown gets the names of what has no place on the axis
    [[nodiscard]] CurveData curveData(size_t at, QStringList& notShown) const;
    void makeAxisBox();
    /// The chosen axis, where any run can be shown on it.
    [[nodiscard]] CurveAxis axis() const;
    void readPlaces();
    [[nodiscard]] DataTable valueTable() const;
    void pointAt(int session);
    void showCurves();
    void showValues();

    std::vector<UtKind> m_utKinds;
    Panel m_plots[3];
    QComboBox* m_ut = nullptr;
    QComboBox* m_axis = nullptr;
    PlacesByRun m_places; ///< of the runs that were asked for
    QString m_project;    ///< that they are of
    int m_loading = 0;
    Card* m_valuesCard = nullptr;
    QTreeView* m_values = nullptr;
    DataTableModel* m_valueModel = nullptr;
    std::optional<int> m_session; ///< pointed at; nothing: the last one
};

CurvesTab::CurvesTab(AppState& state, QWidget* parent)
    : CompareTab(state, parent)
    , m_utKinds{{"UT-Acc (seen)", tr("seen classes (Fig. 4)"), tr("seen classes"),
                 tr("over all test crops of sessions 1…s after session s")},
                {"UT-Acc", tr("session mean"), tr("session mean"),
                 tr("MST: mean over all sessions of the accuracy on their classes; OST: over all "
                    "crops")},
                {"UT-Acc (overall)", tr("all crops"), tr("all crops"),
                 tr("over all test crops of all sessions, learned or not")}}
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(12);
    addPanel(0, u"ut"_s, tr("UT-Acc by session"));
    addPanel(1, u"zs"_s, tr("ZS-Acc by session"));
    addPanel(2, u"a"_s, tr("A-Acc by session"));
    grid->addWidget(m_plots[0].card, 0, 0);
    grid->addWidget(m_plots[1].card, 0, 1);
    grid->addWidget(m_plots[2].card, 1, 0);
    grid->addWidget(makeValues(), 1, 1);
    for (QWidget* card : std::initializer_list<QWidget*>{m_plots[0].card, m_plots[1].card,
                                                         m_plots[2].card, m_valuesCard}) {
        // Plots are compared side by side: equal widths, whatever their headers would like.
        card->setSizePolicy(QSizePolicy::Ignored, card->sizePolicy().verticalPolicy());
        card->setMinimumWidth(220);
    }
    for (const int at : {0, 1}) {
        grid->setColumnStretch(at, 1);
        grid->setRowStretch(at, 1);
    }
    m_ut = makeCombo(u"compare.utKind"_s, tr("Which UT-Acc"), m_plots[0].card);
    for (const UtKind& kind : m_utKinds)
        m_ut->addItem(kind.text, QLatin1StringView(kind.metric));
    m_ut->setCurrentIndex(std::max(0, m_ut->findData(state.settings().value(u"compare/utKind"_s))));
    connect(m_ut, &QComboBox::activated, this, [this] {
        this->state().settings().setValue(u"compare/utKind"_s, m_ut->currentData());
        refresh();
    });
    m_plots[0].card->setTitle(tr("UT-Acc")); // the box beside it says which
    QHBoxLayout* header = m_plots[0].card->header();
    header->insertWidget(header->count() - 1, m_ut);
    makeAxisBox();
    linkPanels();
}

void CurvesTab::makeAxisBox()
{
    Card* card = m_plots[1].card;
    m_axis = makeCombo(u"compare.curveAxis"_s, tr("What the axis of the curves counts"), card);
    fillAxisBox(*m_axis, axisOfId(state().settings().value(u"compare/curveAxis"_s).toString()));
    connect(m_axis, &QComboBox::activated, this, [this] {
        state().settings().setValue(u"compare/curveAxis"_s, m_axis->currentData());
        refresh();
    });
    card->header()->insertWidget(card->header()->count() - 1, m_axis);
}

CurveAxis CurvesTab::axis() const
{
    const CurveAxis wanted = axisOfBox(*m_axis);
    for (const ComparedEntry* entry : comparison().shown()) {
        for (const report::ReportRun& run : entry->runs) {
            const auto known = m_places.find(run.runId);
            if (known != m_places.end() && known->second.has(wanted))
                return wanted;
        }
    }
    return CurveAxis::Session;
}

void CurvesTab::readPlaces()
{
    if (m_project != state().projectFile())
        m_places.clear();
    m_project = state().projectFile();
    std::vector<int64_t> unread;
    for (const ComparedEntry& entry : comparison().entries) {
        for (const report::ReportRun& run : entry.runs) {
            if (!entry.isReference() && !m_places.contains(run.runId))
                unread.push_back(run.runId);
        }
    }
    if (unread.empty() || !state().reader() || m_loading > 0)
        return;
    ++m_loading;
    state().reader()->ask(
        this,
        [unread](store::Project& project) -> Result<PlacesByRun> {
            PlacesByRun places;
            for (const int64_t run : unread) {
                CLWB_ASSIGN(places[run], readRunPlaces(project, run));
            }
            return places;
        },
        [this, project = m_project](Result<PlacesByRun> places) {
            --m_loading;
            if (!places || project != state().projectFile())
                return;
            for (auto& [run, own] : *places)
                m_places[run] = std::move(own);
            showCurves();
            readPlaces(); // the comparison may have grown meanwhile
        });
}

void CurvesTab::addPanel(int at, const QString& id, const QString& title)
{
    Panel& panel = m_plots[at];
    panel.title = title;
    panel.card = new Card(title, {}, this);
    panel.card->body()->setSpacing(2);
    panel.plot = new CurvePlot(u"compare."_s + id, title, CurvePlot::Density::Full, panel.card);
    panel.plot->setReadOut(CurvePlot::ReadOut::Signal);
    panel.plot->setSettings(&state().settings());
    panel.card->body()->addWidget(panel.plot, 1);
    addExport(*panel.card, u"compare.export."_s + id, title,
              [plot = panel.plot] { return plot->figure(); });
}

void CurvesTab::linkPanels()
{
    for (const Panel& panel : m_plots) {
        connect(panel.plot, &CurvePlot::sessionPointed, this, &CurvesTab::pointAt);
        connect(panel.plot, &CurvePlot::placePointed, this, [this](double place) {
            for (const Panel& each : m_plots)
                each.plot->pointAt(place);
        });
        connect(panel.plot, &CurvePlot::seriesClicked, this, &CompareTab::toggled);
        connect(panel.plot, &CurvePlot::seriesDoubleClicked, this, &CompareTab::soloed);
        for (const Panel& other : m_plots) {
            if (other.plot != panel.plot)
                connect(panel.plot, &CurvePlot::horizontalRangeChanged, other.plot,
                        &CurvePlot::setHorizontalRange);
        }
    }
}

QWidget* CurvesTab::makeValues()
{
    m_valuesCard = new Card(tr("Values"), {}, this);
    m_valueModel = new DataTableModel(this);
    const auto make = [this] {
        Figure figure{.name = u"values"_s};
        figure.table = m_valueModel->table();
        return figure;
    };
    m_values = makeTable(u"compare.values"_s, tr("Values at a session"), make, m_valuesCard);
    m_values->setModel(m_valueModel);
    m_values->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_valuesCard->body()->addWidget(m_values, 1);
    addExport(*m_valuesCard, u"compare.export.values"_s, tr("values"), make);
    return m_valuesCard;
}

const UtKind& CurvesTab::utKind() const
{
    return m_utKinds[static_cast<size_t>(std::max(0, m_ut->currentIndex()))];
}

std::string CurvesTab::metricOfPanel(size_t at) const
{
    return at == 0 ? utKind().metric : at == 1 ? "ZS-Acc" : "A-Acc";
}

CurveData CurvesTab::curveData(size_t at, QStringList& notShown) const
{
    const std::string metric = metricOfPanel(at);
    CurveData drawn;
    drawn.axis = axis();
    drawn.metric = at == 0 ? tr("UT-Acc, %1").arg(utKind().shortText) : toQt(metric);
    drawn.unit = u"%"_s;
    drawn.sessions = std::max(1, sessionsOf(comparison()));
    drawn.fileName = QString(m_plots[at].title).toLower().replace(u' ', u'-');
    drawn.table = curveTableOf(comparison().shown(), {metric}, drawn.axis, m_places);
    for (const ComparedEntry& entry : comparison().entries) {
        const bool isShown = comparison().isShown(entry);
        if (entry.isReference()) {
            // The model before training is the floor to keep, training on all at once the ceiling.
            const ReferenceLevel level = referenceLevel(entry, metric);
            if (isShown && level.value.isKnown())
                drawn.references.push_back({level.label, level.value.mean});
            continue;
        }
        CurveSeries series =
            drawn.axis == CurveAxis::Session
                ? curveSeriesOf(entry, metric, isShown)
                : curveSeriesOn(drawn.axis, m_places, entry, metric, isShown, notShown);
        if (!series.points.empty())
            drawn.series.push_back(std::move(series));
    }
    if (drawn.references.empty()) // else their lines would be there
        drawn.emptyText = tr("None of the shown runs\nhas this measure");
    return drawn;
}

void CurvesTab::refresh()
{
    if (!hasComparison())
        return;
    for (const ComparedEntry& entry : comparison().entries) {
        for (const report::ReportRun& run : entry.runs) {
            if (!entry.isFinished) // it may have come further
                m_places.erase(run.runId);
        }
    }
    if (axisOfBox(*m_axis) != CurveAxis::Session)
        readPlaces();
    showCurves();
    showValues();
}

void CurvesTab::showCurves()
{
    const CurveAxis shown = axis();
    std::vector<QStringList> notShown(std::size(m_plots));
    for (size_t at = 0; at < std::size(m_plots); ++at)
        m_plots[at].plot->setData(curveData(at, notShown[at]));
    m_plots[0].card->setSubtitle(utKind().meaning + tr(", test split"));
    QString zs = tr("classes that are never trained, test split");
    if (shown != axisOfBox(*m_axis) && m_loading == 0)
        zs = tr("shown by session, %1").arg(whyNotOn(axisOfBox(*m_axis)));
    else if (!notShown[1].isEmpty())
        zs = tr("%1 not shown, %2: %3")
                 .arg(QString::number(notShown[1].size()), whyNotOn(shown),
                      notShown[1].join(u", "_s));
    m_plots[1].card->setSubtitle(zs);
    m_plots[1].card->setTitle(tr("ZS-Acc"));
    m_plots[2].card->setTitle(tr("A-Acc %1").arg(axisPhrase(shown)));
    m_plots[2].card->setSubtitle(
        tr("mean of ZS-Acc and UT-Acc (MST: session mean, OST: all crops)"));
}

void CurvesTab::pointAt(int session)
{
    m_session = session;
    showValues();
}

DataTable CurvesTab::valueTable() const
{
    DataTable table;
    const int session = m_session.value_or(sessionsOf(comparison()));
    table.columns = {{.key = u"configuration"_s, .title = tr("configuration")},
                     {.key = u"UT-Acc"_s, .tip = utKind().meaning, .isNumber = true},
                     {.key = u"ZS-Acc"_s, .isNumber = true},
                     {.key = u"A-Acc"_s, .isNumber = true}};
    for (const ComparedEntry* entry : comparison().shown()) {
        DataCell name = textCell(entry->label);
        name.swatch = colourOf(*entry);
        name.tip = entry->sourceText();
        std::vector<DataCell> row{name};
        for (size_t at = 0; at < std::size(m_plots); ++at) {
            // References are lines: the same at every session.
            const ReferenceLevel level =
                entry->isReference()
                    ? referenceLevel(*entry, metricOfPanel(at))
                    : ReferenceLevel{valueAfter(*entry, metricOfPanel(at), session), {}, {}};
            row.push_back(spreadCell(level.value.mean, level.value.std, level.value.count));
            row.back().tip = level.tip;
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

void CurvesTab::showValues()
{
    if (!hasComparison())
        return;
    const int last = sessionsOf(comparison());
    const int session = std::min(m_session.value_or(last), last);
    m_valuesCard->setTitle(session == 0 ? tr("Before training")
                                        : tr("After session %1").arg(session));
    m_valuesCard->setSubtitle(m_session ? tr("per cent, mean ± std over seeds")
                                        : tr("point at a curve for other sessions"));
    m_valueModel->setTable(valueTable());
}

} // namespace

CompareTab* makeCurvesTab(AppState& state, QWidget* parent)
{
    return new CurvesTab(state, parent);
}

} // namespace clwb::ui
