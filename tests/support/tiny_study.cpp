// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tiny_study.h"

#include "core/base/check.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/random_stream.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

namespace fs = std::filesystem;

namespace clwb::test
{
namespace
{

using Colour = std::array<uint8_t, 3>;

/// A class: a colour and a shape.
struct Figure
{
    const char* colour;
    Colour rgb;
    const char* shape;

    [[nodiscard]] std::string name() const { return std::string(colour) + " " + shape; }
};

constexpr Colour kRed{220, 30, 40}, kGreen{30, 180, 60}, kBlue{40, 60, 220}, kYellow{230, 210, 30};
constexpr Colour kPink{240, 120, 190}, kCyan{40, 200, 210}, kBlack{15, 15, 15}, kBrown{120, 70, 30};

constexpr std::array<Figure, 8> kTaskFigures{{{"red", kRed, "square"},
                                              {"green", kGreen, "disc"},
                                              {"blue", kBlue, "cross"},
                                              {"yellow", kYellow, "bar"},
                                              {"green", kGreen, "square"},
                                              {"red", kRed, "disc"},
                                              {"yellow", kYellow, "cross"},
                                              {"blue", kBlue, "bar"}}};
constexpr std::array<Figure, 8> kOtherFigures{{{"pink", kPink, "square"},
                                               {"cyan", kCyan, "disc"},
                                               {"black", kBlack, "cross"},
                                               {"brown", kBrown, "bar"},
                                               {"cyan", kCyan, "square"},
                                               {"pink", kPink, "disc"},
                                               {"brown", kBrown, "cross"},
                                               {"black", kBlack, "bar"}}};

/// A picture under construction.
struct Canvas
{
    int width;
    int height;
    std::vector<uint8_t> rgb;

    Canvas(int w, int h, RandomStream& stream)
        : width(w)
        , height(h)
    {
        rgb.resize(3 * static_cast<size_t>(w) * static_cast<size_t>(h));
        const auto shade = static_cast<int>(150 + stream.below(60));
        for (uint8_t& value : rgb)
            value = static_cast<uint8_t>(shade + static_cast<int>(stream.below(24)));
    }

    void draw(const Figure& figure, int x0, int y0, int side)
    {
        const std::string shape = figure.shape;
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x) {
                const int dx = std::abs(2 * x + 1 - side);
                const int dy = std::abs(2 * y + 1 - side);
                const bool isInside = shape == "square" ? true
                                      : shape == "disc" ? dx * dx + dy * dy <= side * side
                                      : shape == "bar"  ? 3 * dy <= side
                                                        : 3 * std::min(dx, dy) <= side;
                if (isInside)
                    set(x0 + x, y0 + y, figure.rgb);
            }
        }
    }

    void set(int x, int y, const Colour& colour)
    {
        const size_t at =
            3 * (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x));
        std::copy(colour.begin(), colour.end(), rgb.begin() + static_cast<ptrdiff_t>(at));
    }
};

Result<void> writeCanvas(const fs::path& file, const Canvas& canvas)
{
    return writeBmp(file, canvas.width, canvas.height, canvas.rgb);
}

/// One figure somewhere on a square picture.
Canvas single(const Figure& figure, int side, RandomStream& stream)
{
    Canvas canvas(side, side, stream);
    const int size = side / 2 + static_cast<int>(stream.below(static_cast<uint64_t>(side / 3)));
    const auto room = static_cast<uint64_t>(side - size) + 1;
    const int x = static_cast<int>(stream.below(room));
    canvas.draw(figure, x, static_cast<int>(stream.below(room)), size);
    return canvas;
}

/// Scenes with two boxes each, their annotations and captions.
class CocoWriter
{
public:
    CocoWriter(fs::path folder, const TinyStudy& tiny)
        : m_folder(std::move(folder))
        , m_tiny(tiny)
    {}

