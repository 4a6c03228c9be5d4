// SPDX-License-Identifier: GPL-3.0-or-later
// Mailbox: order per producer, nothing lost, merging only when full.
#include "core/base/mailbox.h"
#include "tests/plain/check.h"

#include <atomic>
#include <map>
#include <thread>
#include <vector>

using clwb::Mailbox;

namespace
{

struct Event
{
    int producer = 0;
    int number = 0;
    int merged = 0;
};

void keepsOrderOfEachProducer()
{
    constexpr int kProducers = 4;
    constexpr int kEvents = 2000;
    Mailbox<Event> box;
    std::atomic<int> running{kProducers};
    std::vector<std::thread> threads;
    for (int producer = 0; producer < kProducers; ++producer) {
        threads.emplace_back([&box, &running, producer] {
            for (int number = 0; number < kEvents; ++number)
                box.push({producer, number, 0});
            --running;
        });
    }
    std::map<int, int> next;
    int taken = 0;
    const auto drain = [&] {
        for (const Event& event : box.takeAll()) {
            CHECK_EQUAL(event.number, next[event.producer]);
            next[event.producer] = event.number + 1;
            ++taken;
        }
    };
    while (running.load() > 0)
        drain();
    for (std::thread& thread : threads)
        thread.join();
    drain();
    CHECK_EQUAL(taken, kProducers * kEvents);
    CHECK(box.takeAll().empty());
}

void mergesOnlyWhenFull()
{
    Mailbox<Event> box(2, [](Event& last, const Event& next) {
        if (last.producer != next.producer)
            return false;
        last.number = next.number;
        ++last.merged;
        return true;
    });
    box.push({0, 0, 0});
    box.push({0, 1, 0});
    box.push({0, 2, 0}); // full: folded into the last
    box.push({1, 3, 0}); // full, but another kind: kept
    const auto events = box.takeAll();
    CHECK_EQUAL(events.size(), size_t{3});
    CHECK_EQUAL(events[1].number, 2);
    CHECK_EQUAL(events[1].merged, 1);
    CHECK_EQUAL(events[2].producer, 1);
}

} // namespace

int main()
{
    RUN_CASE(keepsOrderOfEachProducer);
    RUN_CASE(mergesOnlyWhenFull);
    return clwb::test::result();
}
