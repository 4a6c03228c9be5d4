// SPDX-License-Identifier: GPL-3.0-or-later
// Work queue: every item once, waiting at both ends, closing, timed waiting; stop tokens.
#include "core/base/stop_token.h"
#include "core/base/work_queue.h"
#include "tests/plain/check.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

using clwb::WorkQueue;
using std::chrono::milliseconds;

namespace
{

void deliversEveryItemOnce()
{
    constexpr int kItems = 3000;
    WorkQueue<int> queue(7); // small: producers must wait
    std::vector<std::atomic<int>> seen(2 * kItems);
    std::vector<std::thread> consumers;
    for (int i = 0; i < 3; ++i) {
        consumers.emplace_back([&] {
            while (const auto item = queue.pop())
                ++seen[static_cast<size_t>(*item)];
        });
    }
    std::vector<std::thread> producers;
    for (int part = 0; part < 2; ++part) {
        producers.emplace_back([&queue, part] {
            for (int i = 0; i < kItems; ++i)
                CHECK(queue.push(part * kItems + i));
        });
    }
    for (std::thread& thread : producers)
        thread.join();
    queue.close();
    for (std::thread& thread : consumers)
        thread.join();
    int wrong = 0;
    for (const auto& count : seen)
        wrong += count.load() == 1 ? 0 : 1;
    CHECK_EQUAL(wrong, 0);
}

void closeWakesBothEnds()
{
    WorkQueue<int> full(1);
    CHECK(full.push(1));
    std::thread producer([&] { CHECK(!full.push(2)); });
    WorkQueue<int> empty(1);
    std::thread consumer([&] { CHECK(!empty.pop().has_value()); });
    std::this_thread::sleep_for(milliseconds(20));
    full.close();
    empty.close();
    producer.join();
    consumer.join();
    CHECK_EQUAL(full.pop().value_or(0), 1); // what was accepted is still delivered
    CHECK(full.isDrained());
    CHECK(!full.push(3));
}

void timedPopGivesUp()
{
    WorkQueue<std::unique_ptr<int>> queue(2);
    const auto start = std::chrono::steady_clock::now();
    CHECK(!queue.popFor(milliseconds(30)).has_value());
    CHECK(std::chrono::steady_clock::now() - start >= milliseconds(30));
    std::thread producer([&] {
        std::this_thread::sleep_for(milliseconds(10));
        queue.push(std::make_unique<int>(5));
    });
    const auto item = queue.popFor(milliseconds(20000));
    CHECK(item.has_value() && **item == 5);
    producer.join();
    CHECK(!queue.isDrained());
}

void stopTokensReachOtherThreads()
{
    const clwb::StopSource source;
    CHECK(!clwb::StopToken().stopRequested());
    std::thread worker([token = source.token()] {
        while (!token.stopRequested())
            std::this_thread::yield();
    });
    source.requestStop();
    worker.join();
    CHECK(source.token().stopRequested());
}

} // namespace

int main()
{
    RUN_CASE(deliversEveryItemOnce);
    RUN_CASE(closeWakesBothEnds);
    RUN_CASE(timedPopGivesUp);
    RUN_CASE(stopTokensReachOtherThreads);
    return clwb::test::result();
}
