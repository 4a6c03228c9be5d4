// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/folder_study_dialog.h"

#include "core/base/stop_token.h"
#include "core/run/study_draft.h"
#include "ui/bridge/background.h"
#include "ui/bridge/qt_text.h"
#include "ui/dialogs/dialog.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/path_edit.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>

#include <algorithm>
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

class FolderStudyDialog : public QDialog
{
public:
    FolderStudyDialog(AppState& state, QWidget* parent)
        : QDialog(parent)
        , m_state(state)
        , m_background(std::make_unique<Background>())
    {
        setObjectName(u"dialog.folder_study"_s);
        setWindowTitle(FolderStudyText::tr("New Study from a Folder"));
        resize(640, 460);
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
        layout->addLayout(makeForm());
        m_says = makeLabel({}, this);
        nameWidget(m_says, u"folderStudy.says"_s, FolderStudyText::tr("What was found"));
        m_says->setWordWrap(true);
        m_says->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_says->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        layout->addWidget(m_says, 1);
        layout->addLayout(makeButtons());
        m_typing.setSingleShot(true);
        m_typing.setInterval(250);
        connect(&m_typing, &QTimer::timeout, this, [this] { readFolder(); });
        check();
    }

    ~FolderStudyDialog() override
    {
        m_stopReading.requestStop();
        m_stopWriting.requestStop();
    }

private:
    void addField(QFormLayout& form, const QString& title, QWidget* field)
    {
        QLabel* label = makeLabel(title, this);
        label->setBuddy(field);
        label->ensurePolished(); // the style's font is a little wider than the one before it
        label->setMinimumWidth(label->sizeHint().width() + 6);
        form.addRow(label, field);
    }

