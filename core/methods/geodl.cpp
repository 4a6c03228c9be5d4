// SPDX-License-Identifier: GPL-3.0-or-later
// GeoDL: similarity to the teacher's features along the geodesic between the subspaces of old and
// new features (Eq. 6–10, algorithms.md §5.4; register rows A12–A15):
// L = L_CE + β·(L_image + L_text), each term where its tower is trained.
#include "core/losses/geodesic_flow.h"
#include "core/methods/method.h"

namespace clwb::methods
{

MethodInfo describe_geodl();

namespace
{

losses::GeodesicOptions optionsOf(const spec::MethodParams& params)
{
    return {params.geodlDim, losses::centringFromText(params.geodlCentring),
            losses::objectiveFromText(params.geodlObjective),
            losses::kernelGradientFromText(params.geodlGradient)};
}

NamedLoss termOf(const char* name, const losses::FeatureSubspace& student,
                 const losses::FeatureSubspace& teacher, const spec::MethodParams& params)
{
    using State = losses::FeatureSubspace::State;
    NamedLoss term{name, {}, params.beta};
    const State state = teacher.state != State::Found ? teacher.state : student.state;
    if (state == State::TooFewRows) {
        term.skipped = "a subspace needs at least 4 rows (pictures of a batch, seen classes)";
    } else if (state == State::NoDirection) {
        term.skipped = "all features are equal, so that centred ones have no direction";
    } else if (state == State::NotConverged) {
        term.skipped = "the singular value decomposition did not converge";
        term.failed = true;
    } else {
        term.value = losses::geodesicLoss(student, teacher, optionsOf(params));
    }
    return term;
}

class GeoDl final : public Method
{
public:
    // A weight of 0 switches the terms off exactly: the run equals FT to the bit.
    [[nodiscard]] StepNeeds needs(const SessionInfo& session,
                                  const spec::MethodParams& params) const override
    {
        if (params.beta == 0)
            return {};
        const bool texts = model::trainsText(session.option);
        return {.teacherImages = model::trainsImage(session.option),
                .seenClasses = texts,
                .teacherClasses = texts};
    }

    [[nodiscard]] std::vector<std::string> notes(const spec::RunSpec& spec) const override
    {
        if (spec.params.beta == 0)
            return {zeroWeightNote("GeoDL")};
        if (spec.option == "IO") {
            return {"GeoDL-IO has no GeoText term: the text tower is frozen, so its features are "
                    "the teacher's and the term would be constant"};
        }
        if (spec.option == "TO") {
            return {"GeoDL-TO has no GeoImage term: the image tower is frozen, so its features are "
                    "the teacher's and the term would be constant"};
        }
        return {};
    }

    [[nodiscard]] std::vector<NamedLoss> extraLoss(const StepContext& step) const override
    {
        const spec::MethodParams& params = *step.params;
        if (params.beta == 0)
            return {};
        const losses::GeodesicOptions options = optionsOf(params);
        std::vector<NamedLoss> terms;
        if (model::trainsImage(step.session->option)) {
            terms.push_back(termOf("GeoImage", losses::subspaceOf(step.images, options),
                                   losses::subspaceOf(step.teacherImages, options), params));
        }
        if (model::trainsText(step.session->option)) {
            const at::Tensor texts = step.classRows(step.session->seen);
            terms.push_back(termOf("GeoText", losses::subspaceOf(texts, options),
                                   teacherTexts(step.teacherClasses, options), params));
        }
        return terms;
    }

private:
    /// The teacher's prompts are one tensor during a session: their subspace is found once. The
    /// tensor is kept, so that another one cannot come to lie at its address.
    const losses::FeatureSubspace& teacherTexts(const at::Tensor& features,
                                                const losses::GeodesicOptions& options) const
    {
        if (!m_teacherClasses.is_same(features)) {
            m_teacherTexts = losses::subspaceOf(features, options);
            m_teacherClasses = features;
        }
        return m_teacherTexts;
    }

    mutable at::Tensor m_teacherClasses;
    mutable losses::FeatureSubspace m_teacherTexts;
};

} // namespace

MethodInfo describe_geodl()
{
    return {"geodl",
            "GeoDL",
            "Eq. 6–11",
            "Keeps the features similar to the teacher's under the kernel of the geodesic between "
            "the subspaces of old and new features.",
            {"GeoImage", "GeoText"},
            [] { return std::make_unique<GeoDl>(); }};
}

} // namespace clwb::methods
