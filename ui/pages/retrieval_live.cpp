// SPDX-License-Identifier: GPL-3.0-or-later
// The Retrieval page: free text, words shuffled and a dropped picture, encoded by both models when
// they are asked for. Only where the engine offers it.
#include "core/metrics/folds.h"
#include "ui/bridge/background.h"
#include "ui/bridge/picture_loader.h"
#include "ui/bridge/qt_text.h"
#include "ui/models/query_list_model.h"
#include "ui/pages/retrieval_page.h"
#include "ui/shell/app_state.h"
#include "ui/widgets/building.h"
#include "ui/widgets/query_view.h"
#include "ui/widgets/ranked_card.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>

#include <algorithm>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

constexpr const char* kPictureSuffixes[] = {".jpg", ".jpeg", ".png", ".webp", ".bmp"};

std::optional<int64_t> rankOfTruth(const std::vector<store::RankedCandidate>& candidates)
{
    const auto found = std::find_if(candidates.begin(), candidates.end(),
                                    [](const auto& candidate) { return candidate.isRelevant; });
    return found == candidates.end() ? std::nullopt : std::optional(found->rank);
}

/// "among the 500 images of Scenes": ranks of a free query mean nothing without it.
QString poolText(const RankedSet& set, bool areCaptions, std::optional<int> fold)
{
    const QString name = toQt(set.name);
    if (!fold) {
        return areCaptions
                   ? countedText(set.captions, RetrievalPage::tr("among the %1 caption of %2"),
                                 RetrievalPage::tr("among the %1 captions of %2"))
                         .arg(name)
                   : countedText(set.images, RetrievalPage::tr("among the %1 image of %2"),
                                 RetrievalPage::tr("among the %1 images of %2"))
                         .arg(name);
    }
    // A fold's captions are not counted here.
    const int64_t images = metrics::foldBegin(set.images, set.folds, *fold + 1) -
                           metrics::foldBegin(set.images, set.folds, *fold);
    const QString text =
        areCaptions
            ? countedText(images,
                          RetrievalPage::tr("among the captions of the %1 image in fold %2 of %3"),
                          RetrievalPage::tr("among the captions of the %1 images in fold %2 of %3"))
            : countedText(images, RetrievalPage::tr("among the %1 image in fold %2 of %3"),
                          RetrievalPage::tr("among the %1 images in fold %2 of %3"));
    return RetrievalPage::tr("%1 of %2").arg(text.arg(*fold + 1).arg(set.folds), name);
}

} // namespace

QWidget* RetrievalPage::makeLive(QWidget* parent)
{
    auto* live = new QWidget(parent);
    auto* column = new QVBoxLayout(live);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_freeText = new QLineEdit(live);
    nameWidget(m_freeText, u"retrieval.free"_s, tr("Any text, for both models"));
    m_freeText->setPlaceholderText(tr("Any text, Enter asks both models"));
    m_freeText->setClearButtonEnabled(true);
    m_freeText->setMaxLength(2000);
    column->addWidget(m_freeText);
    auto* line = new QHBoxLayout;
    m_shuffle = new QCheckBox(tr("Words shuffled"), live);
    nameWidget(m_shuffle, u"retrieval.shuffle"_s, tr("Words shuffled"));
    m_shuffle->setToolTip(tr("Asks with the words of the text, or of the caption that is chosen, "
                             "in another order: how much does order count?"));
    line->addWidget(m_shuffle);
    line->addStretch(1);
    QPushButton* picture = makeLink(u"retrieval.picture"_s, tr("Picture…"), live);
    picture->setToolTip(tr("Ranks the captions for a picture of yours; or drop it on the page"));
    line->addWidget(picture);
    column->addLayout(line);
    connect(m_freeText, &QLineEdit::returnPressed, this, &RetrievalPage::retrieveText);
    connect(m_freeText, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty() && m_live != Live::Nothing && !m_shuffle->isChecked())
            showStored();
    });
    connect(m_freeText, &QLineEdit::textEdited, this, [this] { m_isTextPast = false; });
    connect(m_shuffle, &QCheckBox::toggled, this, [this](bool isOn) {
        if (isOn && m_isTextPast && m_live == Live::Nothing)
            m_freeText->clear(); // meant is the caption that is shown
        if (isOn || !m_freeText->text().isEmpty())
            retrieveText();
        else if (m_live != Live::Nothing)
            showStored();
    });
    connect(picture, &QPushButton::clicked, this, [this] {
        auto* dialog = new QFileDialog(this, tr("Find Captions for a Picture"));
        dialog->setObjectName(u"retrieval.pictureFile"_s);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilter(tr("Pictures (*.jpg *.jpeg *.png *.webp *.bmp)"));
        connect(dialog, &QFileDialog::fileSelected, this, &RetrievalPage::retrievePicture);
        dialog->open();
    });
    return live;
}

