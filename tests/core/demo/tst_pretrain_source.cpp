// SPDX-License-Identifier: GPL-3.0-or-later
// Tests the pre-training stream on drawings made by the test: purity, coverage, curriculum, errors.
#include "core/demo/concepts.h"
#include "core/demo/pretrain_source.h"

#include <opencv2/imgcodecs.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>
#include <thread>

using namespace clwb;
using namespace clwb::demo;

namespace
{

// A coloured disc a concept, two sources.
bool writeArt(const QString& folder, int things)
{
    QByteArray list;
    for (const char* source : {"round", "square"}) {
        if (!QDir(folder).mkpath(source))
            return false;
        for (int id = 0; id < things; ++id) {
            cv::Mat picture(32, 32, CV_8UC4, cv::Scalar(0, 0, 0, 0));
            for (int y = 4; y < 28; ++y) {
                for (int x = 4; x < 28; ++x)
                    picture.at<cv::Vec4b>(y, x) = {static_cast<uint8_t>(9 * id), 90, 200, 255};
            }
            const std::string& code = allConcepts()[static_cast<size_t>(id)].code;
            const QString file = QString("%1/%2.png").arg(source, QString::fromStdString(code));
            if (!cv::imwrite(QString(folder + "/" + file).toStdString(), picture))
                return false;
            list += QByteArray(source) + "\t" + code.c_str() + "\t" + file.toUtf8() + "\n";
        }
    }
    QFile file(folder + "/art.tsv");
    return file.open(QIODevice::WriteOnly) && file.write(list) == list.size();
}

} // namespace

class TestPretrainSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void samplesArePureFunctions();
    void everyRoundShowsEveryConceptOnce();
    void scenesComeInTheSecondHalf();
    void captionsFitTheConcepts();
    void corpusHoldsNamesAndForms();
    void badRequestsAreRefused();
    void damagedListNamesTheLine();

private:
    std::filesystem::path art() const { return m_folder.path().toStdString(); }
    PretrainSource open(int side = 48) const
    {
        return *PretrainSource::open(art(), side, {"round", "square"});
    }
    QTemporaryDir m_folder;
};

void TestPretrainSource::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QVERIFY(writeArt(m_folder.path(), 12));
}

void TestPretrainSource::samplesArePureFunctions()
{
    const PretrainSource source = open();
    std::vector<PretrainSample> first(64);
    std::vector<PretrainSample> second(64);
    // Backwards in another thread: neither order nor thread may matter.
    std::thread other([&] {
        for (uint64_t i = 64; i > 0; --i)
            second[i - 1] = source.sample(5, i - 1, 0.8);
    });
    for (uint64_t i = 0; i < 64; ++i)
        first[i] = source.sample(5, i, 0.8);
    other.join();
    bool seedMatters = false;
    for (size_t i = 0; i < 64; ++i) {
        QCOMPARE(first[i].image.width, 48);
        QCOMPARE(first[i].image.height, 48);
        QCOMPARE(first[i].image.pixels.size(), size_t{3 * 48 * 48});
        QVERIFY(first[i].image.pixels == second[i].image.pixels);
        QCOMPARE(first[i].caption, second[i].caption);
        QVERIFY(first[i].concepts == second[i].concepts);
        seedMatters = seedMatters || source.sample(6, i, 0.8).image.pixels != first[i].image.pixels;
    }
    QVERIFY(seedMatters);
}

void TestPretrainSource::everyRoundShowsEveryConceptOnce()
{
    const PretrainSource source = open(16);
    QCOMPARE(source.conceptCount(), 12);
    std::set<std::vector<int>> orders;
    for (uint64_t round = 0; round < 4; ++round) {
        std::vector<int> order;
        for (uint64_t i = 0; i < 12; ++i)
            order.push_back(source.sample(1, 12 * round + i, 1.0).concepts.front());
        orders.insert(order);
        std::sort(order.begin(), order.end());
        for (int id = 0; id < 12; ++id)
            QCOMPARE(order[static_cast<size_t>(id)], id);
    }
    QVERIFY(orders.size() > 1);
}

void TestPretrainSource::scenesComeInTheSecondHalf()
{
    const PretrainSource source = open(16);
    int early = 0;
    int late = 0;
    for (uint64_t i = 0; i < 1000; ++i) {
        early += source.sample(2, i, 0.49).concepts.size() > 1 ? 1 : 0;
        late += source.sample(2, i, 0.51).concepts.size() > 1 ? 1 : 0;
    }
    QCOMPARE(early, 0);
    // 20 % of 1000, standard deviation 13.
    QVERIFY2(std::abs(late - 200) < 80, qPrintable(QString::number(late)));
}

void TestPretrainSource::captionsFitTheConcepts()
{
    const PretrainSource source = open(16);
    int named = 0;
    for (uint64_t i = 0; i < 500; ++i) {
        const PretrainSample sample = source.sample(3, i, 1.0);
        QVERIFY(!sample.concepts.empty() && sample.concepts.size() <= 3);
        bool allNamed = true;
        for (const int id : sample.concepts) {
            const Concept& item = allConcepts()[static_cast<size_t>(id)];
            const auto holds = [&](const std::string& word) {
                return sample.caption.find(word) != std::string::npos;
            };
            QVERIFY2(holds(item.name) ||
                         std::any_of(item.keywords.begin(), item.keywords.end(), holds),
                     sample.caption.c_str());
            allNamed = allNamed && holds(item.name);
        }
        named += allNamed ? 1 : 0;
    }
    QVERIFY(named > 350); // keywords alone stand in 15 % of the single-thing captions at most
}

void TestPretrainSource::corpusHoldsNamesAndForms()
{
    const PretrainSource source = open(16);
    const std::vector<std::string> corpus = source.captionCorpus();
    const std::vector<std::string> names = source.conceptNames();
    QCOMPARE(names.size(), allConcepts().size());
    QCOMPARE(names[5], allConcepts()[5].name);
    const std::set<std::string> all(corpus.begin(), corpus.end());
    QVERIFY(all.contains("this is a photo of thing."));
    QVERIFY(all.contains("soccer ball"));
    QVERIFY(all.contains("a thing next to a thing"));
}

void TestPretrainSource::badRequestsAreRefused()
{
    QCOMPARE(PretrainSource::open(art(), 15, {"round"}).error().code, ErrorCode::Usage);
    QCOMPARE(PretrainSource::open(art(), 48, {}).error().code, ErrorCode::Usage);
    const auto unknown = PretrainSource::open(art(), 48, {"round", "oval"});
    QCOMPARE(unknown.error().code, ErrorCode::Usage);
    QVERIFY(unknown.error().message.find("oval") != std::string::npos);
    const auto absent = PretrainSource::open(art() / "absent", 48, {"round"});
    QCOMPARE(absent.error().code, ErrorCode::Data);
    QVERIFY(absent.error().hint.find("fetch_art.py") != std::string::npos);
}

void TestPretrainSource::damagedListNamesTheLine()
{
    for (const char* content : {"round\t1f415\n", "round\t1f600\tround/x.png\n",
                                "round\t1f415\t../outside.png\n", "round\t1f415\tround/no.png\n"}) {
        QTemporaryDir folder;
        QFile file(folder.filePath("art.tsv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto opened = PretrainSource::open(folder.path().toStdString(), 48, {"round"});
        QVERIFY2(!opened, content);
        QCOMPARE(opened.error().code, ErrorCode::Data);
    }
}

QTEST_APPLESS_MAIN(TestPretrainSource)
#include "tst_pretrain_source.moc"
