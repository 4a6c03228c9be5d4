// SPDX-License-Identifier: GPL-3.0-or-later
// The pre-training curriculum: what is drawn, how hard it is made, and what is said about it.
#include "core/demo/pretrain_source.h"

#include "core/base/check.h"
#include "core/base/file.h"
#include "core/demo/backgrounds.h"
#include "core/demo/captions.h"
#include "core/demo/concepts.h"
#include "core/demo/fixed_point.h"

#include <algorithm>
#include <set>

namespace clwb::demo
{
namespace
{

constexpr uint64_t kMaxListBytes = 8u << 20;
constexpr int kKeywordPercent = 15;
constexpr int kNameAndKeywordPercent = 15;
constexpr int kScenePercent = 20;

struct ArtLine
{
    int id = -1;
    std::string source;
    std::string file;
};

Result<std::vector<ArtLine>> readArtList(const std::filesystem::path& folder)
{
    const std::filesystem::path path = folder / "art.tsv";
    auto text = readFile(path, kMaxListBytes);
    if (!text) {
        Error error = std::move(text).error();
        error.hint = "make the drawings with packaging/demo/fetch_art.py " + folder.string();
        return Failure(std::move(error));
    }
    std::vector<ArtLine> lines;
    int number = 0;
    for (const std::string& line : splitText(*text, '\n')) {
        ++number;
        if (line.empty())
            continue;
        std::vector<std::string> columns = splitText(line, '\t');
        const std::string where = path.string() + ":" + std::to_string(number);
        if (columns.size() != 3)
            return fail(ErrorCode::Data, where + ": expected source, code points and path, got " +
                                             std::to_string(columns.size()) + " columns");
        const int id = conceptByCode(columns[1]);
        if (id < 0)
            return fail(ErrorCode::Data, where + ": unknown concept: " + columns[1]);
        lines.push_back({id, std::move(columns[0]), std::move(columns[2])});
    }
    return lines;
}

// What a caption calls the thing: mostly its name.
std::string wordsFor(const Concept& item, Dice& dice)
{
    const int draw = dice.between(0, 99);
    if (item.keywords.empty() || draw >= kKeywordPercent + kNameAndKeywordPercent)
        return item.name;
    const std::string& keyword = dice.pick(item.keywords);
    return draw < kKeywordPercent ? keyword : item.name + ", " + keyword;
}

Ground groundFor(int hardness, Dice& dice)
{
    // Plain grounds give way to busy ones, but never vanish.
    const int busy = blended(10, 75, hardness);
    if (!dice.chance(busy))
        return dice.chance(45) ? Ground::White : dice.chance(50) ? Ground::Plain : Ground::Gradient;
    const int kind = dice.between(0, 3);
    return kind < 2 ? Ground::ColourField : kind == 2 ? Ground::Room : Ground::Bokeh;
}

} // namespace

// Everything that grows with the training; lengths and percents at the present hardness.
struct PretrainSource::Recipe
{
    int hardness = 0; ///< 0 … 256
    bool late = false;

    explicit Recipe(double progress)
    {
        // The only floating point: one rounding to 1/65536, then integers.
        const int steps = static_cast<int>(std::clamp(progress, 0.0, 1.0) * 65536.0);
        hardness = std::min(256, steps * 5 / 3 / 256);
        late = steps >= 32768;
    }
    [[nodiscard]] int at(int easy, int hard) const { return blended(easy, hard, hardness); }

