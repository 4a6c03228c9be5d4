// SPDX-License-Identifier: GPL-3.0-or-later
// Pre-training as the command does it: stopped, continued, and what it refuses to overwrite or
// trust.
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/demo/concepts.h"
#include "core/run/pretrain.h"
#include "core/weights/model_files.h"
#include "tests/support/require.h"

#include <opencv2/imgcodecs.hpp>

#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace clwb;
using namespace clwb::run;
namespace fs = std::filesystem;

namespace
{

/// A square of another colour for each of eight concepts.
void writeArt(const fs::path& folder)
{
    test::require(createFolders(folder / "plain"));
    std::string list;
    for (int id = 0; id < 8; ++id) {
        const cv::Mat picture(16, 16, CV_8UC4, cv::Scalar(30 * id, 90, 200, 255));
        const std::string& code = demo::allConcepts()[static_cast<size_t>(id)].code;
        const std::string file = "plain/" + code + ".png";
        test::require(cv::imwrite((folder / file).string(), picture));
        list += "plain\t" + code + "\t" + file + "\n";
    }
    test::require(writeFileAtomically(folder / "art.tsv", list));
}

Json tinySpec()
{
    return {
        {"sources", Json::array({"plain"})},
        {"vocabulary", 600},
        {"batch_size", 4},
        {"extra_texts", 2},
        {"state_interval", 1},
        {"threads", 1},
        {"steps", 4},
        {"warmup", 1},
        {"projection", 8},
        {"vision",
         {{"width", 8}, {"heads", 1}, {"layers", 1}, {"mlp", 8}, {"image_size", 16}, {"patch", 8}}},
        {"text", {{"width", 8}, {"heads", 1}, {"layers", 1}, {"mlp", 8}, {"context", 16}}}};
}

} // namespace

class TestPretrain : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;

    fs::path out() const { return m_root / "model"; }
    fs::path state() const { return m_root / "model.state"; }

    /// @param stopAfter steps to do; 0: all
    Result<fs::path> pretrain(const Json& spec, int64_t stopAfter = 0) const
    {
        test::require(writeFileAtomically(m_root / "spec.json", spec.dump()));
        StopSource stop;
        return pretrainModel(
            m_root / "spec.json",
            [&](const PretrainReport& report) {
                if (stopAfter > 0 && report.step >= stopAfter)
                    stop.requestStop();
            },
            stop.token());
    }

    std::string weights() const
    {
        const auto content = readFile(out() / "model.safetensors", 100'000'000);
        return content ? *content : std::string();
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = m_folder->path().toStdString();
        writeArt(m_root / "art");
    }

    void stoppedAndContinuedIsUninterrupted()
    {
        const auto whole = pretrain(tinySpec());
        QVERIFY2(whole, whole ? "" : toText(whole.error()).c_str());
        const std::string expected = weights();
        QVERIFY(expected.size() > 1000);
        fs::remove_all(out());
        fs::remove(state());
        const auto stopped = pretrain(tinySpec(), 2);
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Stopped);
        Json faster = tinySpec(); // what changes no result may change in between
        faster["loaders"] = 3;
        QVERIFY(pretrain(faster));
        QVERIFY(weights() == expected);
    }

    void anExistingFolderIsNotReplaced()
    {
        test::require(createFolders(out()));
        test::require(writeFileAtomically(out() / "thesis.txt", "years"));
        const auto refused = pretrain(tinySpec());
        QVERIFY(!refused && refused.error().code == ErrorCode::Usage);
        QVERIFY(refused.error().message.find("model") != std::string::npos);
        QVERIFY(fs::exists(out() / "thesis.txt"));
        fs::remove(out() / "thesis.txt"); // an empty folder may be filled
        QVERIFY(pretrain(tinySpec(), 1).error().code == ErrorCode::Stopped);
    }

    void theStateOfAnotherSpecIsRefused()
    {
        QVERIFY(!pretrain(tinySpec(), 1));
        const std::string before = weights();
        Json other = tinySpec();
        other["lr"] = 1e-4;
        const auto refused = pretrain(other);
        QVERIFY(!refused && refused.error().code == ErrorCode::Data);
        QVERIFY(refused.error().message.find("another spec") != std::string::npos);
        QVERIFY(weights() == before);
    }

    void aDamagedStateIsADataError()
    {
        QVERIFY(!pretrain(tinySpec(), 1));
        const std::string good = *readFile(state(), 100'000'000);
        const auto expectRefused = [&](std::string content) {
            test::require(writeFileAtomically(state(), content));
            const auto refused = pretrain(tinySpec());
            QVERIFY(!refused && refused.error().code == ErrorCode::Data);
        };
        expectRefused(good.substr(0, good.size() / 2));
        // A tensor under another name, and a description that is no JSON; sizes stay the same.
        const auto replaced = [&](const std::string& from, const std::string& to) {
            std::string content = good;
            const size_t place = content.find(from);
            test::require(place != std::string::npos && from.size() == to.size());
            return content.replace(place, from.size(), to);
        };
        expectRefused(replaced("\"model/logit_scale\"", "\"model/logit_scalf\""));
        expectRefused(replaced("\"adam.m/logit_scale\"", "\"adam.n/logit_scale\""));
        expectRefused(replaced("{\\\"step\\\"", "[\\\"step\\\""));
        test::require(writeFileAtomically(state(), good));
        QVERIFY(pretrain(tinySpec()));
    }
};

QTEST_APPLESS_MAIN(TestPretrain)
#include "tst_pretrain.moc"
