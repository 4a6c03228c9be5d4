// SPDX-License-Identifier: GPL-3.0-or-later
// What is dropped on the window: files of settings, studies and sweeps, folders, and runs of the
// list on the navigation.
#include "core/base/file.h"
#include "tests/ui/shell/desk.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/run_list_model.h"
#include "ui/models/run_mime.h"
#include "ui/shell/actions.h"
#include "ui/shell/nav_list.h"
#include "ui/widgets/compared_list.h"
#include "ui/widgets/run_view.h"

#include <QAction>
#include <QDir>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>

#include <algorithm>

using namespace clwb;
using namespace Qt::StringLiterals;

namespace
{

/// As a drag from outside does: enter, move, drop, as far as it is accepted.
bool drag(QWidget* target, const QPoint& place, const QMimeData& data)
{
    QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QApplication::sendEvent(target, &enter);
    QDragMoveEvent move(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    move.setAccepted(enter.isAccepted());
    QApplication::sendEvent(target, &move);
    if (!enter.isAccepted() || !move.isAccepted())
        return false;
    QDropEvent drop(QPointF(place), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &drop);
    return true;
}

} // namespace

class TestDrops : public QObject
{
    Q_OBJECT

    std::unique_ptr<ui::Settings> m_settings;
    std::unique_ptr<test::Desk> m_desk;
    QStringList m_problems;

    [[nodiscard]] QString at(const QString& name) const { return m_desk->folder.filePath(name); }
    bool drop(const QString& file)
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(file)});
        return drag(&m_desk->window, {60, 60}, data);
    }
    void write(const QString& name, const Json& document)
    {
        QVERIFY(writeFileAtomically(ui::toPath(at(name)), document.dump(2)));
    }
    [[nodiscard]] Json spec() const
    {
        return {{"study", "study.json"}, {"model", "model"}, {"method", "lwf"},
                {"option", "IO"},        {"setting", "OST"}, {"schedule", {{"batch_size", 5}}}};
    }
    ui::NavList* navigation() { return m_desk->find<ui::NavList>(u"navigation"_s); }
    QPoint placeOf(const QString& page)
    {
        for (int row = 0; row < navigation()->count(); ++row) {
            QListWidgetItem* item = navigation()->item(row);
            if (item->data(Qt::UserRole) == page)
                return navigation()->visualItemRect(item).center();
        }
        return {};
    }
    /// What a drag from the list carries when these runs are selected.
    std::unique_ptr<QMimeData> dragged(const std::vector<int64_t>& runs)
    {
        auto* list = m_desk->find<ui::RunView>(u"runs.list"_s);
        list->selectRuns(runs);
        QModelIndexList cells;
        for (const QModelIndex& index : list->selectionModel()->selectedIndexes()) {
            if (index.flags().testFlag(Qt::ItemIsDragEnabled))
                cells << index;
        }
        return std::unique_ptr<QMimeData>(list->model()->mimeData(cells));
    }
    QStringList compared()
    {
        const QAbstractItemModel* model =
            m_desk->find<ui::ComparedList>(u"compare.list"_s)->model();
        QStringList texts;
        for (int row = 0; row < model->rowCount(); ++row)
            texts << model->index(row, 0).data(Qt::AccessibleTextRole).toString() +
                         model->index(row, 0).data().toString();
        return texts;
    }

