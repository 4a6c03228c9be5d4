// SPDX-License-Identifier: GPL-3.0-or-later
// Lists and ranges of a setting's values; expected values worked out by hand.
#include "core/spec/value_list.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <clocale>

using namespace clwb;
using namespace clwb::spec;

class TestValueList : public QObject
{
    Q_OBJECT

    static QString listed(const char* key, const QByteArray& text)
    {
        const auto values = parseValueList(*findParam(key), text.toStdString());
        if (!values)
            return QString::fromStdString(values.error().message);
        return QString::fromStdString(Json(*values).dump());
    }

private Q_SLOTS:
    void values_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* key, const char* text, const char* expected) {
            QTest::addRow("%s: %s", key, text)
                << QByteArray(key) << QByteArray(text) << QString::fromUtf8(expected);
        };
        row("params.beta", "1, 3,10 ,", "[1.0,3.0,10.0]");
        row("params.beta", "0.5", "[0.5]");
        row("params.alpha", "0..1 step 0.25", "[0.0,0.25,0.5,0.75,1.0]");
        row("params.alpha", "0..1 step 0.1", "[0.0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1.0]");
        row("params.alpha", "0.1..0.9 in 3", "[0.1,0.5,0.9]");        // α steps by differences
        row("schedule.lr", "1e-7..1e-5 in 3", "[1e-07,1e-06,1e-05]"); // the rate by factors
        row("schedule.lr", "1e-6…1e-5 in 3", "[1e-06,3.16228e-06,1e-05]");
        row("schedule.epochs", "1..4", "[1,2,3,4]");
        row("schedule.epochs", "2..9 step 3", "[2,5,8]");
        row("schedule.epochs", "1..100 in 3", "[1,10,100]");
        row("schedule.epochs", "1..2 in 5", "[1,2]"); // rounded values that come together
        row("params.rkr_lr", "null, 2e-3", "[null,0.002]");
        row("params.geodl_dim", "auto, 5", "[\"auto\",5]");
    }
    void values()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, text);
        QTEST(listed(key.constData(), text), "expected");
    }

    void aDecimalCommaOfTheLocaleChangesNothing()
    {
        // Made here where the machine has none.
        const QTemporaryDir folder;
        QProcess::execute(QStringLiteral("localedef"),
                          {QStringLiteral("-i"), QStringLiteral("de_DE"), QStringLiteral("-f"),
                           QStringLiteral("UTF-8"),
                           folder.filePath(QStringLiteral("de_DE.UTF-8"))});
        qputenv("LOCPATH", folder.path().toUtf8());
        if (!std::setlocale(LC_NUMERIC, "de_DE.UTF-8"))
            QSKIP("there is no locale with a decimal comma, and none can be made");
        const QString listed_ = listed("params.alpha", "0..1 step 0.25");
        std::setlocale(LC_NUMERIC, "C");
        QCOMPARE(listed_, QStringLiteral("[0.0,0.25,0.5,0.75,1.0]"));
    }

    void mistakesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* key, const char* text, const char* part) {
            QTest::addRow("%s: %s", key, text)
                << QByteArray(key) << QByteArray(text) << QString::fromUtf8(part);
        };
        row("params.beta", "", "has no value");
        row("params.beta", " , ", "has no value");
        row("params.beta", "1, x", "x");
        row("params.beta", "1, -2", "-2");
        row("params.beta", "1, 1.0", "second time");
        row("params.beta", "1..3", "does not say which values");
        row("params.beta", "3..1 in 2", "smaller to a larger");
        row("params.beta", "1..1 in 2", "smaller to a larger");
        row("params.beta", "1..inf in 2", "no range");
        row("params.beta", "1..3 in 1", "neither a step");
        row("params.beta", "1..3 step 0", "neither a step");
        row("params.beta", "1..3 by 2", "neither a step");
        row("params.beta", "0..1 step 1e-9", "more than 200");
        row("params.beta", "0..1 in 9999999999", "more than 200");
        row("params.beta", "0..1 in 150, 2..3 in 150", "more than 200");
        row("schedule.epochs", "0..3", "0");
        row("schedule.epochs", "1.5", "1.5");
        row("schedule.epochs", "1..2 step 0.5", "1.5");
    }
    void mistakesAreNamed()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, text);
        QFETCH(QString, part);
        const auto values = parseValueList(*findParam(key.constData()), text.toStdString());
        QVERIFY(!values);
        const QString message = QString::fromStdString(values.error().message);
        QVERIFY2(message.contains(part), qPrintable(message));
    }
};

QTEST_APPLESS_MAIN(TestValueList)
#include "tst_value_list.moc"