    Result<void> write()
    {
        CLWB_TRY(createFolders(m_folder / "coco" / "tiny2014"));
        const int test = std::max(m_tiny.testPerClass * m_tiny.classes, 2 * m_tiny.retrievalImages);
        CLWB_TRY(writeScenes("train", m_tiny.trainPerClass * m_tiny.classes));
        CLWB_TRY(writeAnnotations("instances_train.json"));
        CLWB_TRY(writeScenes("val", test));
        CLWB_TRY(writeScenes("test", test));
        CLWB_TRY(writeAnnotations("instances_val.json"));
        const Json split{{"dataset", "tiny"}, {"images", m_entries}};
        return writeFileAtomically(m_folder / "dataset_tiny.json", split.dump(1));
    }

private:
    Result<void> writeScenes(const std::string& split, int boxes)
    {
        RandomStream stream = RandomStream::named(m_tiny.seed, "tiny-scenes/" + split);
        const int side = m_tiny.imageSide;
        for (int box = 0; box < boxes; box += 2) {
            const std::string file = "tiny_" + split + "_" + std::to_string(m_nextImage) + ".bmp";
            Canvas canvas(2 * side, side, stream);
            std::vector<std::string> names;
            for (int half = 0; half < 2 && box + half < boxes; ++half) {
                const int label = (box + half) % m_tiny.classes;
                const int size = side * 3 / 4;
                const int x = half * side + static_cast<int>(stream.below(4));
                canvas.draw(kTaskFigures[static_cast<size_t>(label)], x, 2, size);
                names.push_back(kTaskFigures[static_cast<size_t>(label)].name());
                m_annotations.push_back({{"id", m_nextAnnotation++},
                                         {"image_id", m_nextImage},
                                         {"category_id", 10 * (label + 1)},
                                         {"iscrowd", 0},
                                         {"area", size * size},
                                         {"bbox", {x + 0.25, 2.5, size, size}}});
            }
            CLWB_TRY(writeCanvas(m_folder / "coco" / "tiny2014" / file, canvas));
            m_images.push_back({{"id", m_nextImage},
                                {"width", canvas.width},
                                {"height", canvas.height},
                                {"file_name", file}});
            m_entries.push_back({{"filepath", "tiny2014"},
                                 {"filename", file},
                                 {"imgid", m_nextImage},
                                 {"cocoid", m_nextImage},
                                 {"split", split},
                                 {"sentences", captions(names)}});
            ++m_nextImage;
        }
        return {};
    }

    static Json captions(const std::vector<std::string>& names)
    {
        const std::string& first = names.front();
        const std::string& second = names.back();
        Json sentences = Json::array();
        for (const std::string& text :
             {"a " + first + " next to a " + second, "there is a " + second + " beside a " + first,
              "a " + second + " and a " + first, "this picture shows a " + first + ", a " + second,
              "one " + first + " on the left of one " + second})
            sentences.push_back({{"raw", text}});
        return sentences;
    }

    Result<void> writeAnnotations(const char* name)
    {
        Json categories = Json::array();
        for (int c = 0; c < m_tiny.classes; ++c)
            categories.push_back(
                {{"id", 10 * (c + 1)}, {"name", kTaskFigures[static_cast<size_t>(c)].name()}});
        const Json document{
            {"images", m_images}, {"annotations", m_annotations}, {"categories", categories}};
        m_images = Json::array();
        m_annotations = Json::array();
        return writeFileAtomically(m_folder / name, document.dump(1));
    }

    fs::path m_folder;
    const TinyStudy& m_tiny;
    Json m_images = Json::array();
    Json m_annotations = Json::array();
    Json m_entries = Json::array();
    int m_nextImage = 1;
    int m_nextAnnotation = 100;
};

Result<void> writeClasses(const fs::path& root, const std::array<Figure, 8>& figures, int classes,
                          int perClass, const TinyStudy& tiny)
{
    RandomStream stream =
        RandomStream::named(tiny.seed, "tiny-classes/" + root.filename().string());
    for (int c = 0; c < classes; ++c) {
        const Figure& figure = figures[static_cast<size_t>(c)];
        const fs::path folder = root / (std::string(figure.colour) + "_" + figure.shape);
        CLWB_TRY(createFolders(folder));
        for (int i = 0; i < perClass; ++i) {
            CLWB_TRY(writeCanvas(folder / ("picture_" + std::to_string(i) + ".bmp"),
                                 single(figure, tiny.imageSide, stream)));
        }
    }
    return {};
}

Json zeroShotPart(const char* root, const TinyStudy& tiny)
{
    return {{"kind", "class_folders"}, {"root", root}, {"images_per_class", tiny.imagesPerClass}};
}

