// SPDX-License-Identifier: GPL-3.0-or-later
// How long a confusion matrix takes to draw, in the paper's two sizes: 80 trained classes and 351
// zero-shot ones; and how long 35 000 pictures take to be counted and chosen.
#include "figures.h"
#include "ui/models/confusion.h"
#include "ui/models/image_outcomes.h"
#include "ui/plots/confusion_view.h"

#include <algorithm>
#include <limits>
#include <random>

namespace clwb::bench
{

using namespace Qt::StringLiterals;

namespace
{

ui::ImagePair randomPair(int classes, int pictures)
{
    std::mt19937 random(1);
    auto items = std::make_shared<store::PredictionItems>();
    items->classes.resize(static_cast<size_t>(classes));
    const auto predict = [&] {
        auto predictions = std::make_shared<store::Predictions>();
        predictions->top = 1;
        for (const int32_t label : items->labels) {
            const bool isRight = random() % 3 != 0;
            predictions->classes.push_back(
                isRight ? label : static_cast<int32_t>(random() % static_cast<unsigned>(classes)));
            predictions->probabilities.push_back(0.5F);
            predictions->truthRanks.push_back(isRight ? 0 : 1);
            predictions->truthProbabilities.push_back(static_cast<float>(random() % 1000) / 1000);
        }
        return predictions;
    };
    for (int picture = 0; picture < pictures; ++picture) {
        items->images.push_back(picture);
        items->labels.push_back(static_cast<int32_t>(random() % static_cast<unsigned>(classes)));
    }
    return {items, predict(), predict()};
}

/// Milliseconds of `act` alone, without the events of the window behind; of five the quickest.
double quickest(const std::function<void()>& act)
{
    double best = std::numeric_limits<double>::max();
    for (int time = 0; time < 5; ++time) {
        QElapsedTimer timer;
        timer.start();
        act();
        best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    return best;
}

} // namespace

void measureConfusion(Stage& stage)
{
    for (const int classes : {80, 351}) {
        const ui::ImagePair pair = randomPair(classes, 35'000);
        ui::Confusion a;
        stage.add(u"35 000 pictures of %1 classes counted"_s.arg(classes),
                  quickest([&] { a = ui::confusionOf(*pair.items, *pair.a); }), u"ms"_s);
        stage.add(u"35 000 pictures ordered by what they lost"_s,
                  quickest([&] { (void)ui::chosenImages(pair, {}); }), u"ms"_s);
        ui::ConfusionView view(u"bench"_s);
        view.resize(900, 900);
        view.show();
        ui::ConfusionData data;
        data.values = std::make_shared<std::vector<float>>(
            ui::confusionChange(a, ui::confusionOf(*pair.items, *pair.b)));
        data.isDifference = true;
        for (int number = 0; number < classes; ++number) {
            data.order.push_back(number);
            data.sessions.push_back(1 + 8 * number / classes);
            data.names << u"class %1"_s.arg(number);
        }
        waitFor([] { return true; });
        stage.add(u"confusion %1 × %1, 900 pixels, new data"_s.arg(classes), quickest([&] {
                      view.setData(data);
                      view.repaint();
                  }),
                  u"ms"_s);
        stage.add(u"confusion %1 × %1, drawn again"_s.arg(classes),
                  quickest([&] { view.repaint(); }), u"ms"_s);
    }
}

} // namespace clwb::bench
