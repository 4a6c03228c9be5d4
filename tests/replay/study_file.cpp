// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/study_file.h"

#include "core/base/file.h"
#include "tests/app/process.h"

#include <ATen/ATen.h>

#include <fstream>
#include <sstream>
#include <stdlib.h>

namespace fs = std::filesystem;

namespace clwb::replay
{
namespace
{

constexpr uint64_t kMaxAnnotationBytes = uint64_t{2} << 30;
constexpr std::chrono::seconds kPatience{1800};

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);)
        parts.push_back(part);
    return parts;
}

std::string keyOf(const Item& item)
{
    return item.file.string() + "\t" + item.box;
}

/// One line, as `clwb tokenize` reads it; white space counts the same to the tokenizer.
std::string oneLine(std::string text)
{
    for (char& c : text)
        c = c == '\n' || c == '\r' ? ' ' : c;
    return text;
}

Result<Json> readAnnotations(const fs::path& file)
{
    CLWB_ASSIGN(const std::string text, readFile(file, kMaxAnnotationBytes));
    return parseJson(text, file.string());
}

} // namespace

Result<StudyData> StudyData::open(const fs::path& clwb, const fs::path& model,
                                  const fs::path& study)
{
    StudyData data;
    data.m_clwb = clwb;
    data.m_model = model;
    data.m_file = fs::absolute(study);
    CLWB_ASSIGN(data.m_study, readJsonFile(study));
    const Json::json_pointer geometry("/updated_task/crop/geometry");
    if (data.m_study.contains(geometry) && data.m_study.at(geometry) != "clip")
        return fail(ErrorCode::Usage, study.string() + ": only the crop geometry clip is replayed");
    CLWB_ASSIGN(const Json config, readJsonFile(model / "config.json"));
    data.m_context = config.at("text_config").at("max_position_embeddings");
    CLWB_ASSIGN(const Json vocabulary, readJsonFile(model / "vocab.json"));
    data.m_vocabulary.resize(vocabulary.size());
    for (const auto& [text, id] : vocabulary.items())
        data.m_vocabulary.at(id.get<size_t>()) = text;
    data.m_startId = vocabulary.at("<|startoftext|>");
    data.m_endId = vocabulary.at("<|endoftext|>");
    return data;
}

std::vector<int64_t> StudyData::sequence(std::vector<int64_t> ids) const
{
    ids.insert(ids.begin(), m_startId);
    ids.push_back(m_endId);
    ids.resize(m_context, 0);
    return ids;
}

Result<std::string> StudyData::program(std::vector<std::string> words,
                                       const std::string& input) const
{
    const std::string command = words.front();
    words.insert(words.begin(), m_clwb.string());
    test::Setup setup;
    setup.input = input;
    test::Outcome outcome = test::Process(words, setup).wait(kPatience);
    if (outcome.status != 0)
        return fail(ErrorCode::Data, "clwb " + command + " failed: " + outcome.err);
    return std::move(outcome.out);
}

fs::path StudyData::pathOf(const Json& value) const
{
    return m_file.parent_path() / value.get<std::string>();
}

Result<std::vector<Item>> StudyData::items(const std::string& what)
{
    if (const auto known = m_items.find(what); known != m_items.end())
        return known->second;
    CLWB_ASSIGN(const std::string text, program({"data", "list", m_file.string(), "--what", what}));
    std::vector<Item> list;
    for (const std::string& line : split(text, '\n')) {
        std::vector<std::string> cells = split(line, '\t');
        cells.resize(8);
        list.push_back({cells[0], cells[1],
                        cells[2] + " " + cells[3] + " " + cells[4] + " " + cells[5], cells[6],
                        cells[7].empty() ? 0 : std::stoi(cells[7])});
    }
    m_items[what] = list;
    return list;
}

Result<std::vector<int>> StudyData::sessionsOfClasses(const std::vector<std::string>& classes) const
{
    const Json sessions = m_study.at("updated_task").value("sessions", Json::object());
    std::vector<int> result;
    if (sessions.contains("classes")) {
        int session = 0;
        for (const Json& names : sessions.at("classes"))
            result.insert(result.end(), names.size(), ++session);
    } else {
        const size_t count = sessions.value("count", size_t{8});
        for (size_t c = 0; c < classes.size(); ++c)
            result.push_back(static_cast<int>(c / (classes.size() / count)) + 1);
    }
    if (result.size() != classes.size())
        return fail(ErrorCode::Data, "the study's sessions hold " + std::to_string(result.size()) +
                                         " classes, the trace " + std::to_string(classes.size()));
    return result;
}

std::string StudyData::prompt(const std::string& className) const
{
    std::string text = m_study.value("prompt", "this is a photo of {}.");
    const size_t place = text.find("{}");
    return text.replace(place, 2, className);
}

