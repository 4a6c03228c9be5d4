// SPDX-License-Identifier: GPL-3.0-or-later
// Tab Fig. 4: UT- and ZS-Acc by session of WM, IO and TO side by side, as the paper arranges them;
// it goes out as one figure.
#include "ui/bridge/qt_text.h"
#include "ui/pages/compare_series.h"
#include "ui/pages/compare_tab.h"
#include "ui/plots/plot_marks.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/app_state.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"
#include "ui/widgets/card.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct OptionColumn
{
    QString option;
    QString title;
};

struct OptionRow
{
    std::string metric;
    QString name;
};

/// Of one session there is no curve.
bool hasCurve(const ComparedEntry& entry)
{
    return entry.setting != "OST"_L1;
}

/// A line of the figure, named without its option: the column says that.
struct FigureEntry
{
    QString label;
    QColor colour;
    PlotMark mark = PlotMark::Disc;
    bool isHollow = false;
};

/// The lines of all panels in rows of names; painted in the window and in the exported figure.
class FigureLegend : public QWidget
{
public:
    explicit FigureLegend(QWidget* parent)
        : QWidget(parent)
    {
        QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        policy.setHeightForWidth(true);
        setSizePolicy(policy);
    }

    void setEntries(std::vector<FigureEntry> entries)
    {
        m_entries = std::move(entries);
        QStringList labels;
        for (const FigureEntry& entry : m_entries)
            labels << entry.label;
        setAccessibleName(tr("Legend: %1").arg(labels.join(u", "_s)));
        setFixedHeight(heightFor(width()));
        update();
    }

    /// Of all rows of names in that width.
    [[nodiscard]] int heightFor(int width) const
    {
        return static_cast<int>(placesFor(width).second) * lineHeight();
    }

    void paint(QCPPainter& painter, int width) const
    {
        const Theme& theme = themeOf(palette());
        const QFont font = smallFont(this->font());
        painter.setFont(font);
        const auto [places, rows] = placesFor(width);
        for (size_t at = 0; at < m_entries.size(); ++at) {
            const FigureEntry& entry = m_entries[at];
            const QPointF left = places[at] + QPointF(0, lineHeight() / 2.0);
            painter.setPen(QPen(entry.colour, 1.8));
            painter.drawLine(QLineF(left, left + QPointF(kLine, 0)));
            const QCPScatterStyle scatter =
                scatterOf(entry.mark, entry.isHollow, entry.colour, theme.card, 6.5);
            scatter.applyTo(&painter, QPen(entry.colour, 1.4));
            scatter.drawShape(&painter, left + QPointF(kLine / 2.0, 0));
            painter.setPen(theme.text);
            painter.drawText(
                QRectF(places[at] + QPointF(kLine + kSpace, 0), QSizeF(width, lineHeight())),
                Qt::AlignVCenter | Qt::TextSingleLine, entry.label);
        }
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QCPPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        paint(painter, width());
    }
    void resizeEvent(QResizeEvent* event) override
    {
        QWidget::resizeEvent(event);
        setFixedHeight(heightFor(width()));
    }

private:
    static constexpr int kLine = 22;
    static constexpr int kSpace = 5;
    static constexpr int kGap = 16;
    [[nodiscard]] int lineHeight() const { return QFontMetrics(smallFont(font())).height() + 3; }
    [[nodiscard]] std::pair<std::vector<QPointF>, size_t> placesFor(int width) const
    {
        const QFontMetrics metrics(smallFont(font()));
        std::vector<QPointF> places;
        double x = 0;
        size_t row = 0;
        for (const FigureEntry& entry : m_entries) {
            const double wanted = kLine + kSpace + metrics.horizontalAdvance(entry.label);
            if (x > 0 && x + wanted > width) {
                x = 0;
                ++row;
            }
            places.emplace_back(x, static_cast<double>(row) * lineHeight());
            x += wanted + kGap;
        }
        return {places, row + 1};
    }

    std::vector<FigureEntry> m_entries;
};

class OptionsTab : public CompareTab
{
public:
    OptionsTab(AppState& state, QWidget* parent);
    Figure mainFigure() override;

protected:
    void refresh() override;

private:
    static constexpr size_t kRows = 2;
    static constexpr size_t kColumns = 3;
    void link(size_t row, size_t column);
    [[nodiscard]] CurveData panelOf(size_t row, size_t column) const;
    void showLegend();
    void paintFigure(QCPPainter& painter, const QSize& size);