void RetrievalPage::retrieveText()
{
    Question question;
    question.query = m_freeText->text().trimmed();
    question.fold = chosenFold();
    const ComparedQuery* const caption =
        direction() == store::Direction::TextToImage ? currentQuery() : nullptr;
    if (question.query.isEmpty() && caption) { // the caption itself, shuffled
        question.query = caption->text;
        question.truth = caption->imageId;
        if (const auto set = chosenSet(); set && set->a.folds > 1)
            question.fold = caption->fold; // so that its rank compares with the stored one
    }
    m_live = question.query.isEmpty() ? Live::Nothing : Live::Text;
    if (m_live == Live::Nothing)
        return;
    question.text = fromQt(question.query);
    retrieve(question);
}

void RetrievalPage::retrievePicture(const QString& file)
{
    m_live = Live::Picture;
    m_livePicture = file;
    Question question;
    question.query = QFileInfo(file).fileName();
    question.image = toPath(file);
    question.fold = chosenFold();
    retrieve(question);
}

void RetrievalPage::retrieveAgain()
{
    if (m_live == Live::Picture)
        retrievePicture(m_livePicture);
    else
        retrieveText();
}

void RetrievalPage::retrieve(const Question& question)
{
    const auto set = chosenSet();
    const RankedModel* a = modelOf(m_a->model());
    const RankedModel* b = modelOf(m_b->model());
    if (!set || !a || !b)
        return;
    RetrieveRequest request;
    request.project = toPath(state().projectFile());
    request.a = {set->a.runId, set->a.session, a->sha256, set->a.runs};
    request.b = {set->b.runId, set->b.session, b->sha256, set->b.runs};
    request.setName = set->a.name;
    request.listId = set->a.listId;
    request.fold = question.fold;
    request.text = question.text;
    request.image = question.image;
    request.truthImage = question.truth;
    if (m_shuffle->isChecked() && question.image.empty())
        request.shuffleSeed = 0;
    if (m_liveStop) // only the last question counts
        m_liveStop->requestStop(StopPoint::Now);
    m_liveStop = std::make_unique<StopSource>();
    const int number = ++m_liveRequest;
    ++m_candidateRequest; // stored ones that are being read come too late
    ++m_loading;
    m_queryDetail->setText(tr("encoding with both models…"));
    m_background->ask(
        this,
        [ask = state().engine().retrieve, request = std::move(request),
         stop = m_liveStop->token()] { return ask(request, stop); },
        [this, number, question](const RetrieveAnswer& answer) {
            --m_loading;
            if (number == m_liveRequest)
                showAnswer(question, answer);
        });
}

void RetrievalPage::showAnswer(const Question& question, const RetrieveAnswer& answer)
{
    ShownRetrieval shown;
    shown.direction =
        question.image.empty() ? store::Direction::TextToImage : store::Direction::ImageToText;
    if (const auto set = chosenSet()) {
        shown.setName = toQt(set->a.name);
        shown.pool = poolText(set->a, shown.areCaptions(), question.fold);
    }
    shown.query = answer.text.empty() ? question.query : toQt(answer.text);
    shown.isFree = true;
    const auto sideOf = [](const QComboBox* model, const RetrieveRanking& ranking) {
        return ShownRetrieval::Side{
            model->currentText(), rankOfTruth(ranking.candidates), ranking.candidates,
            ranking.lacksModel
                ? tr("The results of this model are stored in the project, but the "
                     "model is not on this computer: it can't be asked anything new.")
                : ranking.problem};
    };
    shown.a = sideOf(m_a->model(), answer.a);
    shown.b = sideOf(m_b->model(), answer.b);
    showCandidates(std::move(shown));
    tellLacking(answer.a.lacksModel, answer.b.lacksModel);
}

QString RetrievalPage::droppedPicture(const QMimeData* mime) const
{
    if (!m_freeText || m_models.empty() || !mime->hasUrls() || mime->urls().size() != 1 ||
        !mime->urls().front().isLocalFile())
        return {};
    const QString file = mime->urls().front().toLocalFile();
    const bool isPicture =
        std::any_of(std::begin(kPictureSuffixes), std::end(kPictureSuffixes), [&](const char* end) {
            return file.endsWith(QLatin1StringView(end), Qt::CaseInsensitive);
        });
    return isPicture ? file : QString();
}

void RetrievalPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (droppedPicture(event->mimeData()).isEmpty())
        event->ignore(); // the window says what it takes
    else
        event->acceptProposedAction();
}

void RetrievalPage::dropEvent(QDropEvent* event)
{
    const QString file = droppedPicture(event->mimeData());
    if (file.isEmpty())
        return;
    event->acceptProposedAction();
    retrievePicture(file);
}

} // namespace clwb::ui
