// SPDX-License-Identifier: GPL-3.0-or-later
// What the New run page takes from study and model: starting values that suit them, the parts that
// can be evaluated, and the model of a study that was only named.
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/spec/run_spec.h"
#include "core/store/run_writer.h"
#include "tests/ui/pages/tiny_desk.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace clwb;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

class TestNewRunModel : public QObject, private test::TinyDesk
{
    Q_OBJECT

private:
    /// The tiny model is the demo's; no demo is drawn.
    ui::Engine engine() const
    {
        ui::Engine engine = realEngine();
        engine.estimate = [](const spec::RunSpec&, int) {
            return Result<run::Estimate>(run::Estimate{6, 2, 1000000, 2000000});
        };
        engine.demo =
            ui::DemoFiles{ui::toPath(at(u"world/study.json"_s)), ui::toPath(at(u"model"_s))};
        return engine;
    }

    void openWindow(const QString& project)
    {
        showWindow(engine(), {1200, 900});
        m_state->openProject(at(project), store::OpenMode::CreateIfMissing);
    }

    QString text(const QString& name) { return find<QLineEdit>(name)->text(); }

    void storeRun(const QString& project, const QString& study, const QString& model) const
    {
        spec::RunSpec made;
        made.method = "ft";
        made.option = "WM";
        made.study = ui::toPath(study);
        made.model = ui::toPath(model);
        store::NewRun run;
        run.name = "earlier";
        run.resolvedSpec = spec::toJson(made);
        run.resolvedSpec["study_sha256"] = "ab";
        run.sessions = 1;
        auto writer = store::RunWriter::createRun(ui::toPath(at(project)), std::move(run));
        test::require(writer.has_value());
        (*writer)->finish("finished", "", 1);
    }

    /// A study of the updated task alone.
    QString plainStudy() const
    {
        Json document = *readJsonFile(ui::toPath(at(u"study/study.json"_s)));
        for (const char* key : {"zero_shot", "zero_shot_validation", "retrieval"})
            document.erase(key);
        const QString file = at(u"study/plain.json"_s);
        test::require(writeFileAtomically(ui::toPath(file), document.dump()).has_value());
        return file;
    }

    /// A model folder with another config.json.
    QString otherModel() const
    {
        const fs::path folder = ui::toPath(at(u"other"_s));
        fs::copy(ui::toPath(at(u"model"_s)), folder, fs::copy_options::recursive);
        Json config = *readJsonFile(folder / "config.json");
        config["of"] = "somebody else";
        test::require(writeFileAtomically(folder / "config.json", config.dump()).has_value());
        return at(u"other"_s);
    }

private Q_SLOTS:
    void initTestCase() { makeData(); }
    void cleanup()
    {
        m_window.reset();
        m_state.reset();
        QVERIFY2(m_problems.isEmpty(), qPrintable(m_problems.join(u'\n')));
    }

    // The demo's model learns nothing at the paper's 1e-6, whatever it is trained on.
    void aQuickLookTakesTheRateOfTheModel()
    {
        // What was trained from it has its config.json.
        fs::copy(ui::toPath(at(u"model"_s)), ui::toPath(at(u"trained"_s)),
                 fs::copy_options::recursive);
        const QString other = otherModel();
        openWindow(u"rates.db"_s);
        m_window->showPage(u"new_run"_s);
        type(u"new_run.study"_s, at(u"study/study.json"_s)); // which names no preset
        type(u"new_run.model"_s, at(u"model"_s));
        auto* box = find<QComboBox>(u"new_run.preset"_s);
        QTRY_COMPARE(box->currentText(), u"demo"_s);
        QCOMPARE(text(u"value.schedule.lr"_s), u"2e-04"_s);
        box->setCurrentText(u"quick look"_s);
        Q_EMIT box->textActivated(u"quick look"_s);
        QCOMPARE(text(u"value.schedule.epochs"_s), u"1"_s);
        QCOMPARE(text(u"value.schedule.lr"_s), u"2e-04"_s);
        type(u"new_run.model"_s, other);
        QTRY_COMPARE(text(u"value.schedule.lr"_s), u"1e-06"_s);
        QCOMPARE(box->currentText(), u"quick look"_s);
        type(u"new_run.model"_s, at(u"trained"_s));
        QTRY_COMPARE(text(u"value.schedule.lr"_s), u"2e-04"_s);
        QCOMPARE(text(u"value.schedule.epochs"_s), u"1"_s);
    }