Json studyOf(const TinyStudy& tiny)
{
    Json study{{"schema", 1}, {"name", "tiny"}, {"prompt", "this is a photo of {}."}};
    if (tiny.kind == TinyStudy::Kind::Coco) {
        study["updated_task"] = {{"kind", "coco"},
                                 {"instances", {"instances_train.json", "instances_val.json"}},
                                 {"images", "coco"},
                                 {"split_file", "dataset_tiny.json"},
                                 {"sessions", {{"count", tiny.sessions}}}};
        study["retrieval"] = Json::array({{{"name", "tiny"},
                                           {"kind", "karpathy"},
                                           {"split_file", "dataset_tiny.json"},
                                           {"images", "coco"},
                                           {"folds", tiny.folds}}});
    } else {
        study["updated_task"] = {{"kind", "class_folders"},
                                 {"train", "own/train"},
                                 {"val", "own/val"},
                                 {"test", "own/test"},
                                 {"sessions", {{"count", tiny.sessions}, {"order", "name"}}}};
    }
    study["zero_shot"] = zeroShotPart("zs", tiny);
    study["zero_shot_validation"] = zeroShotPart("zs-val", tiny);
    return study;
}

} // namespace

std::vector<std::string> tinyClassNames(int classes)
{
    std::vector<std::string> names;
    for (int c = 0; c < classes; ++c)
        names.push_back(kTaskFigures[static_cast<size_t>(c)].name());
    return names;
}

Result<void> writeBmp(const fs::path& file, int width, int height, const std::vector<uint8_t>& rgb)
{
    const auto columns = static_cast<size_t>(width);
    const auto rows = static_cast<size_t>(height);
    CLWB_CHECK(rgb.size() == 3 * columns * rows);
    const size_t rowBytes = (3 * columns + 3) / 4 * 4;
    std::string content(54 + rowBytes * rows, '\0');
    const auto put = [&](size_t at, size_t value, size_t bytes) {
        for (size_t i = 0; i < bytes; ++i)
            content[at + i] = static_cast<char>((value >> (8 * i)) & 0xFF);
    };
    content[0] = 'B';
    content[1] = 'M';
    put(2, content.size(), 4);
    put(10, 54, 4);
    put(14, 40, 4);
    put(18, columns, 4);
    put(22, rows, 4);
    put(26, 1, 2);
    put(28, 24, 2);
    for (size_t y = 0; y < rows; ++y) {
        for (size_t x = 0; x < columns; ++x) {
            for (size_t c = 0; c < 3; ++c) {
                content[54 + rowBytes * (rows - 1 - y) + 3 * x + c] =
                    static_cast<char>(rgb[3 * (y * columns + x) + 2 - c]);
            }
        }
    }
    // Not through AtomicFile: its flush to the disk would make a study take seconds.
    std::ofstream stream(file, std::ios::binary);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!stream.flush())
        return Failure(systemError("cannot write", file));
    return {};
}

Result<fs::path> writeTinyStudy(const fs::path& folder, const TinyStudy& tiny)
{
    CLWB_CHECK(tiny.classes >= 1 && tiny.classes <= 8 && tiny.zeroShotClasses >= 1 &&
               tiny.zeroShotClasses <= 8 && tiny.imageSide >= 16);
    CLWB_TRY(createFolders(folder));
    if (tiny.kind == TinyStudy::Kind::Coco) {
        CLWB_TRY(CocoWriter(folder, tiny).write());
    } else {
        for (const char* split : {"train", "val", "test"}) {
            const bool isTrain = std::string_view(split) == "train";
            CLWB_TRY(writeClasses(folder / "own" / split, kTaskFigures, tiny.classes,
                                  isTrain ? tiny.trainPerClass : tiny.testPerClass, tiny));
        }
    }
    for (const char* name : {"zs", "zs-val"}) {
        CLWB_TRY(writeClasses(folder / name, kOtherFigures, tiny.zeroShotClasses,
                              tiny.imagesPerClass, tiny));
    }
    const fs::path study = folder / "study.json";
    CLWB_TRY(writeFileAtomically(study, studyOf(tiny).dump(1)));
    return study;
}

} // namespace clwb::test
