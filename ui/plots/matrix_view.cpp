// SPDX-License-Identifier: GPL-3.0-or-later
// Painting, tooltips and spoken summary of the session matrix.
#include "ui/plots/matrix_view.h"

#include "ui/bridge/qt_text.h"
#include "ui/plots/plot_access.h"
#include "ui/plots/plot_theme.h"
#include "ui/plots/qcp.h"
#include "ui/shell/theme.h"
#include "ui/widgets/building.h"

#include <QAccessible>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr double kGap = 2;
constexpr int kHeader = 18;
constexpr double kTallestCell = 30;
constexpr double kWidestCell = 64;

} // namespace

MatrixView::MatrixView(const QString& objectName, QWidget* parent)
    : QWidget(parent)
{
    installPlotAccess(); // before anything is told of it
    nameWidget(this, objectName, tr("Session matrix"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
}

DataTable matrixTable(const MatrixData& data)
{
    DataTable table;
    table.columns.push_back({.key = QStringLiteral("after_session"), .isNumber = true});
    for (int session = 1; session <= data.columns; ++session)
        table.columns.push_back({.key = u"session_%1"_s.arg(session), .isNumber = true});
    for (const auto& [after, row] : data.rows) {
        if (after < 1)
            continue;
        std::vector<DataCell> cells{numberCell(after, 0)};
        for (size_t session = 0; session < static_cast<size_t>(data.columns); ++session)
            cells.push_back(numberCell(session < row.size() ? row[session] : std::nullopt));
        table.rows.push_back(std::move(cells));
    }
    return table;
}

void MatrixView::setData(MatrixData data)
{
    m_data = std::move(data);
    double low = INFINITY;
    double high = -INFINITY;
    for (const auto& [after, row] : m_data.rows) {
        for (const auto& accuracy : row) {
            if (after > 0 && accuracy) {
                low = std::min(low, *accuracy);
                high = std::max(high, *accuracy);
            }
        }
    }
    m_low = m_data.low.value_or(low);
    m_high = m_data.high.value_or(high);
    if (m_data.scale == MatrixData::Scale::Difference)
        m_high = m_data.high.value_or(std::max({std::abs(low), std::abs(high), 1e-9}));
    QStringList spoken;
    for (const auto& [after, row] : m_data.rows) {
        if (after < 1)
            continue;
        QStringList numbers;
        for (const auto& accuracy : row)
            numbers << numberText(accuracy.value_or(NAN), 0);
        spoken << tr("after session %1: %2").arg(after).arg(numbers.join(u", "_s));
    }
    setAccessibleDescription(summary() + u'\n' + spoken.join(u"; "_s));
    update();
}

QString MatrixView::summary() const
{
    const auto last = std::find_if(m_data.rows.rbegin(), m_data.rows.rend(), [](const auto& row) {
        return row.first > 0 &&
               std::any_of(row.second.begin(), row.second.end(), [](auto cell) { return !!cell; });
    });
    if (last == m_data.rows.rend())
        return tr("not yet evaluated");
    double sum = 0;
    int count = 0;
    for (const auto& accuracy : last->second) {
        sum += accuracy.value_or(0);
        count += accuracy ? 1 : 0;
    }
    return tr("%1 of %2 sessions, mean %3 after session %4")
        .arg(last->first)
        .arg(m_data.sessions)
        .arg(numberText(sum / count, 2))
        .arg(last->first);
}

std::optional<double> MatrixView::value(int afterSession, int session) const
{
    const auto row = m_data.rows.find(afterSession);
    if (row == m_data.rows.end() || session < 1 || session > static_cast<int>(row->second.size()))
        return std::nullopt;
    return row->second[static_cast<size_t>(session - 1)];
}

int MatrixView::labelWidth() const
{
    return QFontMetrics(smallFont(font())).horizontalAdvance(tr("after %1").arg(88)) + 10;
}

QRectF MatrixView::cellRect(int afterSession, int session) const
{
    return cellIn(size(), afterSession, session);
}

QRectF MatrixView::cellIn(const QSize& size, int afterSession, int session) const
{
    if (m_data.sessions < 1 || m_data.columns < 1 || afterSession < 1 || session < 1 ||
        afterSession > m_data.sessions || session > m_data.columns)
        return {};
    const double left = labelWidth();
    const double cellWidth = std::min(kWidestCell, (size.width() - left) / m_data.columns);
    const double cellHeight =
        std::min(kTallestCell, double(size.height() - kHeader) / m_data.sessions);
    return QRectF(left + (session - 1) * cellWidth, kHeader + (afterSession - 1) * cellHeight,
                  cellWidth - kGap, cellHeight - kGap);
}

QColor MatrixView::groundOf(double accuracy) const
{
    const Theme& theme = themeOf(palette());
    const QColor strong = theme.isDark ? QColor(0x38, 0x74, 0xbd) : QColor(0x6c, 0xa4, 0xe6);
    if (m_data.scale == MatrixData::Scale::Difference) {
        const QColor loss = theme.isDark ? QColor(0xb8, 0x5a, 0x2a) : QColor(0xee, 0x93, 0x5c);
        const double share = m_high > 0 ? std::clamp(std::abs(accuracy) / m_high, 0.0, 1.0) : 0;
        return mixed(theme.window, accuracy < 0 ? loss : strong, share);
    }
    const QColor weak = mixed(theme.card, strong, theme.isDark ? 0.22 : 0.18);
    const double share =
        m_high > m_low ? std::clamp((accuracy - m_low) / (m_high - m_low), 0.0, 1.0) : 1;
    return mixed(weak, strong, share);
}

void MatrixView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paint(painter, size());
    if (hasFocus()) {
        painter.setPen(QPen(themeOf(palette()).text, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(cellRect(m_cursor.y(), m_cursor.x()).adjusted(0.5, 0.5, -0.5, -0.5),
                                3, 3);
    }
}

void MatrixView::paintHeaders(QPainter& painter, const QSize& size) const
{
    painter.setPen(themeOf(palette()).muted);
    for (int session = 1; session <= m_data.columns; ++session) {
        const QRectF cell = cellIn(size, 1, session);
        painter.drawText(QRectF(cell.left(), 0, cell.width(), kHeader - 3), Qt::AlignCenter,
                         tr("S%1").arg(session));
    }
    for (int after = 1; after <= m_data.sessions; ++after) {
        const QRectF first = cellIn(size, after, 1);
        painter.drawText(QRectF(0, first.top(), labelWidth() - 8, first.height()),
                         Qt::AlignRight | Qt::AlignVCenter, tr("after %1").arg(after));
    }
}

void MatrixView::paint(QPainter& painter, const QSize& size) const
{
    const Theme& theme = themeOf(palette());
    painter.setFont(smallFont(font()));
    paintHeaders(painter, size);
    const bool isDifference = m_data.scale == MatrixData::Scale::Difference;
    for (int after = 1; after <= m_data.sessions; ++after) {
        for (int session = 1; session <= m_data.columns; ++session) {
            const QRectF cell = cellIn(size, after, session);
            const auto accuracy = value(after, session);
            if (!accuracy) {
                painter.setPen(QPen(theme.grid, 1));
                painter.setBrush(Qt::NoBrush);
                painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
                continue;
            }
            painter.setPen(Qt::NoPen);
            const QColor ground = groundOf(*accuracy);
            painter.setBrush(ground);
            painter.drawRoundedRect(cell, 3, 3);
            painter.setPen(readableOn(ground, session <= after ? theme.text : theme.muted));
            painter.drawText(cell, Qt::AlignCenter,
                             isDifference && std::abs(*accuracy) >= 0.5
                                 ? changeText(*accuracy, 0)
                                 : numberText(std::abs(*accuracy), 0));
        }
    }
}

Figure MatrixView::figure(const QString& name)
{
    Figure figure{.name = name, .widget = this};
    figure.paint = [self = QPointer<MatrixView>(this)](QCPPainter& painter, const QSize& size) {
        if (!self)
            return;
        painter.fillRect(QRect(QPoint(), size), themeOf(self->palette()).card);
        self->paint(painter, size);
    };
    figure.table = matrixTable(m_data);
    return figure;
}

void MatrixView::contextMenuEvent(QContextMenuEvent* event)
{
    const QString name = accessibleName();
    showPlotMenu([this, name] { return figure(name); }, event->globalPos(), m_settings, this);
}

QString MatrixView::numberOf(int after, int session) const
{
    const auto accuracy = value(after, session);
    return accuracy ? numberText(*accuracy, 2) : QString();
}

QString MatrixView::cellText(int after, int session) const
{
    const auto accuracy = value(after, session);
    if (!accuracy)
        return tr("session %1, after session %2: not yet evaluated").arg(session).arg(after);
    if (m_data.scale == MatrixData::Scale::Difference)
        return tr("%1 points on the classes of session %2, after session %3")
            .arg(changeText(*accuracy, 2))
            .arg(session)
            .arg(after);
    QString text = tr("%1 % on the classes of session %2, after session %3")
                       .arg(numberText(*accuracy, 2))
                       .arg(session)
                       .arg(after);
    const auto learned = value(session, session);
    if (learned && session < after)
        text += u'\n' +
                tr("%1 points since they were learned").arg(changeText(*accuracy - *learned, 2));
    return text;
}

void MatrixView::keyPressEvent(QKeyEvent* event)
{
    QPoint step;
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        step.setX(event->key() == Qt::Key_Left ? -1 : 1);
    else if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)
        step.setY(event->key() == Qt::Key_Up ? -1 : 1);
    else
        return QWidget::keyPressEvent(event);
    m_cursor += step;
    m_cursor.setX(std::clamp(m_cursor.x(), 1, std::max(1, m_data.columns)));
    m_cursor.setY(std::clamp(m_cursor.y(), 1, std::max(1, m_data.sessions)));
    const QString text = cellText(m_cursor.y(), m_cursor.x());
    setAccessibleDescription(text);
    const QRectF cell = cellRect(m_cursor.y(), m_cursor.x());
    QToolTip::showText(mapToGlobal(cell.bottomRight().toPoint()), text, this);
    QAccessibleEvent moved(this, QAccessible::Focus);
    moved.setChild((m_cursor.y() - 1) * m_data.columns + m_cursor.x() - 1);
    QAccessible::updateAccessibility(&moved);
    update();
}

bool MatrixView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (int after = 1; after <= m_data.sessions; ++after) {
        for (int session = 1; session <= m_data.columns; ++session) {
            if (!value(after, session) || !cellRect(after, session).contains(help->pos()))
                continue;
            QToolTip::showText(help->globalPos(), cellText(after, session), this);
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

} // namespace clwb::ui
