// SPDX-License-Identifier: GPL-3.0-or-later
// The replay can fail: each of these changes to a right trace or model must be found, by its kind.
#include "core/base/file.h"
#include "core/base/json.h"
#include "tests/replay/replay_workplace.h"

#include <cstring>
#include <functional>

namespace
{

using namespace clwb;
using namespace clwb::test;
using Edit = std::function<void(Json&)>;

/// A run that replays without findings, to be spoilt in copies.
struct GoodRun
{
    RunCase run;
    std::string id;
};

/// The trace with the `index`-th line of a type edited; an edit to null drops the line.
std::string edited(const std::string& trace, const std::string& type, int index, const Edit& edit)
{
    std::string result;
    int seen = 0;
    size_t begin = 0;
    for (size_t end = 0; (end = trace.find('\n', begin)) != std::string::npos; begin = end + 1) {
        Json line = Json::parse(trace.substr(begin, end - begin));
        if (line.at("type") == type && seen++ == index)
            edit(line);
        if (!line.is_null())
            result += line.dump() + "\n";
    }
    CHECK(seen > index);
    return result;
}

void addTo(Json& number, double value)
{
    number = number.get<double>() + value;
}

class Spoiler
{
public:
    Spoiler(ReplayWorkplace& workplace, GoodRun good)
        : m_workplace(workplace)
        , m_good(std::move(good))
        , m_request(m_workplace.requestOf(m_good.run, m_good.id))
    {
        const auto findings = replayOf(m_request);
        if (CHECK_OK(findings))
            report(findings->empty(), __FILE__, __LINE__, m_good.run.name + findings->text());
    }

    /// @param kind that the findings must have
    void line(const std::string& type, int index, const Edit& edit, const std::string& kind)
    {
        replay::ReplayRequest request = m_request;
        request.trace = edited(request.trace, type, index, edit);
        expect(request, type + " line " + std::to_string(index), kind);
    }

    void setting(const char* group, const char* key, const Json& value, const std::string& kind)
    {
        line(
            "run", 0, [&](Json& run) { run["spec"][group][key] = value; }, kind);
    }

    /// Edits the floats of one tensor in a file of a copy of the run.
    void tensor(const std::string& file, const std::string& name,
                const std::function<void(std::vector<float>&)>& edit, const std::string& kind)
    {
        replay::ReplayRequest request = m_request;
        TemporaryFolder copy;
        request.folder = copy.path() / "run";
        std::filesystem::copy(m_request.folder, request.folder,
                              std::filesystem::copy_options::recursive);
        const std::filesystem::path path = request.folder / file;
        auto content = readFile(path, 100'000'000);
        if (!CHECK_OK(content))
            return;
        uint64_t length = 0;
        std::memcpy(&length, content->data(), sizeof length);
        const Json header = Json::parse(content->substr(sizeof length, length));
        const auto offsets = header.at(name).at("data_offsets").get<std::vector<uint64_t>>();
        char* data = content->data() + sizeof length + length + offsets[0];
        std::vector<float> values((offsets[1] - offsets[0]) / sizeof(float));
        std::memcpy(values.data(), data, values.size() * sizeof(float));
        edit(values);
        std::memcpy(data, values.data(), values.size() * sizeof(float));
        CHECK_OK(writeFileAtomically(path, *content));
        expect(request, name + " of " + file, kind);
    }

private:
    Result<replay::Findings> replayOf(const replay::ReplayRequest& request)
    {
        return replay::replayRun(request, m_workplace.study(m_good.run.scene));
    }

    void expect(const replay::ReplayRequest& request, const std::string& what,
                const std::string& kind)
    {
        const auto findings = replayOf(request);
        if (CHECK_OK(findings))
            report(findings->has(kind), __FILE__, __LINE__,
                   m_good.run.name + ", " + what + " spoilt: expected a finding of kind " + kind +
                       ", got:\n" + findings->text());
    }

