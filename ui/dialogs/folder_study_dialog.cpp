// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/folder_study_dialog.h"

#include "core/base/stop_token.h"
#include "core/run/folder_study.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/dialogs/folder_study_fields.h"
#include "ui/dialogs/folder_study_text.h"
#include "ui/dialogs/named_source.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/path_edit.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>

#include <optional>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct FolderStudyText
{
    Q_DECLARE_TR_FUNCTIONS(FolderStudyDialog)
};

std::filesystem::path pathIn(const PathEdit* field)
{
    return toPath(field->path().trimmed());
}

class FolderStudyDialog : public QDialog
{
public:
    FolderStudyDialog(AppState& state, QWidget* parent)
        : QDialog(parent)
        , m_state(state)
        , m_background(std::make_unique<Background>())
        , m_own(
              this, [this] { return folderRead(m_fields.folder); }, [this] { suggest(); })
        , m_zeroShot(
              this, [this] { return folderRead(m_fields.zeroShot); }, [this] { showSources(); })
        , m_captions(
              this, [this] { return captionRead(); }, [this] { showSources(); })
    {
        setObjectName(u"dialog.folder_study"_s);
        setWindowTitle(FolderStudyText::tr("New Study from a Folder"));
        resize(680, 600);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(18, 16, 18, 16);
        layout->setSpacing(10);
        layout->addWidget(makeTitle(FolderStudyText::tr("New Study from a Folder"), this));
        auto* hint =
            makeMuted(FolderStudyText::tr(
                          "The folder holds a folder of pictures for every class, or train "
                          "and test with such folders in each. Pictures stay where they are."),
                      this);
        hint->setWordWrap(true);
        layout->addWidget(hint);
        layout->addLayout(makeFolderStudyForm(m_fields, this));
        m_says = makeLabel({}, this);
        nameWidget(m_says, u"folderStudy.says"_s, FolderStudyText::tr("What was found"));
        m_says->setWordWrap(true);
        m_says->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_says->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        layout->addWidget(m_says, 1);
        makeBadPictures(*layout);
        layout->addLayout(makeButtons());
        connectFields();
        showSources();
    }

    ~FolderStudyDialog() override { m_stopWriting.requestStop(); }

private:
    using FolderSource = NamedSource<run::PictureFolder>;
    using CaptionSource = NamedSource<run::CaptionSet>;

    void makeBadPictures(QVBoxLayout& layout)
    {
        m_leaveOut = new QCheckBox(this);
        nameWidget(m_leaveOut, u"folderStudy.leaveOut"_s,
                   FolderStudyText::tr("Leave out damaged pictures"));
        m_leaveOut->setChecked(true);
        layout.addWidget(m_leaveOut);
        m_bad = new QPlainTextEdit(this);
        nameWidget(m_bad, u"folderStudy.bad"_s, FolderStudyText::tr("Damaged pictures"));
        m_bad->setReadOnly(true);
        m_bad->setTabChangesFocus(true);
        m_bad->setLineWrapMode(QPlainTextEdit::NoWrap);
        m_bad->setMaximumHeight(textScaled(*this, 96));
        layout.addWidget(m_bad);
        connect(m_leaveOut, &QCheckBox::toggled, this, [this] { check(); });
    }

    QLayout* makeButtons()
    {
        auto* line = new QHBoxLayout;
        line->addStretch(1);
        QPushButton* cancel =
            makeButton(u"folderStudy.cancel"_s, FolderStudyText::tr("Cancel"), this);
        m_make = makePrimary(u"folderStudy.make"_s, FolderStudyText::tr("Make Study"), this);
        m_make->setDefault(true);
        line->addWidget(cancel);
        line->addWidget(m_make);
        connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
        connect(m_make, &QPushButton::clicked, this, [this] { confirmAndWrite(); });
        return line;
    }

    void connectFields()
    {
        connect(m_fields.folder, &PathEdit::pathChanged, this, [this] { m_own.forget(); });
        connect(m_fields.zeroShot, &PathEdit::pathChanged, this, [this] { m_zeroShot.forget(); });
        for (PathEdit* field : {m_fields.captions, m_fields.captionImages})
            connect(field, &PathEdit::pathChanged, this, [this] { m_captions.forget(); });
        for (QSpinBox* field : {m_fields.sessions, m_fields.share})
            connect(field, &QSpinBox::valueChanged, this, [this] { check(); });
        connect(m_fields.file, &QLineEdit::textChanged, this, [this] { check(); });
        constexpr int kProgressMs = 150;
        m_progress.setInterval(kProgressMs);
        connect(&m_progress, &QTimer::timeout, this, [this] { tell(readingText(), false); });
    }

    static std::optional<FolderSource::Read> folderRead(const PathEdit* field)
    {
        if (field->path().trimmed().isEmpty())
            return std::nullopt;
        return [folder = pathIn(field)](const StopToken& stop, const run::FolderLook& look) {
            return run::readPictureFolder(folder, stop, look);
        };
    }