    [[nodiscard]] Placement placement(int side, Dice& dice) const
    {
        Placement placement;
        placement.size = side * dice.between(at(195, 165), at(256, 270));
        const int slack = side * at(10, 28);
        placement.centreX = 128 * side + dice.around(slack);
        placement.centreY = 128 * side + dice.around(slack);
        placement.angle = dice.around(kRadian * at(13, 128) / 256);
        placement.mirrored = dice.chance(50);
        placement.stretch = 256 + dice.around(at(8, 48));
        placement.shear = dice.around(at(0, 36));
        const int brightness = dice.around(at(8, 36));
        for (int& gain : placement.gain)
            gain = 256 + brightness + dice.around(at(8, 64));
        placement.greyness = dice.chance(at(4, 15)) ? dice.between(40, 256) : 0;
        return placement;
    }
    [[nodiscard]] CameraEffects camera(Dice& dice) const
    {
        CameraEffects effects;
        for (int& tint : effects.tint)
            tint = 256 + dice.around(at(4, 52));
        effects.lightX = dice.around(at(8, 110));
        effects.lightY = dice.around(at(8, 110));
        effects.vignette = dice.between(0, at(0, 90));
        effects.contrast = 256 + dice.between(-at(16, 120), at(10, 60));
        effects.brightness = dice.around(at(5, 34));
        effects.noise = dice.between(0, at(2, 20));
        effects.noiseSeed = dice.bits();
        return effects;
    }
};

Result<PretrainSource> PretrainSource::open(const std::filesystem::path& artFolder, int side,
                                            std::vector<std::string> sources)
{
    if (side < 16 || side > 512)
        return fail(ErrorCode::Usage,
                    "pre-training pictures: side: expected 16 to 512, got " + std::to_string(side));
    CLWB_ASSIGN(const std::vector<ArtLine> lines, readArtList(artFolder));
    const std::set<std::string> wanted(sources.begin(), sources.end());
    std::set<std::string> present;
    for (const ArtLine& line : lines)
        present.insert(line.source);
    for (const std::string& source : wanted) {
        if (!present.contains(source))
            return fail(ErrorCode::Usage, "pre-training pictures: no drawings of source " + source +
                                              " in " + (artFolder / "art.tsv").string());
    }
    std::vector<Entry> byId(allConcepts().size());
    for (const ArtLine& line : lines) {
        if (!wanted.contains(line.source))
            continue;
        CLWB_ASSIGN(const std::filesystem::path file,
                    resolveInside(artFolder, line.file, FollowLinks::No));
        CLWB_ASSIGN(Drawing drawing, Drawing::fromPng(file));
        Entry& entry = byId[static_cast<size_t>(line.id)];
        entry.conceptId = line.id;
        entry.drawings.push_back(std::move(drawing));
    }
    PretrainSource source;
    source.m_side = side;
    for (Entry& entry : byId) {
        if (!entry.drawings.empty())
            source.m_entries.push_back(std::move(entry));
    }
    if (source.m_entries.size() < 4)
        return fail(ErrorCode::Usage, "pre-training pictures: expected drawings of at least 4 "
                                      "things, got " +
                                          std::to_string(source.m_entries.size()));
    return source;
}

const Drawing& PretrainSource::anyDrawing(Dice& dice) const
{
    return dice.pick(dice.pick(m_entries).drawings);
}

Image PretrainSource::singlePicture(const Entry& entry, const Recipe& recipe, Dice& dice) const
{
    // A low-resolution picture is painted small and enlarged, as a far-away thing would be.
    const bool coarse = recipe.late && dice.chance(35);
    const int side = coarse ? std::max(14, m_side * dice.between(33, 100) / 100) : m_side;
    Image image = blankImage(side, side);
    paintGround(image, groundFor(recipe.hardness, dice), recipe.at(120, 256), dice);
    if (dice.chance(recipe.at(0, 40)))
        addTexture(image, dice.between(4, 11), dice.between(8, 40), dice);

    const Placement main = recipe.placement(side, dice);
    const bool cluttered = recipe.late && dice.chance(45);
    const auto placeOther = [&](int nearest, int farthest) {
        Placement other = recipe.placement(side, dice);
        other.size = side * dice.between(110, 200);
        const int direction = dice.between(0, kTurn - 1);
        const int distance = dice.between(nearest, farthest) * side;
        other.centreX = 128 * side + (distance * (fixedCos(direction) >> 8) >> 8);
        other.centreY = 128 * side + (distance * (fixedSin(direction) >> 8) >> 8);
        place(image, anyDrawing(dice), other);
    };
    for (int i = cluttered ? dice.between(1, 2) : 0; i > 0; --i)
        placeOther(100, 150);
    const Drawing& drawing = dice.pick(entry.drawings);
    if (dice.chance(recipe.at(10, 50)))
        placeShadow(image, drawing, main, dice.around(side * 16), dice.between(0, side * 20),
                    dice.between(40, 140));
    place(image, drawing, main);
    if (cluttered && dice.chance(60))
        placeOther(125, 160);
    applyCamera(image, recipe.camera(dice));
    return coarse ? resized(image, m_side, m_side) : image;
}

Image PretrainSource::scenePicture(const std::vector<const Entry*>& entries, const Recipe& recipe,
                                   Dice& dice) const
{
    const bool coarse = dice.chance(20);
    const int side = coarse ? std::max(24, m_side * dice.between(60, 100) / 100) : m_side;
    Image image = blankImage(side, side);
    paintGround(image, groundFor(recipe.hardness, dice), 256, dice);
    const auto count = static_cast<int>(entries.size());
    for (int position = 0; position < count; ++position) {
        Placement placement = recipe.placement(side, dice);
        placement.size = side * dice.between(count == 2 ? 105 : 82, count == 2 ? 135 : 108);
        placement.centreX = side * 256 * (2 * position + 1) / (2 * count) + dice.around(side * 10);
        placement.centreY = 128 * side + dice.around(side * 44);
        placement.angle /= 2;
        const Drawing& drawing = dice.pick(entries[static_cast<size_t>(position)]->drawings);
        if (dice.chance(50))
            placeShadow(image, drawing, placement, 0, side * 8, dice.between(40, 140));
        place(image, drawing, placement);
    }
    applyCamera(image, recipe.camera(dice));
    return coarse ? resized(image, m_side, m_side) : image;
}

PretrainSample PretrainSource::sample(uint64_t seed, uint64_t index, double progress) const
{
    Dice dice(seed, "pretrain-sample", {index});
    const Recipe recipe(progress);
    const auto count = static_cast<uint32_t>(m_entries.size());
    const uint64_t round = index / count;
    const uint32_t turn = permuted(static_cast<uint32_t>(index % count), count,
                                   seed * 0x9e3779b97f4a7c15ULL + round * 0xd1342543de82ef95ULL);
    const Entry& main = m_entries[turn];
    const std::vector<Concept>& concepts = allConcepts();
    const auto conceptOf = [&](const Entry& entry) -> const Concept& {
        return concepts[static_cast<size_t>(entry.conceptId)];
    };

    PretrainSample sample;
    if (!recipe.late || !dice.chance(kScenePercent)) {
        sample.concepts = {main.conceptId};
        sample.caption = singleCaption(wordsFor(conceptOf(main), dice), dice);
        sample.image = singlePicture(main, recipe, dice);
        return sample;
    }
    std::vector<const Entry*> entries{&main};
    const size_t wanted = dice.chance(50) ? 2 : 3;
    while (entries.size() < wanted) {
        const Entry* other = &dice.pick(m_entries);
        if (std::find(entries.begin(), entries.end(), other) == entries.end())
            entries.push_back(other);
    }
    std::vector<std::string> names;
    for (const Entry* entry : entries) {
        sample.concepts.push_back(entry->conceptId);
        names.push_back(conceptOf(*entry).name);
    }
    dice.shuffle(names);
    dice.shuffle(entries);
    sample.caption = sceneCaption(dice.between(0, kSceneForms - 1), names);
    sample.image = scenePicture(entries, recipe, dice);
    return sample;
}

std::vector<std::string> PretrainSource::captionCorpus() const
{
    std::vector<std::string> corpus = captionForms();
    for (const Concept& item : allConcepts()) {
        corpus.push_back(item.name);
        corpus.push_back(withArticle(item.name));
        corpus.insert(corpus.end(), item.keywords.begin(), item.keywords.end());
    }
    return corpus;
}

std::vector<std::string> PretrainSource::conceptNames() const
{
    std::vector<std::string> names;
    for (const Concept& item : allConcepts())
        names.push_back(item.name);
    return names;
}

} // namespace clwb::demo