    void offersOnlyWhatTheStudyHas()
    {
        const QString plain = plainStudy();
        openWindow(u"parts.db"_s);
        QTRY_VERIFY(m_state->hasProject());
        m_window->showPage(u"new_run"_s);
        type(u"new_run.study"_s, plain);
        type(u"new_run.model"_s, at(u"model"_s));
        const auto what = [this](const QString& part) {
            return find<QCheckBox>(u"new_run.what."_s + part);
        };
        for (const QString& part : {u"zs"_s, u"retrieval"_s, u"shuffle"_s}) {
            QTRY_VERIFY2(!what(part)->isEnabled(), qPrintable(part));
            QVERIFY2(!what(part)->isChecked(), qPrintable(part));
        }
        QCOMPARE(what(u"zs"_s)->toolTip(), u"This study has no zero-shot set"_s);
        QCOMPARE(what(u"retrieval"_s)->toolTip(), u"This study has no retrieval set"_s);
        QVERIFY(what(u"ut"_s)->isEnabled() && what(u"ut"_s)->isChecked());
        auto* copy = find<QPushButton>(u"new_run.copy"_s);
        const auto copied = [&] {
            QTest::mouseClick(copy, Qt::LeftButton);
            return QGuiApplication::clipboard()->text();
        };
        QTRY_VERIFY(copy->isEnabled());
        QVERIFY2(copied().contains(u"evaluate.what=[\"ut\"]"_s), qPrintable(copied()));
        // What was wanted comes back with a study that has it.
        type(u"new_run.study"_s, at(u"study/study.json"_s));
        QTRY_VERIFY(what(u"zs"_s)->isEnabled());
        QVERIFY(what(u"zs"_s)->isChecked() && what(u"retrieval"_s)->isChecked());
        QVERIFY(what(u"zs"_s)->toolTip().isEmpty());

        // A specification that asks for them all the same can be read.
        const Json asking{{"study", ui::fromQt(plain)},
                          {"model", ui::fromQt(at(u"model"_s))},
                          {"method", "lwf"},
                          {"option", "IO"},
                          {"setting", "MST"},
                          {"evaluate", {{"what", Json::array({"ut", "zs"})}}}};
        const fs::path file = ui::toPath(at(u"asking.json"_s));
        QVERIFY(writeFileAtomically(file, asking.dump()));
        m_window->showPage(u"new_run"_s, Json{{"file", file.string()}});
        QTRY_VERIFY(find<QPushButton>(u"new_run.method.lwf"_s)->isChecked());
        QTRY_VERIFY(!what(u"zs"_s)->isEnabled());
        QVERIFY(!what(u"zs"_s)->isChecked() && what(u"ut"_s)->isChecked());
        QTRY_VERIFY2(find<QPushButton>(u"new_run.start"_s)->isEnabled(),
                     qPrintable(find<QLabel>(u"new_run.reason"_s)->text()));
        // The command starts the same run.
        QVERIFY2(copied().contains(u"evaluate.what=[\"ut\",\"zs\"]"_s), qPrintable(copied()));
    }

    void aNamedStudyFindsItsModel_data()
    {
        QTest::addColumn<QString>("project");
        QTest::addColumn<QString>("study");
        QTest::addColumn<QString>("model");
        const QString own = u"study/study.json"_s;
        QTest::newRow("last used with it") << u"used.db"_s << own << u"first"_s;
        QTest::newRow("last used at all") << u"used.db"_s << u"study/new.json"_s << u"second"_s;
        QTest::newRow("the demo's, for its study")
            << u"empty.db"_s << u"world/study.json"_s << u"model"_s;
        QTest::newRow("none") << u"empty.db"_s << own << QString();
    }
    void aNamedStudyFindsItsModel()
    {
        QFETCH(QString, project);
        QFETCH(QString, study);
        QFETCH(QString, model);
        if (project == u"used.db"_s && !QFile::exists(at(project))) {
            storeRun(project, at(u"study/study.json"_s), at(u"first"_s));
            storeRun(project, at(u"study/elsewhere.json"_s), at(u"second"_s));
        }
        openWindow(project);
        // As the program does: the runs are not read yet.
        m_state->requestPage(u"new_run"_s, Json{{"study", ui::fromQt(at(study))}});
        QTRY_VERIFY(m_state->hasProject() && find<QLineEdit>(u"new_run.model"_s));
        if (model.isEmpty()) { // as it is at first: all that could suggest one has been read
            const auto* about = find<QLabel>(u"new_run.studyInfo"_s);
            QTRY_VERIFY(!m_state->isOpening() && about->text().contains(u"zero-shot set"_s));
        }
        QTRY_COMPARE(text(u"new_run.model"_s), model.isEmpty() ? QString() : at(model));
        QCOMPARE(text(u"new_run.study"_s), at(study));
        const QString reason = find<QLabel>(u"new_run.reason"_s)->text();
        QCOMPARE(reason.contains(u"Choose a model"_s), model.isEmpty());
    }

    // A model that somebody chose is not taken away by naming a study.
    void aChosenModelStays()
    {
        storeRun(u"chosen.db"_s, at(u"study/study.json"_s), at(u"first"_s));
        openWindow(u"chosen.db"_s);
        m_window->showPage(u"new_run"_s);
        QTRY_COMPARE(text(u"new_run.model"_s), at(u"first"_s));
        type(u"new_run.model"_s, at(u"mine"_s));
        m_state->requestPage(u"new_run"_s, Json{{"study", ui::fromQt(at(u"study/plain.json"_s))}});
        QTRY_COMPARE(text(u"new_run.study"_s), at(u"study/plain.json"_s));
        QCOMPARE(text(u"new_run.model"_s), at(u"mine"_s));
    }
};

QTEST_MAIN(TestNewRunModel)
#include "tst_new_run_model.moc"
