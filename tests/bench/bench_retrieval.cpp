// SPDX-License-Identifier: GPL-3.0-or-later
// The query list of the Retrieval page with 25 000 captions: each key of a search, each filter,
// each column sorted, all with the painting they cause. The project is not asked.
#include "figures.h"
#include "ui/bridge/picture_loader.h"
#include "ui/models/query_list_model.h"
#include "ui/widgets/query_view.h"

#include <algorithm>
#include <random>

namespace clwb::bench
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int kQueries = 25'000;

std::vector<ui::ComparedQuery> manyQueries()
{
    const QStringList words{u"a fox"_s,       u"two cups"_s,     u"beside"_s,       u"on a table"_s,
                            u"the bicycle"_s, u"a red car"_s,    u"at night"_s,     u"next to"_s,
                            u"children"_s,    u"playing with"_s, u"a tennis ball"_s};
    std::mt19937 random(1);
    std::vector<store::RetrievalQuery> a(kQueries);
    for (int at = 0; at < kQueries; ++at) {
        store::RetrievalQuery& query = a[static_cast<size_t>(at)];
        query.position = at;
        query.fold = at / 5000;
        query.queryId = at;
        query.imageId = at / 5;
        QString text;
        for (int word = 0; word < 5; ++word)
            text += words[static_cast<qsizetype>(random() % 11)] + u' ';
        query.text = text.toStdString();
        query.bestRank = static_cast<int64_t>(random() % 1000 * (random() % 1000) / 1000);
    }
    std::vector<store::RetrievalQuery> b = a;
    for (store::RetrievalQuery& query : b)
        query.bestRank = *query.bestRank / 2 + static_cast<int64_t>(random() % 20);
    return ui::joinQueries(a, b);
}

} // namespace

void measureRetrieval(Stage& stage)
{
    ui::QueryListModel model;
    ui::PictureLoader pictures;
    ui::QueryView view(&model, &pictures, u"queries"_s, u"Queries"_s);
    view.resize(380, 700);
    view.show();
    model.setQueries(manyQueries(), false);
    timeOf([] {});
    const auto select = [&](ui::QuerySelection selection) {
        return timeOf([&] { model.setSelection(std::move(selection)); });
    };
    double slowest = 0;
    const QString words = u"a red car night"_s;
    for (qsizetype length = 1; length <= words.size(); ++length)
        slowest = std::max(slowest, select({.words = words.left(length),
                                            .sortBy = ui::QueryColumn::Change,
                                            .isDescending = true}));
    stage.add(u"25 000 queries, search key, slowest"_s, slowest, u"ms"_s);
    slowest = 0;
    for (const ui::QueryOutcome outcome :
         {ui::QueryOutcome::Lost, ui::QueryOutcome::Gained, ui::QueryOutcome::BothHit,
          ui::QueryOutcome::BothMiss, ui::QueryOutcome::All})
        slowest = std::max(slowest, select({outcome, 10, {}, ui::QueryColumn::Change, true}));
    stage.add(u"25 000 queries, filter, slowest"_s, slowest, u"ms"_s);
    slowest = 0;
    for (int column = 0; column < ui::kQueryColumns; ++column) {
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder})
            slowest = std::max(slowest, timeOf([&] { view.sortByColumn(column, order); }));
    }
    stage.add(u"25 000 queries, sort, slowest column"_s, slowest, u"ms"_s);
}

} // namespace clwb::bench