    std::vector<OptionColumn> m_columns;
    std::vector<OptionRow> m_rows;
    Card* m_card = nullptr;
    CurvePlot* m_plots[kRows][kColumns] = {};
    QLabel* m_titles[kColumns] = {};
    FigureLegend* m_legend = nullptr;
};

OptionsTab::OptionsTab(AppState& state, QWidget* parent)
    : CompareTab(state, parent)
    , m_columns{{u"WM"_s, tr("WM: whole model")},
                {u"IO"_s, tr("IO: image tower only")},
                {u"TO"_s, tr("TO: text tower only")}}
    , m_rows{{"UT-Acc (overall)", tr("UT-Acc (overall)")}, {"ZS-Acc", tr("ZS-Acc")}}
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_card = new Card(tr("Options side by side"), {}, this);
    layout->addWidget(m_card);
    addExport(*m_card, u"compare.export.options"_s, tr("the figure"),
              [this] { return mainFigure(); });
    m_legend = new FigureLegend(m_card);
    m_legend->setObjectName(u"compare.options.legend"_s);
    m_card->body()->addWidget(m_legend);
    auto* grid = new QGridLayout;
    grid->setSpacing(4);
    m_card->body()->addLayout(grid, 1);
    for (size_t column = 0; column < kColumns; ++column) {
        const auto at = static_cast<int>(column);
        m_titles[column] = makeTitle(m_columns[column].title, m_card);
        m_titles[column]->setAlignment(Qt::AlignCenter);
        grid->addWidget(m_titles[column], 0, at);
        grid->setColumnStretch(at, 1);
        for (size_t row = 0; row < kRows; ++row) {
            const QString title =
                tr("%1 by session, %2").arg(m_rows[row].name, m_columns[column].option);
            auto* plot = new CurvePlot(u"compare.options.%1%2"_s.arg(row == 0 ? u"ut"_s : u"zs"_s)
                                           .arg(m_columns[column].option),
                                       title, CurvePlot::Density::Full, m_card);
            plot->setSettings(&state.settings());
            plot->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);
            plot->setMinimumWidth(120);
            m_plots[row][column] = plot;
            grid->addWidget(plot, static_cast<int>(row) + 1, at);
            grid->setRowStretch(static_cast<int>(row) + 1, 1);
        }
    }
    for (size_t row = 0; row < kRows; ++row) {
        for (size_t column = 0; column < kColumns; ++column)
            link(row, column);
    }
}

void OptionsTab::link(size_t row, size_t column)
{
    CurvePlot* plot = m_plots[row][column];
    for (size_t otherRow = 0; otherRow < kRows; ++otherRow) {
        for (size_t otherColumn = 0; otherColumn < kColumns; ++otherColumn) {
            CurvePlot* other = m_plots[otherRow][otherColumn];
            if (other == plot)
                continue;
            connect(plot, &CurvePlot::horizontalRangeChanged, other,
                    &CurvePlot::setHorizontalRange);
            if (otherRow == row) // one scale a row
                connect(plot, &CurvePlot::verticalRangeChanged, other,
                        &CurvePlot::setVerticalRange);
            connect(plot, &CurvePlot::allShown, other, &CurvePlot::showAll);
            connect(plot, &CurvePlot::placePointed, other,
                    [other](double place) { other->pointAt(place); });
        }
    }
}

CurveData OptionsTab::panelOf(size_t row, size_t column) const
{
    const std::string& metric = m_rows[row].metric;
    CurveData drawn;
    drawn.metric = m_rows[row].name;
    drawn.unit = u"%"_s;
    drawn.sessions = std::max(1, sessionsOf(comparison()));
    drawn.panel = PanelLook{.namesValues = column == 0, .namesSessions = row + 1 == kRows};
    std::vector<const ComparedEntry*> exported;
    for (const ComparedEntry& entry : comparison().entries) {
        const bool isShown = comparison().isShown(entry);
        if (!hasCurve(entry) || !isShown)
            continue;
        if (entry.isReference()) { // floor and ceiling stand in every column
            const Estimate value = lastValue(entry, metric);
            if (value.isKnown())
                drawn.references.push_back({entry.label, value.mean});
        } else if (entry.option == m_columns[column].option) {
            drawn.series.push_back(curveSeriesOf(entry, metric, true));
        } else {
            continue;
        }
        exported.push_back(&entry);
    }
    drawn.emptyText = tr("No runs of\nthis option");
    drawn.fileName = u"%1-%2"_s.arg(row == 0 ? u"ut-acc"_s : u"zs-acc"_s)
                         .arg(m_columns[column].option.toLower());
    drawn.table = curveTableOf(exported, {metric});
    return drawn;
}