    ReplayWorkplace& m_workplace;
    GoodRun m_good;
    replay::ReplayRequest m_request;
};

ReplayWorkplace& workplace()
{
    static ReplayWorkplace place(clwbProgram());
    return place;
}

Spoiler spoilerOf(const std::string& name)
{
    for (const RunCase& run : replayCases()) {
        if (run.name != name)
            continue;
        std::string id = name;
        const Outcome outcome = workplace().start(run, id)->wait();
        report(outcome.status == 0, __FILE__, __LINE__, name + ": " + outcome.err);
        return {workplace(), {run, id}};
    }
    report(false, __FILE__, __LINE__, "no case " + name);
    std::abort();
}

/// Image tower only: the text tower is frozen.
Spoiler& replayed()
{
    static Spoiler spoiler = spoilerOf("vr-lwf IO MST");
    return spoiler;
}

Spoiler& merged()
{
    static Spoiler spoiler = spoilerOf("imm WM MST");
    return spoiler;
}

void findsWrongSteps()
{
    Spoiler& run = replayed();
    run.line(
        "step", 5, [](Json& s) { addTo(s["losses"]["VR"], 1e-3); }, "loss");
    run.line(
        "step", 7, [](Json& s) { addTo(s["losses"]["CE"], 1e-3); }, "loss");
    run.line(
        "step", 0, [](Json& s) { s["losses"]["CE"] = "NaN"; }, "loss");
    run.line(
        "step", 9, [](Json& s) { s["losses"].erase("Pre"); }, "loss terms");
    run.line(
        "step", 3, [](Json& s) { s["weights"]["VR"] = 1.5; }, "loss weights");
    run.line(
        "step", 3, [](Json& s) { addTo(s["losses"]["total"], 1e-4); }, "total");
    run.line(
        "step", 2, [](Json& s) { addTo(s["lr"], 1e-5); }, "learning rate");
    run.line(
        "step", 2, [](Json& s) { addTo(s["logit_scale"], 1e-6); }, "logit scale");
    run.line(
        "step", 4, [](Json& s) { s = Json(); }, "batches");
    run.line(
        "step", 4, [](Json& s) { s["step"] = 17; }, "steps");
    run.line(
        "step", 4, [](Json& s) { s["items"][1] = s["items"][0]; }, "items");
    const auto swapLabels = [](Json& s) {
        const Json first = s["labels"][0];
        for (Json& label : s["labels"]) {
            if (label == first)
                continue;
            s["labels"][0] = label;
            label = first;
            return;
        }
    };
    run.line("step", 6, swapLabels, "labels");
    run.line("step", 6, swapLabels, "loss");
}

void findsWrongReplay()
{
    Spoiler& run = replayed();
    const auto draw = [](Json& s) { s["pseudo"][3][2] = (s["pseudo"][3][2].get<int>() + 7) % 500; };
    run.line("step", 6, draw, "loss");
    run.line(
        "step", 6, [](Json& s) { s["pseudo"][3].erase(0); }, "pseudo sentences");
    run.line(
        "step", 6, [](Json& s) { s["pseudo"].erase(0); }, "pseudo sentences");
}

void findsWrongRecords()
{
    Spoiler& run = replayed();
    const auto moveOne = [](Json& e) {
        Json& row = e["ut"]["confusion"][2];
        for (size_t c = 0; c < row.size(); ++c) {
            if (row[c] == 0)
                continue;
            row[c] = row[c].get<int>() - 1;
            Json& other = row[(c + 1) % row.size()];
            other = other.get<int>() + 1;
            return;
        }
    };
    run.line("eval", 2, moveOne, "confusion");
    run.line("eval", 2, moveOne, "record file");
    run.line(
        "eval", 1, [](Json& e) { addTo(e["ut"]["overall"], 1e-6); }, "formulas");
    run.line(
        "eval", 1, [](Json& e) { addTo(e["ut"]["session_mean"], 1e-6); }, "formulas");
    run.line(
        "eval", 1, [](Json& e) { addTo(e["a_acc"], 1e-6); }, "formulas");
    run.line(
        "eval", 0, [](Json& e) { addTo(e["retrieval"][0]["IR@5"], 1e-6); }, "formulas");
    const auto oneMore = [](Json& number) { number = number.get<int>() + 1; };
    run.line(
        "eval", 3, [&](Json& e) { oneMore(e["zs"]["totals"][1]); }, "zero-shot totals");
    run.line(
        "eval", 3,
        [&](Json& e) {
            Json& hits = e["zs"]["hits"][1];
            hits = hits == 0 ? 1 : 0;
        },
        "zero-shot hits");
    run.line(
        "eval", 3, [&](Json& e) { oneMore(e["retrieval"][0]["image_ranks"][4]); },
        "retrieval ranks");
    run.line(
        "eval", 0, [&](Json& e) { oneMore(e["retrieval"][0]["caption_ranks"][44]); },
        "retrieval ranks");
    run.line(
        "eval", 2, [](Json& e) { e["model_sha256"] = std::string(64, '0'); }, "record");
    run.line(
        "eval", 2, [](Json& e) { e = Json(); }, "events");
}

void findsWrongSettings()
{
    Spoiler& run = replayed();
    run.setting("params", "beta", 1.1, "loss weights");
    run.setting("params", "teacher", "original", "loss");
    run.setting("params", "distillation", "paper_literal", "loss");
    run.setting("params", "temperature", 2, "loss");
    run.setting("params", "previous_term", "joint", "loss terms");
    run.setting("params", "ce_classes", "seen", "loss");
    run.setting("optimizer", "beta2", 0.9, "loss");
    run.setting("optimizer", "weight_decay", 0.5, "loss");
    run.setting("optimizer", "reset_per_session", false, "trained tensor");
    run.line(
        "run", 0, [](Json& r) { r["trained"].erase(3); }, "trained");
    run.line(
        "session", 1, [](Json& s) { s["classes"][0] = 5; }, "session classes");
    run.line(
        "session", 1, [](Json& s) { s["items"] = 7; }, "session items");
    run.line(
        "end", 0, [](Json& e) { e["steps"] = 11; }, "end");
}

void findsWrongMerges()
{
    Spoiler& run = merged();
    run.line(
        "merge", 1, [](Json& m) { m["alpha"] = 0.31; }, "merge");
    run.line(
        "merge", 0, [](Json& m) { m = Json(); }, "events");
    run.setting("params", "alpha", 0.31, "trained tensor");
    run.setting("params", "imm_chaining", "unmerged", "loss");
    run.setting("params", "imm_chaining", "original_imm", "trained tensor");
    run.line(
        "step", 5, [](Json& s) { addTo(s["logit_scale"], 1e-4); }, "logit scale");
}

void findsWrongModels()
{
    Spoiler& run = replayed();
    const auto lowestBit = [](std::vector<float>& values) {
        uint32_t bits = 0;
        std::memcpy(&bits, &values[5], sizeof bits);
        bits ^= 1;
        std::memcpy(&values[5], &bits, sizeof bits);
    };
    run.tensor("model/model.safetensors", "text_projection.weight", lowestBit, "frozen tensor");
    run.tensor(
        "sessions/1/model.safetensors", "logit_scale",
        [](std::vector<float>& values) { values[0] += 1e-6F; }, "frozen tensor");
    // Twelve steps of 1e-3 move a weight by 1e-2 at most.
    run.tensor(
        "model/model.safetensors", "visual_projection.weight",
        [](std::vector<float>& values) { values[0] += 1e-2F; }, "trained tensor");
    run.tensor(
        "model/model.safetensors", "vision_model.encoder.layers.1.self_attn.k_proj.bias",
        [](std::vector<float>& values) { values[0] += 0.1F; }, "trained tensor");
    merged().tensor(
        "sessions/2/model.safetensors", "text_model.final_layer_norm.bias",
        [](std::vector<float>& values) { values[3] += 1e-3F; }, "trained tensor");
}

} // namespace

int main()
{
    RUN_CASE(findsWrongSteps);
    RUN_CASE(findsWrongReplay);
    RUN_CASE(findsWrongRecords);
    RUN_CASE(findsWrongSettings);
    RUN_CASE(findsWrongMerges);
    RUN_CASE(findsWrongModels);
    return result();
}