Result<std::vector<RetrievalSet>> StudyData::retrieval(const std::string& splitName) const
{
    std::vector<RetrievalSet> sets;
    for (const Json& entry : m_study.value("retrieval", Json::array())) {
        RetrievalSet set;
        set.name = entry.at("name");
        set.folds = entry.value("folds", 1);
        const auto most = entry.value("captions_per_image", size_t{5});
        set.prefix = entry.value("prefix", "");
        CLWB_ASSIGN(const Json file, readAnnotations(pathOf(entry.at("split_file"))));
        for (const Json& image : file.at("images")) {
            if (image.at("split") != splitName)
                continue;
            Item item;
            item.file = pathOf(entry.at("images")) / image.value("filepath", "") /
                        image.at("filename").get<std::string>();
            set.images.push_back(item);
            set.captions.emplace_back();
            for (const Json& sentence : image.at("sentences")) {
                if (set.captions.back().size() < most)
                    set.captions.back().push_back(sentence.at("raw"));
            }
        }
        sets.push_back(std::move(set));
    }
    return sets;
}

Result<std::vector<std::string>> StudyData::shuffledCaptions(int64_t seed) const
{
    CLWB_ASSIGN(const std::string text, program({"data", "list", m_file.string(), "--what",
                                                 "captions", "--shuffle", std::to_string(seed)}));
    std::vector<std::string> captions;
    for (const std::string& line : split(text, '\n'))
        captions.push_back(line.substr(line.find('\t') + 1));
    return captions;
}

Result<std::vector<std::string>> StudyData::captionCorpus() const
{
    const Json& task = m_study.at("updated_task");
    Json file;
    if (task.contains("captions"))
        file = task.at("captions").at("split_file");
    else if (task.contains("split_file"))
        file = task.at("split_file");
    else
        file = m_study.at("retrieval").at(0).at("split_file");
    CLWB_ASSIGN(const Json document, readAnnotations(pathOf(file)));
    std::vector<std::string> captions;
    for (const Json& image : document.at("images")) {
        if (image.at("split") != "train")
            continue;
        for (const Json& sentence : image.at("sentences"))
            captions.push_back(sentence.at("raw"));
    }
    return captions;
}

Result<void> StudyData::preprocess(const std::vector<Item>& items)
{
    std::string pattern = (fs::temp_directory_path() / "clwb-replay-XXXXXX").string();
    const fs::path folder = ::mkdtemp(pattern.data());
    std::ofstream list(folder / "list.txt", std::ios::binary);
    for (const Item& item : items)
        list << item.file.string() << (item.box.empty() ? "" : "\t" + item.box) << "\n";
    list.close();
    const auto done =
        program({"preprocess", "--model", m_model.string(), "--images",
                 (folder / "list.txt").string(), "--out", (folder / "pixels.npy").string()});
    auto pixels = done ? readNpy(folder / "pixels.npy") : Result<at::Tensor>(Failure(done.error()));
    fs::remove_all(folder);
    if (!pixels)
        return Failure(std::move(pixels.error()));
    for (size_t i = 0; i < items.size(); ++i)
        m_pixels[keyOf(items[i])] = (*pixels)[static_cast<int64_t>(i)];
    return {};
}

Result<void> StudyData::prepare(const std::vector<Item>& items)
{
    std::map<std::string, Item> missing;
    for (const Item& item : items) {
        if (!m_pixels.contains(keyOf(item)))
            missing.emplace(keyOf(item), item);
    }
    std::vector<Item> wanted;
    for (const auto& [key, item] : missing)
        wanted.push_back(item);
    return wanted.empty() ? Result<void>() : preprocess(wanted);
}

Result<at::Tensor> StudyData::pixels(const std::vector<Item>& items)
{
    CLWB_TRY(prepare(items));
    std::vector<at::Tensor> rows;
    for (const Item& item : items)
        rows.push_back(m_pixels.at(keyOf(item)));
    return at::stack(rows);
}

Result<at::Tensor> StudyData::tokens(const std::vector<std::string>& texts)
{
    std::vector<std::string> wanted;
    std::string input;
    for (const std::string& text : texts) {
        if (!m_tokens.contains(text)) {
            wanted.push_back(text);
            input += oneLine(text) + "\n";
        }
    }
    if (!wanted.empty()) {
        CLWB_ASSIGN(const std::string output,
                    program({"tokenize", "--model", m_model.string()}, input));
        const std::vector<std::string> lines = split(output, '\n');
        if (lines.size() != wanted.size())
            return fail(ErrorCode::Data, "clwb tokenize: " + std::to_string(wanted.size()) +
                                             " texts gave " + std::to_string(lines.size()) +
                                             " lines");
        for (size_t i = 0; i < lines.size(); ++i) {
            CLWB_ASSIGN(const Json ids, parseJson(lines[i], "clwb tokenize"));
            m_tokens[wanted[i]] = at::tensor(ids.get<std::vector<int64_t>>(), at::kLong);
        }
    }
    std::vector<at::Tensor> rows;
    for (const std::string& text : texts)
        rows.push_back(m_tokens.at(text));
    return at::stack(rows);
}

} // namespace clwb::replay