    QLayout* makeForm()
    {
        auto* form = new QFormLayout;
        form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
        form->setHorizontalSpacing(14);
        form->setVerticalSpacing(8);
        m_folder = new PathEdit(u"folderStudy.folder"_s, FolderStudyText::tr("Folder of pictures"),
                                PathEdit::Kind::Folder, {}, this);
        addField(*form, FolderStudyText::tr("&Folder"), m_folder);
        m_name = new QLineEdit(this);
        nameWidget(m_name, u"folderStudy.name"_s, FolderStudyText::tr("Name of the study"));
        addField(*form, FolderStudyText::tr("&Name"), m_name);
        m_sessions = new QSpinBox(this);
        nameWidget(m_sessions, u"folderStudy.sessions"_s, FolderStudyText::tr("Sessions"));
        m_sessions->setRange(1, 1000);
        addField(*form, FolderStudyText::tr("&Sessions"), m_sessions);
        m_share = new QSpinBox(this);
        nameWidget(m_share, u"folderStudy.share"_s, FolderStudyText::tr("Test share"));
        m_share->setRange(1, 90);
        m_share->setValue(25);
        m_share->setSuffix(u" %"_s);
        addField(*form, FolderStudyText::tr("&Test share"), m_share);
        m_seed = new QSpinBox(this);
        nameWidget(m_seed, u"folderStudy.seed"_s, FolderStudyText::tr("Seed of the split"));
        m_seed->setRange(0, 1000000);
        addField(*form, FolderStudyText::tr("See&d"), m_seed);
        m_file = new QLineEdit(this);
        nameWidget(m_file, u"folderStudy.file"_s, FolderStudyText::tr("Study file"));
        addField(*form, FolderStudyText::tr("Study fi&le"), m_file);
        connect(m_folder, &PathEdit::pathChanged, this, [this] {
            m_found.reset();
            ++m_request;
            m_typing.start();
            check();
        });
        connect(m_file, &QLineEdit::textChanged, this, [this] { check(); });
        connect(m_sessions, &QSpinBox::valueChanged, this, [this] { check(); });
        return form;
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

    void readFolder()
    {
        const QString folder = m_folder->path().trimmed();
        m_stopReading.requestStop();
        m_stopReading = {};
        const int request = ++m_request;
        if (folder.isEmpty()) {
            check();
            return;
        }
        m_says->setText(FolderStudyText::tr("Looking through %1…").arg(folder));
        m_background->ask(
            this,
            [path = toPath(folder), stop = m_stopReading.token()] {
                return run::readPictureFolder(path, stop);
            },
            [this, request, folder](Result<run::PictureFolder> found) {
                if (request != m_request)
                    return;
                if (found) {
                    suggest(folder, *found);
                    m_found = std::move(*found);
                    check();
                } else {
                    tell(errorText(found.error()), true);
                }
            });
    }

    /// Values for what nobody has typed yet.
    void suggest(const QString& folder, const run::PictureFolder& found)
    {
        const QString name = QFileInfo(QDir::cleanPath(folder)).fileName();
        if (!m_name->isModified())
            m_name->setText(name);
        if (!m_file->isModified()) {
            m_file->setText(m_state.dataFolder() + u"/studies/"_s + name + u"/study.json"_s);
            m_file->setCursorPosition(0);
        }
        m_share->setEnabled(!found.hasSplits);
        m_seed->setEnabled(!found.hasSplits);
        const QString why =
            found.hasSplits ? FolderStudyText::tr("The folder is split already") : QString();
        m_share->setToolTip(why);
        m_seed->setToolTip(why);
    }

    void tell(const QString& text, bool isProblem)
    {
        m_says->setText(text);
        setStyleFlag(m_says, "problem", isProblem);
        m_make->setEnabled(!isProblem && m_found && !m_isWriting);
        m_make->setToolTip(m_make->isEnabled() ? QString() : text);
    }

    void check()
    {
        if (!m_found) {
            tell(m_folder->path().trimmed().isEmpty()
                     ? FolderStudyText::tr("Choose the folder of your pictures.")
                     : FolderStudyText::tr("Looking through the folder…"),
                 false);
            return;
        }
        const auto classes = static_cast<int>(m_found->classes.size());
        QStringList lines{FolderStudyText::tr("%1 classes, %2 pictures")
                              .arg(countText(classes), countText(m_found->pictures)) +
                          (m_found->hasSplits
                               ? FolderStudyText::tr(", already split into train and test")
                               : FolderStudyText::tr(", a share of each class becomes test"))};
        if (!m_found->empty.empty())
            lines << FolderStudyText::tr("%1 folders without pictures are left out, such as %2")
                         .arg(m_found->empty.size())
                         .arg(toQt(m_found->empty.front()));
        for (size_t i = 0; i < std::min<size_t>(3, m_found->problems.size()); ++i)
            lines << toQt(m_found->problems[i]);
        const bool isUneven = classes % m_sessions->value() != 0;
        if (m_sessions->value() > classes)
            return tell(FolderStudyText::tr("%1 classes cannot fill %2 sessions")
                            .arg(classes)
                            .arg(m_sessions->value()),
                        true);
        if (isUneven)
            lines << FolderStudyText::tr("The first %1 sessions have one class more")
                         .arg(classes % m_sessions->value());
        if (m_file->text().trimmed().isEmpty())
            return tell(FolderStudyText::tr("Say where the study file shall lie"), true);
        if (!QFileInfo(m_file->text().trimmed()).isAbsolute())
            return tell(FolderStudyText::tr("The study file needs a path that begins with /"),
                        true);
        tell(lines.join(u'\n'), false);
    }

    void confirmAndWrite()
    {
        if (!QFileInfo::exists(m_file->text().trimmed())) {
            write();
            return;
        }
        auto* box = new QMessageBox(
            QMessageBox::Question, FolderStudyText::tr("Replace the Study?"),
            FolderStudyText::tr("%1 exists. Replace it?").arg(m_file->text().trimmed()),
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
        run::FolderStudy wanted;
        wanted.source = *m_found;
        wanted.name = fromQt(m_name->text().trimmed());
        wanted.sessions = m_sessions->value();
        const int classes = static_cast<int>(m_found->classes.size());
        for (int s = 0; classes % wanted.sessions != 0 && s < wanted.sessions; ++s)
            wanted.sizes.push_back(classes / wanted.sessions +
                                   (s < classes % wanted.sessions ? 1 : 0));
        wanted.testShare = m_share->value() / 100.0;
        wanted.seed = static_cast<uint64_t>(m_seed->value());
        wanted.file = toPath(m_file->text().trimmed());
        m_isWriting = true;
        m_stopWriting = {};
        tell(FolderStudyText::tr("Writing the study and checking it…"), false);
        m_background->ask(
            this,
            [wanted, stop = m_stopWriting.token()] { return run::writeFolderStudy(wanted, stop); },
            [this, file = toQt(wanted.file)](const Result<void>& written) {
                m_isWriting = false;
                if (!written) {
                    tell(errorText(written.error()), true);
                    m_make->setEnabled(true); // after mending it, say, by another file
                    return;
                }
                m_state.reportDone(FolderStudyText::tr("The study was made"), file);
                m_state.requestPage(u"data"_s, Json{{"study", fromQt(file)}});
                accept();
            });
    }

    AppState& m_state;
    std::unique_ptr<Background> m_background;
    PathEdit* m_folder = nullptr;
    QLineEdit* m_name = nullptr;
    QSpinBox* m_sessions = nullptr;
    QSpinBox* m_share = nullptr;
    QSpinBox* m_seed = nullptr;
    QLineEdit* m_file = nullptr;
    QLabel* m_says = nullptr;
    QPushButton* m_make = nullptr;
    QTimer m_typing;
    StopSource m_stopReading, m_stopWriting;
    std::optional<run::PictureFolder> m_found;
    int m_request = 0;
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
