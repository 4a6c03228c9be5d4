// SPDX-License-Identifier: GPL-3.0-or-later
// IMM's merged weights in each chaining against sums over doubles, and what a resumed one knows.
#include "core/base/random_stream.h"
#include "core/methods/method.h"

#include <ATen/ops/empty.h>

#include <QtTest>

#include <cmath>
#include <cstring>

using namespace clwb;
using namespace clwb::methods;

namespace
{

constexpr size_t kNumbers = 21;
const std::vector<std::string> kNames{"text_projection.weight", "visual_projection.weight"};

/// Weights after a session's training, or the start (0): trained tensors and a frozen one.
model::Parameters weightsOf(int session)
{
    model::Parameters parameters;
    for (const char* name : {"logit_scale", "text_projection.weight", "visual_projection.weight"}) {
        const bool frozen = name[0] == 'l';
        RandomStream stream =
            RandomStream::named(7, name, {static_cast<uint64_t>(frozen ? 0 : session)});
        at::Tensor tensor = at::empty({static_cast<int64_t>(kNumbers)}, at::kFloat);
        for (size_t i = 0; i < kNumbers; ++i)
            tensor.mutable_data_ptr<float>()[i] = static_cast<float>(stream.normal());
        parameters.emplace(name, tensor);
    }
    return parameters;
}

double numberOf(const model::Parameters& parameters, const std::string& name, size_t i)
{
    return static_cast<double>(parameters.at(name).const_data_ptr<float>()[i]);
}

bool sameBits(const model::Parameters& a, const model::Parameters& b)
{
    for (const auto& [name, tensor] : a) {
        if (std::memcmp(tensor.const_data_ptr(), b.at(name).const_data_ptr(), tensor.nbytes()) != 0)
            return false;
    }
    return a.size() == b.size();
}

/// Ends sessions 1 … of a method and keeps what each left behind.
struct Sequence
{
    explicit Sequence(const std::string& chaining, double alpha)
    {
        params.immChaining = chaining;
        params.alpha = alpha;
    }

    const SessionOutcome& end(int session)
    {
        SessionInfo info;
        info.session = session;
        info.sessions = 4;
        const model::Parameters trained = weightsOf(session);
        const model::Parameters before = outcomes.empty() ? weightsOf(0) : outcomes.back().result;
        outcomes.push_back(method->endSession({info, params, before, trained, kNames, {}}));
        return outcomes.back();
    }

    std::unique_ptr<Method> method = findMethod("imm")->create();
    spec::MethodParams params;
    std::vector<SessionOutcome> outcomes;
};

/// algorithms.md §5.6 written down again, in doubles. θ_1 … are weightsOf(1) …, whatever was
/// merged.
double expected(const std::string& chaining, double alpha, int session, const std::string& name,
                size_t i)
{
    const auto raw = [&](int s) { return numberOf(weightsOf(s), name, i); };
    double old = 0;
    if (chaining == "merged")
        old = session == 1 ? raw(0) : expected(chaining, alpha, session - 1, name, i);
    else if (chaining == "unmerged")
        old = raw(session - 1);
    else
        for (int k = 0; k < session; ++k)
            old += raw(k) / session;
    return (1 - alpha) * old + alpha * raw(session);
}

} // namespace

class TestImm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void convexCombinations_data()
    {
        QTest::addColumn<QString>("chaining");
        QTest::addColumn<double>("alpha");
        for (const char* chaining : {"merged", "unmerged", "original_imm"}) {
            for (const double alpha : {0.0, 0.3, 0.5, 1.0})
                QTest::addRow("%s %g", chaining, alpha) << chaining << alpha;
        }
    }

    void convexCombinations()
    {
        QFETCH(QString, chaining);
        QFETCH(double, alpha);
        Sequence sequence(chaining.toStdString(), alpha);
        for (int session = 1; session <= 4; ++session) {
            const SessionOutcome& outcome = sequence.end(session);
            QCOMPARE(outcome.mergeAlpha.value(), alpha);
            QVERIFY(sameBits({{"logit_scale", outcome.result.at("logit_scale")}},
                             {{"logit_scale", weightsOf(0).at("logit_scale")}}));
            const model::Parameters trained = weightsOf(session);
            QVERIFY(sameBits(outcome.continued, chaining == "merged" ? outcome.result : trained));
            for (const std::string& name : kNames) {
                for (size_t i = 0; i < kNumbers; ++i) {
                    const double wanted = expected(chaining.toStdString(), alpha, session, name, i);
                    // Single precision sums of at most five numbers near 1.
                    QVERIFY(std::abs(numberOf(outcome.result, name, i) - wanted) < 2e-6);
                }
            }
        }
    }

    void endPointsToTheBit()
    {
        for (const char* chaining : {"merged", "unmerged", "original_imm"}) {
            Sequence all(chaining, 1);
            Sequence nothing(chaining, 0);
            for (int session = 1; session <= 3; ++session)
                QVERIFY(sameBits(all.end(session).result, weightsOf(session)));
            QVERIFY(sameBits(nothing.end(1).result, weightsOf(0)));
            nothing.end(2);
            if (chaining[0] != 'o') // a mean of several is no end point
                QVERIFY(sameBits(nothing.outcomes.back().result,
                                 weightsOf(chaining[0] == 'u' ? 1 : 0)));
        }
    }

    // A run that is stopped after any session goes on with the same bits.
    void stateIsAllThatCounts()
    {
        for (const char* chaining : {"merged", "unmerged", "original_imm"}) {
            Sequence whole(chaining, 0.3);
            for (int session = 1; session <= 4; ++session)
                whole.end(session);
            for (int stop = 1; stop <= 3; ++stop) {
                Sequence parts(chaining, 0.3);
                for (int session = 1; session <= stop; ++session)
                    parts.end(session);
                model::Parameters saved;
                for (const auto& [name, tensor] : parts.method->saveState())
                    saved.emplace(name, tensor.clone());
                QCOMPARE(saved.empty(), chaining[0] == 'm');
                QCOMPARE(parts.method->stateKind(parts.params).empty(), chaining[0] == 'm');
                parts.method = findMethod("imm")->create();
                parts.method->loadState(saved);
                for (int session = stop + 1; session <= 4; ++session)
                    parts.end(session);
                QVERIFY(sameBits(parts.outcomes.back().result, whole.outcomes.back().result));
            }
        }
    }

    // The weights that came in are others': a later step changes them in place.
    void keepsCopies()
    {
        for (const char* chaining : {"unmerged", "original_imm"}) {
            Sequence sequence(chaining, 0.5);
            SessionInfo info;
            const model::Parameters before = weightsOf(0);
            model::Parameters trained = weightsOf(1);
            sequence.outcomes.push_back(
                sequence.method->endSession({info, sequence.params, before, trained, kNames, {}}));
            for (auto& [name, tensor] : trained)
                tensor.zero_();
            sequence.end(2);
            const double wanted = expected(chaining, 0.5, 2, kNames[0], 3);
            QVERIFY(std::abs(numberOf(sequence.outcomes.back().result, kNames[0], 3) - wanted) <
                    2e-6);
        }
    }

    void trainsAsFineTuning()
    {
        const auto method = findMethod("imm")->create();
        const StepNeeds needs = method->needs({}, {});
        QVERIFY(!needs.replay && !needs.teacherImages && !needs.teacherClasses);
        QVERIFY(method->extraLoss({}).empty());
        QVERIFY(method->trainedNames({}, model::Option::WholeModel, {}, kNames) == kNames);
    }
};

QTEST_APPLESS_MAIN(TestImm)
#include "tst_imm.moc"