    [[nodiscard]] std::optional<CaptionSource::Read> captionRead() const
    {
        if (m_fields.captions->path().trimmed().isEmpty() ||
            m_fields.captionImages->path().trimmed().isEmpty())
            return std::nullopt;
        return [file = pathIn(m_fields.captions), images = pathIn(m_fields.captionImages)](
                   const StopToken& stop, const run::FolderLook& look) {
            return run::readCaptionSet(file, images, stop, look);
        };
    }

    /// Values for what nobody has typed yet.
    void suggest()
    {
        if (const auto& found = m_own.found()) {
            const QString name =
                QFileInfo(QDir::cleanPath(m_fields.folder->path().trimmed())).fileName();
            if (!m_fields.name->isModified())
                m_fields.name->setText(name);
            if (!m_fields.file->isModified()) {
                m_fields.file->setText(m_state.dataFolder() + u"/studies/"_s + name +
                                       u"/study.json"_s);
                m_fields.file->setCursorPosition(0);
            }
            const QString why =
                found->hasSplits ? FolderStudyText::tr("The folder is split already") : QString();
            for (QSpinBox* field : {m_fields.share, m_fields.seed}) {
                field->setEnabled(!found->hasSplits);
                field->setToolTip(why);
            }
        }
        showSources();
    }

    void tell(const QString& text, bool isProblem)
    {
        m_says->setText(text);
        setStyleFlag(m_says, "problem", isProblem);
        m_make->setEnabled(!isProblem && m_own.found() && !isReading() && !m_isWriting);
        m_make->setToolTip(m_make->isEnabled() ? QString() : text);
    }

    [[nodiscard]] bool isReading() const
    {
        return m_own.isReading() || m_zeroShot.isReading() || m_captions.isReading();
    }

    [[nodiscard]] QString readingText()
    {
        const PathEdit* field = m_own.isReading()        ? m_fields.folder
                                : m_zeroShot.isReading() ? m_fields.zeroShot
                                                         : m_fields.captions;
        QString text = FolderStudyText::tr("Looking through %1…").arg(field->path().trimmed());
        for (const LookedAt* looked : {m_own.looked(), m_zeroShot.looked(), m_captions.looked()}) {
            const int64_t done = looked ? looked->done.load() : 0;
            if (done > 0)
                text += u'\n' + lookedText(done, looked->total);
        }
        if (m_own.isSilent() || m_zeroShot.isSilent() || m_captions.isSilent())
            text += u'\n' + silentText();
        return text;
    }

    /// All pictures that no run could read.
    [[nodiscard]] std::vector<run::BadPicture> badPictures() const
    {
        std::vector<run::BadPicture> all;
        const auto add = [&all](const auto& found) {
            if (found)
                all.insert(all.end(), found->bad.begin(), found->bad.end());
        };
        add(m_own.found());
        add(m_zeroShot.found());
        add(m_captions.found());
        return all;
    }

    [[nodiscard]] bool hasBadPictures() const
    {
        const auto has = [](const auto& found) { return found && !found->bad.empty(); };
        return has(m_own.found()) || has(m_zeroShot.found()) || has(m_captions.found());
    }

    /// Folders that cannot be read are named among the lines of what was found.
    [[nodiscard]] bool hasClosedFolders() const
    {
        const auto has = [](const auto& found) { return found && !found->problems.empty(); };
        return has(m_own.found()) || has(m_zeroShot.found());
    }

    /// After each change of what is known of them; the lists may be long.
    void showSources()
    {
        if (!m_make) // being made
            return;
        const std::vector<run::BadPicture> bad = badPictures();
        m_leaveOut->setVisible(!bad.empty() || hasClosedFolders());
        m_leaveOut->setText(
            hasClosedFolders()
                ? FolderStudyText::tr("Leave &out what cannot be read")
                : countedText(static_cast<int64_t>(bad.size()),
                              FolderStudyText::tr("Leave &out %1 damaged picture"),
                              FolderStudyText::tr("Leave &out %1 damaged pictures")));
        m_bad->setVisible(!bad.empty());
        if (const QString text = badPictureText(bad); m_bad->toPlainText() != text)
            m_bad->setPlainText(text);
        check();
    }

