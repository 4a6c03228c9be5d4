// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of the matrix of classes; what people do with it is in confusion_input.cpp.
#include "ui/plots/confusion_view.h"

#include "ui/bridge/qt_text.h"
#include "ui/plots/confusion_image.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kMargin = 3;
constexpr double kNamedCell = 11; ///< pixels from which on cells have their classes' names
constexpr double kWidestCell = 64;
constexpr int kNameWidth = 84;

ConfusionColours coloursOf(const Theme& theme)
{
    // The same two as in the session matrix.
    return {theme.window, theme.isDark ? QColor(0x4a, 0x8e, 0xdd) : QColor(0x25, 0x67, 0xc4),
            theme.isDark ? QColor(0xd8, 0x6a, 0x32) : QColor(0xd9, 0x6a, 0x25)};
}

} // namespace

ConfusionView::ConfusionView(const QString& objectName, QWidget* parent)
    : QWidget(parent)
{
    nameWidget(this, objectName, tr("Confusion matrix"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
}

void ConfusionView::setData(ConfusionData data)
{
    const bool isOtherSize = data.order.size() != m_data.order.size();
    m_data = std::move(data);
    m_placeOf.assign(m_data.order.size(), 0);
    for (size_t place = 0; place < m_data.order.size(); ++place)
        m_placeOf[static_cast<size_t>(m_data.order[place])] = static_cast<int>(place);
    m_full = 100;
    if (m_data.isDifference) {
        m_full = 0;
        for (const float value : *m_data.values)
            m_full = std::max(m_full, std::abs(value));
        m_full = std::max(m_full, 1.0F);
    }
    if (isOtherSize) {
        m_view = QRectF(0, 0, cells(), cells());
        m_cursor = {};
        m_truth.reset();
        m_predicted.reset();
    }
    setAccessibleDescription(tr("%1 classes. Arrows move from cell to cell and read it out, Enter "
                                "shows its pictures.")
                                 .arg(cells()));
    m_image = {};
    update();
}

void ConfusionView::setChosen(std::optional<int> truth, std::optional<int> predicted)
{
    const auto known = [this](std::optional<int> number) {
        return number && *number >= 0 && *number < cells() ? number : std::nullopt;
    };
    m_truth = known(truth);
    m_predicted = known(predicted);
    if (m_truth) {
        m_cursor.setY(m_placeOf[static_cast<size_t>(*m_truth)]);
        m_cursor.setX(m_placeOf[static_cast<size_t>(m_predicted.value_or(*m_truth))]);
        keepCursorInSight();
    }
    update();
}

bool ConfusionView::hasNames(const QSize& size) const
{
    const double room = std::min(size.width(), size.height()) - kNameWidth - 2 * kMargin;
    return m_view.height() > 0 && room / m_view.height() >= kNamedCell;
}

QRectF ConfusionView::areaIn(const QSize& size) const
{
    const QFontMetrics metrics(smallFont(font()));
    const double head = hasNames(size) ? kNameWidth : metrics.height() + kMargin;
    const double left = hasNames(size) ? kNameWidth : metrics.horizontalAdvance(u"S88"_s) + kMargin;
    double side = std::min(size.width() - left, size.height() - head) - kMargin;
    if (m_view.width() > 0)
        side = std::min(side, kWidestCell * m_view.width());
    return {left, head, std::max(1.0, std::floor(side)), std::max(1.0, std::floor(side))};
}

QRectF ConfusionView::placeRect(const QRectF& area, double row, double column, double rows,
                                double columns) const
{
    const double scale = area.width() / m_view.width();
    return {area.left() + (column - m_view.left()) * scale,
            area.top() + (row - m_view.top()) * scale, columns * scale, rows * scale};
}

QRectF ConfusionView::cellRect(int truth, int predicted) const
{
    if (truth < 0 || predicted < 0 || truth >= cells() || predicted >= cells())
        return {};
    return placeRect(area(), m_placeOf[static_cast<size_t>(truth)],
                     m_placeOf[static_cast<size_t>(predicted)], 1, 1) &
           area();
}

QImage ConfusionView::render(const QSize& pixels) const
{
    return confusionImage(*m_data.values, m_data.order, m_view, pixels, m_full,
                          coloursOf(themeOf(palette())));
}

void ConfusionView::paintEvent(QPaintEvent* /*event*/)
{
    if (cells() == 0)
        return;
    const QSize pixels = (area().size() * devicePixelRatioF()).toSize();
    if (m_image.size() != pixels)
        m_image = render(pixels);
    QPainter painter(this);
    paint(painter, size(), m_image);
    const Theme& theme = themeOf(palette());
    if (hasFocus()) {
        painter.setPen(QPen(theme.text, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(
            placeRect(area(), m_cursor.y(), m_cursor.x(), 1, 1).adjusted(-1, -1, 1, 1));
    }
    if (!m_box.isEmpty()) {
        painter.setPen(QPen(theme.accent, 1));
        QColor inside = theme.accent;
        inside.setAlphaF(0.15F);
        painter.setBrush(inside);
        painter.drawRect(m_box);
    }
}

void ConfusionView::paint(QPainter& painter, const QSize& size, const QImage& image) const
{
    const QRectF area = areaIn(size);
    painter.drawImage(area, image);
    painter.setFont(smallFont(font()));
    paintHeads(painter, area, size);
    painter.save();
    painter.setClipRect(area.adjusted(-1, -1, 1, 1));
    paintSessions(painter, area);
    paintChosen(painter, area);
    painter.restore();
}

void ConfusionView::paintHeads(QPainter& painter, const QRectF& area, const QSize& size) const
{
    const Theme& theme = themeOf(palette());
    painter.setPen(theme.muted);
    if (hasNames(size)) {
        const QFontMetrics metrics(painter.font());
        const int first = std::max(0, static_cast<int>(std::floor(m_view.top())));
        const auto draw = [&](int place, const QRectF& room) {
            const QString name = m_data.names.value(classAt(place));
            painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter,
                             metrics.elidedText(name, Qt::ElideRight, kNameWidth - 8));
        };
        for (int place = first; place < cells() && place < m_view.bottom(); ++place) {
            const QRectF cell = placeRect(area, place, m_view.left(), 1, 1);
            if (cell.center().y() > area.top() && cell.center().y() < area.bottom())
                draw(place, {0, cell.center().y() - 10, kNameWidth - 5.0, 20});
        }
        for (int place = std::max(0, static_cast<int>(std::floor(m_view.left())));
             place < cells() && place < m_view.right(); ++place) {
            const QRectF cell = placeRect(area, m_view.top(), place, 1, 1);
            if (cell.center().x() < area.left() || cell.center().x() > area.right())
                continue;
            painter.save();
            painter.translate(cell.center().x(), 0);
            painter.rotate(90);
            draw(place, {0, -10, kNameWidth - 5.0, 20});
            painter.restore();
        }
        return;
    }
    if (m_data.sessions.empty())
        return;
    const double high = QFontMetrics(painter.font()).height();
    double lastRow = -1e9;
    double lastColumn = -1e9;
    for (int place = 0; place < cells(); ++place) {
        const int session = m_data.sessions[static_cast<size_t>(classAt(place))];
        const bool begins =
            place == 0 || session != m_data.sessions[static_cast<size_t>(classAt(place - 1))];
        if (session == 0 || !begins)
            continue;
        int end = place;
        while (end < cells() && m_data.sessions[static_cast<size_t>(classAt(end))] == session)
            ++end;
        const QRectF block = placeRect(area, place, place, end - place, end - place) & area;
        if (block.isEmpty())
            continue;
        const QString text = u"S%1"_s.arg(session);
        if (block.center().y() - lastRow >= high) {
            painter.drawText(QRectF(0, block.center().y() - high / 2, area.left() - 4, high),
                             Qt::AlignRight | Qt::AlignVCenter, text);
            lastRow = block.center().y();
        }
        const double wide = QFontMetrics(painter.font()).horizontalAdvance(text);
        if (block.center().x() - lastColumn >= wide + 4) {
            painter.drawText(QRectF(block.center().x() - wide, 0, 2 * wide, area.top() - 2),
                             Qt::AlignHCenter | Qt::AlignVCenter, text);
            lastColumn = block.center().x();
        }
    }
}

void ConfusionView::paintSessions(QPainter& painter, const QRectF& area) const
{
    const Theme& theme = themeOf(palette());
    painter.setBrush(Qt::NoBrush);
    QColor line = theme.muted;
    line.setAlphaF(0.55F);
    painter.setPen(QPen(theme.border, 1));
    painter.drawRect(area);
    if (m_data.sessions.empty())
        return;
    painter.setPen(QPen(line, 1));
    for (int place = 0; place < cells();) {
        const int session = m_data.sessions[static_cast<size_t>(classAt(place))];
        int end = place;
        while (end < cells() && m_data.sessions[static_cast<size_t>(classAt(end))] == session)
            ++end;
        if (session > 0)
            painter.drawRect(placeRect(area, place, place, end - place, end - place));
        place = end;
    }
}

void ConfusionView::paintChosen(QPainter& painter, const QRectF& area) const
{
    if (!m_truth)
        return;
    const int row = m_placeOf[static_cast<size_t>(*m_truth)];
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(themeOf(palette()).text, 1));
    const QRectF line = placeRect(area, row, 0, 1, cells());
    painter.drawRect(line.adjusted(0, -1, 0, 1));
    if (m_predicted) {
        const int column = m_placeOf[static_cast<size_t>(*m_predicted)];
        painter.drawRect(placeRect(area, 0, column, cells(), 1).adjusted(-1, 0, 1, 0));
    }
}

DataTable ConfusionView::table() const
{
    DataTable table;
    table.columns.push_back({.key = u"true_class"_s, .title = tr("True class")});
    for (const int32_t predicted : m_data.order)
        table.columns.push_back({.key = m_data.names.value(predicted), .isNumber = true});
    for (const int32_t truth : m_data.order) {
        std::vector<DataCell> row{textCell(m_data.names.value(truth))};
        for (const int32_t predicted : m_data.order) {
            const size_t at =
                static_cast<size_t>(truth) * m_data.order.size() + static_cast<size_t>(predicted);
            row.push_back(numberCell(static_cast<double>((*m_data.values)[at])));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Figure ConfusionView::figure(const QString& name)
{
    Figure figure{.name = name, .widget = this};
    if (cells() == 0)
        return figure;
    figure.paint = [self = QPointer<ConfusionView>(this)](QCPPainter& painter, const QSize& size) {
        if (!self)
            return;
        painter.fillRect(QRect(QPoint(), size), themeOf(self->palette()).card);
        // Fine enough for print: at least four pixels a cell.
        const int side =
            std::max(4 * self->cells(), 4 * static_cast<int>(self->areaIn(size).width()));
        self->paint(painter, size, self->render({side, side}));
    };
    figure.table = table();
    return figure;
}

} // namespace clwb::ui
