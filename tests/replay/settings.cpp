// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/settings.h"

namespace clwb::replay
{
namespace
{

/// Reads keys by their dotted name and collects those that are absent.
class SpecReader
{
public:
    explicit SpecReader(const Json& spec)
        : m_spec(spec)
    {}

    template<class T>
    void read(const char* group, const char* key, T& target)
    {
        const Json* section = &m_spec;
        if (*group != '\0')
            section = m_spec.contains(group) ? &m_spec.at(group) : nullptr;
        if (section && section->contains(key))
            target = section->at(key).template get<T>();
        else
            m_missing += std::string(" ") + group + (*group ? "." : "") + key;
    }

    [[nodiscard]] const std::string& missing() const { return m_missing; }

private:
    const Json& m_spec;
    std::string m_missing;
};

void readSchedule(SpecReader& reader, Settings& s)
{
    reader.read("schedule", "epochs", s.schedule.epochs);
    reader.read("schedule", "batch_size", s.schedule.batchSize);
    reader.read("schedule", "lr", s.schedule.lr);
    reader.read("schedule", "drop_after_epoch", s.schedule.dropAfterEpoch);
    reader.read("schedule", "drop_factor", s.schedule.dropFactor);
    reader.read("schedule", "keep_last_partial", s.schedule.keepLastPartial);
    std::string name;
    reader.read("optimizer", "name", name);
    s.optimizer.isDecoupled = name == "adamw";
    reader.read("optimizer", "beta1", s.optimizer.beta1);
    reader.read("optimizer", "beta2", s.optimizer.beta2);
    reader.read("optimizer", "eps", s.optimizer.eps);
    reader.read("optimizer", "weight_decay", s.optimizer.weightDecay);
    reader.read("optimizer", "reset_per_session", s.optimizer.isResetPerSession);
    reader.read("evaluate", "after", s.evaluateAfter);
    reader.read("evaluate", "what", s.what);
    reader.read("evaluate", "validation", s.validation);
    reader.read("evaluate", "shuffle_seeds", s.shuffleSeeds);
}

void readReplay(SpecReader& reader, Settings& s)
{
    reader.read("params", "previous_term", s.previousTerm);
    reader.read("params", "replay_refresh", s.replayRefresh);
    reader.read("params", "token_pool", s.tokenPool);
    reader.read("params", "replay", s.replay);
    reader.read("params", "M", s.M);
    reader.read("params", "Ks", s.Ks);
}

void readGeodesic(SpecReader& reader, Settings& s)
{
    Json dim;
    reader.read("params", "geodl_dim", dim);
    s.geodesic.maxDim = dim.is_number_integer() ? dim.get<int64_t>() : 0;
    reader.read("params", "geodl_centring", s.geodesic.centring);
    reader.read("params", "geodl_objective", s.geodesic.objective);
    std::string gradient;
    reader.read("params", "geodl_gradient", gradient);
    s.geodesic.isFullGradient = gradient == "full";
}

void readParams(SpecReader& reader, Settings& s)
{
    const bool isDistilling = s.method == "lwf" || s.method == "vr-lwf";
    if (isDistilling || s.method == "geodl") {
        reader.read("params", "beta", s.beta);
        reader.read("params", "teacher", s.teacher);
    }
    if (isDistilling) {
        reader.read("params", "distillation", s.distillation);
        reader.read("params", "temperature", s.temperature);
    }
    if (s.method == "vr-lwf")
        readReplay(reader, s);
    if (s.method == "geodl")
        readGeodesic(reader, s);
    if (s.method == "imm") {
        reader.read("params", "alpha", s.alpha);
        reader.read("params", "imm_chaining", s.immChaining);
    }
    if (s.method == "rkr") {
        reader.read("params", "rkr_placement", s.rkrPlacement);
        Json rate;
        reader.read("params", "rkr_lr", rate);
        s.rkrLr = rate.is_number() ? rate.get<double>() : 0;
    } else {
        reader.read("params", "logit_scale", s.logitScale);
    }
    if (s.kind == "joint") {
        reader.read("params", "joint_start", s.jointStart);
        reader.read("params", "joint_sessions", s.jointSessions);
    } else {
        reader.read("params", "ce_classes", s.ceClasses);
    }
}

} // namespace

bool Settings::trainsLogitScale() const
{
    return method != "rkr" && (logitScale == "trained" || (logitScale == "auto" && option == "WM"));
}

double Settings::rateOf(int epoch) const
{
    const double start = rkrLr > 0 ? rkrLr : schedule.lr;
    const bool isDropped = schedule.dropAfterEpoch > 0 && epoch > schedule.dropAfterEpoch;
    return isDropped ? start * schedule.dropFactor : start;
}

Result<Settings> readSettings(const Json& spec)
{
    SpecReader reader(spec);
    Settings s;
    reader.read("", "kind", s.kind);
    reader.read("", "setting", s.setting);
    reader.read("", "model_sha256", s.modelSha256);
    readSchedule(reader, s);
    std::string precision;
    reader.read("", "precision", precision);
    std::string augmentation = "none";
    if (s.isTraining()) {
        if (s.kind == "method")
            reader.read("", "method", s.method);
        reader.read("", "option", s.option);
        readParams(reader, s);
        reader.read("params", "augmentation", augmentation);
    }
    if (!reader.missing().empty())
        return fail(ErrorCode::Usage, "the resolved spec lacks:" + reader.missing());
    if (precision != "fp32" || augmentation != "none") {
        return fail(ErrorCode::Usage,
                    "precision " + precision + " with augmentation " + augmentation +
                        " cannot be replayed: its rounding or crops are not in the trace");
    }
    return s;
}

} // namespace clwb::replay
