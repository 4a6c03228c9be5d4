// SPDX-License-Identifier: GPL-3.0-or-later
// Conversions and number texts of the window.
#include "ui/bridge/qt_text.h"

#include "core/base/number_text.h"

#include <QCoreApplication>
#include <QDateTime>

#include <cmath>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct QtTextWords
{
    Q_DECLARE_TR_FUNCTIONS(QtText)
};

} // namespace

QString toQt(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

std::string fromQt(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    return std::string(bytes.constData(), static_cast<size_t>(bytes.size()));
}

QString toQt(const std::filesystem::path& path)
{
    return toQt(std::string_view(path.native()));
}

std::filesystem::path toPath(const QString& text)
{
    return std::filesystem::path(fromQt(text));
}

QString errorText(const Error& error)
{
    return toQt(toText(error));
}

QString numberText(double value, int decimals)
{
    if (std::isnan(value))
        return u"—"_s;
    if (std::isinf(value))
        return value > 0 ? u"∞"_s : u"−∞"_s;
    QString text = toQt(fixedText(std::abs(value), decimals));
    const bool isZero = std::abs(value) < 0.5 * std::pow(10.0, -decimals);
    if (value < 0 && !isZero)
        text.prepend(QChar(0x2212));
    return text;
}

QString changeText(double value, int decimals)
{
    const QString text = numberText(value, decimals);
    return value > 0 && !text.startsWith(QChar(0x2212)) ? u"+"_s + text : text;
}

QString countText(int64_t value)
{
    QString digits = QString::number(std::abs(value));
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, QChar(0x202F));
    return value < 0 ? QChar(0x2212) + digits : digits;
}

QString countedText(int64_t value, const QString& one, const QString& many)
{
    return (value == 1 ? one : many).arg(countText(value));
}

QString sessionPlaceText(int session)
{
    return session == 0 ? QtTextWords::tr("before training")
                        : QtTextWords::tr("after session %1").arg(session);
}

QString durationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return {};
    const auto total = static_cast<int64_t>(std::llround(seconds));
    if (total < 60)
        return QtTextWords::tr("%1 s").arg(total);
    if (total < 3600)
        return QtTextWords::tr("%1 m %2 s").arg(total / 60).arg(total % 60, 2, 10, '0'_L1);
    return QtTextWords::tr("%1 h %2 m").arg(total / 3600).arg(total / 60 % 60, 2, 10, '0'_L1);
}

QString bytesText(uint64_t bytes)
{
    const double value = static_cast<double>(bytes);
    if (value < 1e6)
        return QtTextWords::tr("%1 kB").arg(std::ceil(value / 1e3));
    if (value < 0.95e9)
        return QtTextWords::tr("%1 MB").arg(std::round(value / 1e6));
    return QtTextWords::tr("%1 GB").arg(numberText(value / 1e9, 1));
}

QString agoText(const QString& utc, const QDateTime& now)
{
    const QDateTime then = QDateTime::fromString(utc, Qt::ISODateWithMs);
    if (!then.isValid())
        return {};
    const qint64 seconds = then.secsTo(now);
    if (seconds < 60)
        return QtTextWords::tr("now");
    if (seconds < 3600)
        return QtTextWords::tr("%1 min").arg(seconds / 60);
    if (seconds < qint64{24} * 3600)
        return QtTextWords::tr("%1 h").arg(seconds / 3600);
    if (seconds < qint64{7} * 24 * 3600)
        return QtTextWords::tr("%1 d").arg(seconds / (qint64{24} * 3600));
    return then.toLocalTime().toString(u"yyyy-MM-dd"_s);
}

} // namespace clwb::ui
