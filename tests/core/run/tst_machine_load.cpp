// SPDX-License-Identifier: GPL-3.0-or-later
// The load of the machine against what this test does to it.
#include "core/run/machine_load.h"

#include <QtTest>

#include <ctime>
#include <filesystem>
#include <thread>
#include <vector>

using namespace clwb;

class TestMachineLoad : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsOwnWork()
    {
        run::MachineSampler sampler;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        const double atRest = sampler.sample({}).cpuPercent;
        const std::clock_t start = std::clock();
        while (std::clock() - start < CLOCKS_PER_SEC / 5) {
        }
        const double atWork = sampler.sample({}).cpuPercent;
        QVERIFY(atRest >= 0 && atRest < atWork && atWork <= 100);
    }

    void countsOwnMemory()
    {
        run::MachineSampler sampler;
        const uint64_t before = sampler.sample({}).residentBytes;
        const std::vector<char> block(size_t{64} << 20, 'x');
        const uint64_t after = sampler.sample({}).residentBytes;
        QVERIFY(before > 0 && block.back() == 'x');
        QVERIFY(after >= before + (uint64_t{60} << 20));
    }

    void tellsTheDiskOfAFolder()
    {
        run::MachineSampler sampler;
        const auto folder = std::filesystem::temp_directory_path();
        const auto load = sampler.sample(folder);
        QVERIFY(load.freeDiskBytes &&
                *load.freeDiskBytes <= std::filesystem::space(folder).capacity);
        QVERIFY(!sampler.sample({}).freeDiskBytes);
        QVERIFY(!sampler.sample("/no/such/folder").freeDiskBytes);
    }
};

QTEST_GUILESS_MAIN(TestMachineLoad)
#include "tst_machine_load.moc"