void OptionsTab::showLegend()
{
    std::vector<FigureEntry> entries;
    for (const ComparedEntry* entry : comparison().shown()) {
        if (!hasCurve(*entry) || entry->isReference())
            continue;
        QString label = entry->label;
        label.remove(u'-' + entry->option); // "VR-LwF-WM" is VR-LwF in the column WM
        const FigureEntry named{label, colourOf(*entry), markOf(entry->setting), entry->isReported};
        const auto isSame = [&](const FigureEntry& other) {
            return other.label == named.label && other.colour == named.colour &&
                   other.isHollow == named.isHollow;
        };
        if (std::none_of(entries.begin(), entries.end(), isSame))
            entries.push_back(named);
    }
    m_legend->setEntries(std::move(entries));
}

void OptionsTab::refresh()
{
    if (!hasComparison())
        return;
    for (size_t row = 0; row < kRows; ++row) {
        CurveData panels[kColumns];
        std::optional<std::pair<double, double>> values;
        for (size_t column = 0; column < kColumns; ++column) {
            panels[column] = panelOf(row, column);
            const auto own = valuesOf(panels[column]);
            if (own)
                values = values ? std::pair(std::min(values->first, own->first),
                                            std::max(values->second, own->second))
                                : *own;
        }
        for (size_t column = 0; column < kColumns; ++column) {
            panels[column].panel->values = values;
            m_plots[row][column]->setData(std::move(panels[column]));
        }
    }
    const auto shown = comparison().shown();
    const auto others = std::count_if(shown.begin(), shown.end(),
                                      [](const auto* entry) { return !hasCurve(*entry); });
    QStringList subtitle{tr("as in the paper's Fig. 4; UT-Acc over all test crops, test split")};
    if (others > 0)
        subtitle << countedText(others, tr("%1 configuration of OST is left out"),
                                tr("%1 configurations of OST are left out"));
    m_card->setSubtitle(subtitle.join(u" · "_s));
    showLegend();
}

Figure OptionsTab::mainFigure()
{
    Figure figure{.name = u"options-by-session"_s, .widget = m_card};
    figure.paint = [self = QPointer<OptionsTab>(this)](QCPPainter& painter, const QSize& size) {
        if (self)
            self->paintFigure(painter, size);
    };
    std::vector<const ComparedEntry*> entries;
    for (const ComparedEntry* entry : comparison().shown()) {
        if (hasCurve(*entry))
            entries.push_back(entry);
    }
    std::vector<std::string> metrics;
    for (const OptionRow& row : m_rows)
        metrics.push_back(row.metric);
    figure.table = curveTableOf(entries, metrics);
    return figure;
}

void OptionsTab::paintFigure(QCPPainter& painter, const QSize& size)
{
    constexpr int kGap = 4;
    const QFont font = smallFont(m_card->font());
    const int titles = QFontMetrics(font).height() + kGap;
    const int top = m_legend->heightFor(size.width()) + kGap;
    m_legend->paint(painter, size.width());
    const int width =
        (size.width() - kGap * (static_cast<int>(kColumns) - 1)) / static_cast<int>(kColumns);
    const int height = (size.height() - top - titles) / static_cast<int>(kRows);
    for (size_t column = 0; column < kColumns; ++column) {
        const int left = static_cast<int>(column) * (width + kGap);
        painter.setFont(font);
        painter.setPen(themeOf(m_card->palette()).text);
        painter.drawText(QRect(left, top, width, titles), Qt::AlignCenter,
                         m_columns[column].option);
        for (size_t row = 0; row < kRows; ++row) {
            painter.save();
            painter.translate(left, top + titles + static_cast<int>(row) * height);
            m_plots[row][column]->figure().paint(painter, {width, height});
            painter.restore();
        }
    }
}

} // namespace

CompareTab* makeOptionsTab(AppState& state, QWidget* parent)
{
    return new OptionsTab(state, parent);
}

} // namespace clwb::ui