    /// Marks the fields; returns why no study can be made yet, empty when one can.
    QString findProblem()
    {
        const bool hasFile = !m_fields.captions->path().trimmed().isEmpty();
        const bool hasImages = !m_fields.captionImages->path().trimmed().isEmpty();
        const QString ofCaptions = captionFieldsProblem(hasFile, hasImages);
        QString ofZeroShot = m_zeroShot.problem();
        if (m_zeroShot.found())
            ofZeroShot = zeroShotProblem(*m_zeroShot.found());
        m_fields.folder->setProblem(m_own.problem());
        m_fields.zeroShot->setProblem(ofZeroShot);
        m_fields.captions->setProblem(hasFile ? m_captions.problem() : ofCaptions);
        m_fields.captionImages->setProblem(hasFile ? ofCaptions : QString());
        const QString ofFile =
            m_own.found() ? studyFileProblem(m_fields.file->text().trimmed()) : QString();
        const QString ofSessions =
            m_own.found() ? pictureFolderProblem(*m_own.found(), m_fields.sessions->value())
                          : QString();
        const QString ofBad = (!hasBadPictures() && !hasClosedFolders()) || m_leaveOut->isChecked()
                                  ? QString()
                                  : FolderStudyText::tr("What cannot be read ends a run: mend it, "
                                                        "or leave it out");
        for (const QString& problem : {m_own.problem(), ofZeroShot, m_captions.problem(),
                                       ofCaptions, ofSessions, ofFile, ofBad}) {
            if (!problem.isEmpty())
                return problem;
        }
        return {};
    }

    void check()
    {
        if (m_isWriting)
            return;
        const QString problem = findProblem();
        if (!isReading() || !problem.isEmpty())
            m_progress.stop();
        else if (!m_progress.isActive())
            m_progress.start();
        if (!problem.isEmpty())
            return tell(problem, true);
        if (isReading())
            return tell(readingText(), false);
        if (!m_own.found())
            return tell(FolderStudyText::tr("Choose the folder of your pictures."), false);
        QStringList lines =
            pictureFolderLines(*m_own.found(), m_fields.sessions->value(), m_fields.share->value());
        if (m_zeroShot.found())
            lines << zeroShotLine(*m_zeroShot.found());
        if (m_captions.found())
            lines << captionLines(*m_captions.found());
        tell(lines.join(u'\n'), false);
    }

    void confirmAndWrite()
    {
        if (!QFileInfo::exists(m_fields.file->text().trimmed())) {
            write();
            return;
        }
        auto* box = new QMessageBox(
            QMessageBox::Question, FolderStudyText::tr("Replace the Study?"),
            FolderStudyText::tr("%1 exists. Replace it?").arg(m_fields.file->text().trimmed()),
            QMessageBox::Cancel, this);
        box->setObjectName(u"folderStudy.replace"_s);
        box->setAttribute(Qt::WA_DeleteOnClose);
        QPushButton* replace =
            box->addButton(FolderStudyText::tr("Replace"), QMessageBox::AcceptRole);
        connect(replace, &QPushButton::clicked, this, [this] { write(); });
        box->open();
    }

    void write()
    {
        if (!m_own.found() || isReading() || m_isWriting) // changed behind the question
            return check();
        run::FolderStudy wanted;
        wanted.source = *m_own.found();
        wanted.name = fromQt(m_fields.name->text().trimmed());
        wanted.sessions = m_fields.sessions->value();
        wanted.sizes =
            unequalParts(static_cast<int>(wanted.source.classes.size()), wanted.sessions);
        wanted.testShare = m_fields.share->value() / 100.0;
        wanted.seed = static_cast<uint64_t>(m_fields.seed->value());
        wanted.file = toPath(m_fields.file->text().trimmed());
        wanted.leavesOutBad = m_leaveOut->isChecked();
        wanted.zeroShot = m_zeroShot.found();
        wanted.captions = m_captions.found();
        m_isWriting = true;
        m_stopWriting = {};
        tell(FolderStudyText::tr("Writing the study and checking it…"), false);
        m_background->ask(
            this,
            [wanted, stop = m_stopWriting.token()] { return run::writeFolderStudy(wanted, stop); },
            [this, file = toQt(wanted.file)](const Result<void>& written) {
                m_isWriting = false;
                if (!written) {
                    check(); // what was typed meanwhile
                    const bool canMake = m_make->isEnabled();
                    tell(errorText(written.error()), true);
                    m_make->setEnabled(canMake); // after mending it, say, by another file
                    return;
                }
                m_state.reportDone(FolderStudyText::tr("The study was made"), file);
                m_state.requestPage(u"data"_s, Json{{"study", fromQt(file)}});
                accept();
            });
    }

    AppState& m_state;
    std::unique_ptr<Background> m_background;
    FolderStudyFields m_fields;
    QLabel* m_says = nullptr;
    QCheckBox* m_leaveOut = nullptr;
    QPlainTextEdit* m_bad = nullptr;
    QPushButton* m_make = nullptr;
    QTimer m_progress; ///< shows it while something is read, unless a problem is shown
    StopSource m_stopWriting;
    FolderSource m_own;
    FolderSource m_zeroShot;
    CaptionSource m_captions;
    bool m_isWriting = false;
};

} // namespace

DialogInfo describe_folder_study_dialog();
DialogInfo describe_folder_study_dialog()
{
    return {u"folder_study"_s, 55, [](AppState& state, QWidget* parent) -> QDialog* {
                return new FolderStudyDialog(state, parent);
            }};
}

QDialog* openFolderStudyDialog(AppState& state, QWidget* parent)
{
    return openDialog(u"folder_study"_s, state, parent);
}

} // namespace clwb::ui