private Q_SLOTS:
    void init()
    {
        m_settings = std::make_unique<ui::Settings>();
        m_desk = std::make_unique<test::Desk>(*m_settings);
        connect(&m_desk->state, &ui::AppState::problem, this,
                [this](const QString& text, const QString& details) {
                    m_problems << text + u": "_s + details;
                });
        m_problems.clear();
        m_desk->settle();
    }
    void cleanup()
    {
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
        m_desk.reset();
    }

    void settingsFillTheForm()
    {
        write(u"spec.json"_s, spec());
        QVERIFY(drop(at(u"spec.json"_s)));
        QTRY_COMPARE(m_desk->window.currentPage(), u"new_run"_s);
        QTRY_VERIFY(m_desk->find<QPushButton>(u"new_run.method.lwf"_s)->isChecked());
        QVERIFY(m_desk->find<QPushButton>(u"new_run.option.IO"_s)->isChecked());
        QVERIFY(m_desk->find<QPushButton>(u"new_run.setting.OST"_s)->isChecked());
        QCOMPARE(m_desk->find<QLineEdit>(u"value.schedule.batch_size"_s)->text(), u"5"_s);
        // Relative paths are seen from the file.
        QCOMPARE(m_desk->find<QLineEdit>(u"new_run.study"_s)->text(), at(u"study.json"_s));
    }

    void aStudyFillsItsFieldAlsoByItsFolder()
    {
        QVERIFY(QDir(m_desk->folder.path()).mkpath(u"photos"_s));
        auto* study = m_desk->find<QLineEdit>(u"new_run.study"_s);
        // Pictures alone are not enough, and the reason says what is missing.
        QVERIFY(!drop(at(u"photos"_s)));
        const QString said = m_desk->find<QWidget>(u"status"_s)->accessibleDescription();
        QVERIFY2(said.contains(u"“photos”"_s) && said.contains(u"study.json"_s), qPrintable(said));
        write(u"photos/study.json"_s, {{"name", "photos"}, {"updated_task", Json::object()}});
        QVERIFY(drop(at(u"photos"_s)));
        QTRY_COMPARE(m_desk->window.currentPage(), u"new_run"_s);
        QTRY_COMPARE(study->text(), at(u"photos/study.json"_s));
        write(u"other.json"_s, {{"name", "other"}, {"zero_shot", Json::object()}});
        QVERIFY(drop(at(u"other.json"_s)));
        QTRY_COMPARE(study->text(), at(u"other.json"_s));
    }

    void aSweepIsOfferedOnItsPage()
    {
        write(u"grid.json"_s, {{"schema", 1},
                               {"name", "two rates"},
                               {"base", spec()},
                               {"mode", "grid"},
                               {"grid", {{"schedule.lr", {1e-4, 1e-3}}}}});
        QVERIFY(drop(at(u"grid.json"_s)));
        QTRY_COMPARE(m_desk->window.currentPage(), u"sweeps"_s);
        QTRY_VERIFY(m_desk->find<QMessageBox>(u"sweeps.confirm"_s));
        auto* box = m_desk->find<QMessageBox>(u"sweeps.confirm"_s);
        QVERIFY2(box->text().contains(u"“two rates” has 2 trials"_s), qPrintable(box->text()));
        box->reject(); // nothing is trained unasked
        QTRY_VERIFY(!m_desk->find<QMessageBox>(u"sweeps.confirm"_s));
        QVERIFY(m_desk->state.queue().waiting().empty());
    }

    void runsGoToCompare()
    {
        const std::vector<int64_t> first{m_desk->state.runs()[0].runId,
                                         m_desk->state.runs()[1].runId};
        const auto data = dragged(first);
        std::vector<int64_t> carried = ui::runsOf(data.get());
        std::sort(carried.begin(), carried.end());
        QCOMPARE(carried, first);
        QCOMPARE(data->text().count(u'#'), 2);
        QVERIFY(drag(navigation()->viewport(), placeOf(u"compare"_s), *data));
        QCOMPARE(m_desk->window.currentPage(), u"compare"_s);
        m_desk->settle();
        const QStringList before = compared();
        QVERIFY(before.size() >= 2);
        // They are added, none is taken away.
        m_desk->window.showPage(u"runs"_s);
        const auto third = dragged({m_desk->state.runs()[5].runId});
        QVERIFY(drag(navigation()->viewport(), placeOf(u"compare"_s), *third));
        m_desk->settle();
        QTRY_COMPARE(compared().size(), before.size() + 1);
        // The same by keyboard.
        m_desk->window.showPage(u"runs"_s);
        const QAction* key = m_desk->window.actions().action(u"runs.compare"_s);
        QVERIFY(key->isEnabled() && !key->shortcut().isEmpty());
    }

    void runsArePinnedInLive()
    {
        const int64_t run = m_desk->state.runs().back().runId;
        const auto data = dragged({run});
        QVERIFY(drag(navigation()->viewport(), placeOf(u"live"_s), *data));
        QCOMPARE(m_desk->window.currentPage(), u"live"_s);
        QVERIFY(m_desk->state.pinned().contains(run));
        const QAction* key = m_desk->window.actions().action(u"runs.pin"_s);
        QVERIFY(!key->shortcut().isEmpty());
    }

    void runsAreNotTakenElsewhere()
    {
        const auto data = dragged({m_desk->state.runs().front().runId});
        QVERIFY(!drag(navigation()->viewport(), placeOf(u"tables"_s), *data));
        QVERIFY(!drag(&m_desk->window, {500, 300}, *data)); // no file
        QMimeData foreign; // of another window: its numbers mean other runs
        foreign.setData(u"application/x-clwb-runs"_s, "1 12");
        QVERIFY(!drag(navigation()->viewport(), placeOf(u"compare"_s), foreign));
        foreign.setData(u"application/x-clwb-runs"_s,
                        QByteArray::number(QCoreApplication::applicationPid()) + " twelve");
        QVERIFY(!drag(navigation()->viewport(), placeOf(u"compare"_s), foreign));
        QCOMPARE(m_desk->window.currentPage(), u"runs"_s);
    }
};

QTEST_MAIN(TestDrops)
#include "tst_drops.moc"
