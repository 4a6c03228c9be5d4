// SPDX-License-Identifier: GPL-3.0-or-later
// Tests the plan of the demo world: counts, bounds, combinations, captions.
#include "core/demo/captions.h"
#include "core/demo/concepts.h"
#include "core/demo/world_plan.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace clwb;
using namespace clwb::demo;

class TestWorldPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyClassHasItsCrops();
    void boxesLieInsideTheirScene();
    void scenesSeldomRepeatAClass();
    void retrievalCombinationsAreUnique();
    void captionsNameEverything();
    void planDependsOnTheSeedOnly();
};

void TestWorldPlan::everyClassHasItsCrops()
{
    const WorldPlan plan = planWorld({});
    std::map<std::pair<Split, int>, int> counts;
    std::set<uint64_t> ids;
    for (const CropScene& scene : plan.cropScenes) {
        QVERIFY(ids.insert(scene.id).second);
        QVERIFY(scene.captions.size() == 5);
        for (const LabelledBox& box : scene.boxes)
            ++counts[{scene.split, box.label}];
    }
    QCOMPARE(counts.size(), size_t{240});
    for (const auto& [key, count] : counts)
        QCOMPARE(count, key.first == Split::Train ? 40 : key.first == Split::Val ? 10 : 15);
    QCOMPARE(plan.zeroShotImages.size(), size_t{(351 + 160) * 5});
    std::array<int, 3> scenes{};
    for (const RetrievalScene& scene : plan.retrievalScenes)
        ++scenes[static_cast<size_t>(scene.split)];
    QCOMPARE(scenes[static_cast<size_t>(Split::Test)], 500);
    QVERIFY(scenes[static_cast<size_t>(Split::Val)] > 0);
    QVERIFY(scenes[static_cast<size_t>(Split::Train)] > 0);
}

void TestWorldPlan::boxesLieInsideTheirScene()
{
    const WorldPlan plan = planWorld({});
    for (const CropScene& scene : plan.cropScenes) {
        QVERIFY(!scene.boxes.empty() && scene.boxes.size() <= 6);
        for (const LabelledBox& labelled : scene.boxes) {
            const PixelBox& box = labelled.box;
            QVERIFY(box.x0 >= 0 && box.y0 >= 0 && box.x1 <= scene.width && box.y1 <= scene.height);
            // Never so narrow that the centre crop would lose the thing.
            const int width = box.x1 - box.x0;
            const int height = box.y1 - box.y0;
            QVERIFY(width > 60 && height > 60 && 3 * width < 4 * height && 3 * height < 4 * width);
        }
    }
}

void TestWorldPlan::scenesSeldomRepeatAClass()
{
    const WorldPlan plan = planWorld({});
    size_t repeated = 0;
    for (const CropScene& scene : plan.cropScenes) {
        std::set<int> labels;
        for (const LabelledBox& box : scene.boxes)
            labels.insert(box.label);
        repeated += labels.size() < scene.boxes.size() ? 1 : 0;
    }
    QVERIFY2(repeated * 100 < plan.cropScenes.size(), qPrintable(QString::number(repeated)));
}

void TestWorldPlan::retrievalCombinationsAreUnique()
{
    const WorldPlan plan = planWorld({});
    std::set<std::vector<int>> combinations;
    for (const RetrievalScene& scene : plan.retrievalScenes) {
        std::vector<int> key = scene.concepts;
        std::sort(key.begin(), key.end());
        QVERIFY(key.size() == 2 || key.size() == 3);
        QVERIFY(std::adjacent_find(key.begin(), key.end()) == key.end());
        QVERIFY(combinations.insert(key).second);
    }
}

void TestWorldPlan::captionsNameEverything()
{
    const WorldPlan plan = planWorld({});
    for (const RetrievalScene& scene : plan.retrievalScenes) {
        QCOMPARE(scene.captions.size(), size_t{5});
        QCOMPARE(std::set<std::string>(scene.captions.begin(), scene.captions.end()).size(),
                 size_t{5});
        for (const std::string& caption : scene.captions) {
            for (const int id : scene.concepts) {
                const std::string& name = allConcepts()[static_cast<size_t>(id)].name;
                QVERIFY2(caption.find(name) != std::string::npos, caption.c_str());
            }
        }
    }
}

void TestWorldPlan::planDependsOnTheSeedOnly()
{
    WorldSizes other;
    other.seed = 1;
    const WorldPlan first = planWorld({});
    const WorldPlan again = planWorld({});
    const WorldPlan different = planWorld(other);
    QCOMPARE(first.cropScenes.size(), again.cropScenes.size());
    bool isSame = true;
    for (size_t i = 0; i < first.retrievalScenes.size(); ++i) {
        QVERIFY(first.retrievalScenes[i].captions == again.retrievalScenes[i].captions);
        isSame =
            isSame && first.retrievalScenes[i].concepts == different.retrievalScenes[i].concepts;
    }
    QVERIFY(!isSame);
    QVERIFY(first.classes.zeroShot == different.classes.zeroShot);
}

QTEST_APPLESS_MAIN(TestWorldPlan)
#include "tst_world_plan.moc"
