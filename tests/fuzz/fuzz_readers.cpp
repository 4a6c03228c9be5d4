// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged pictures, thumbnails and detail blobs for the readers that meet them in strangers' files.
//
//   fuzz_readers EXECUTIONS [SEED [FIRST]]
//
// Execution n depends on SEED and n alone: `fuzz_readers 1 SEED n` repeats one. Build it with the
// asan preset for long runs. Exit status 1 where a reader accepts what contradicts itself.
#include "core/data/image_decode.h"
#include "core/data/image_probe.h"
#include "core/data/manifest.h"
#include "core/data/thumbnail.h"
#include "core/store/detail_blob.h"
#include "core/store/packed_text.h"
#include "core/store/run_dump.h"
#include "tests/fuzz/mutation.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>

#ifdef CLWB_WITH_OPENCV
#include <opencv2/imgcodecs.hpp>
#endif

extern "C" __attribute__((weak)) void __asan_set_death_callback(void (*callback)());

using namespace clwb;
using fuzz::below;
using fuzz::Dice;

namespace
{

uint64_t currentExecution = 0;
uint64_t currentSeed = 1;

void tellExecution()
{
    std::fprintf(stderr, "fuzz_readers 1 %llu %llu repeats this\n",
                 static_cast<unsigned long long>(currentSeed),
                 static_cast<unsigned long long>(currentExecution));
}

[[noreturn]] void stopWith(const char* what)
{
    std::fprintf(stderr, "contradiction: %s\n", what);
    tellExecution();
    std::exit(1);
}

void expect(bool isTrue, const char* what)
{
    if (!isTrue)
        stopWith(what);
}

struct Target
{
    const char* name;
    std::vector<std::string> good;
    std::function<bool(const std::string&)> read; ///< whether the reader took it
    uint64_t taken = 0;
    uint64_t refused = 0;
};

void append(std::string& bytes, uint32_t value, int count)
{
    for (int i = 0; i < count; ++i)
        bytes += char(value >> (8 * i));
}

std::string plainBmp(int width, int height, int bits)
{
    const uint32_t row = uint32_t(width * bits + 31) / 32 * 4;
    std::string bytes = "BM";
    append(bytes, 54 + row * uint32_t(height), 4);
    append(bytes, 0, 4);
    append(bytes, 54, 4);
    append(bytes, 40, 4);
    append(bytes, uint32_t(width), 4);
    append(bytes, uint32_t(height), 4);
    append(bytes, 1, 2);
    append(bytes, uint32_t(bits), 2);
    bytes.append(24, '\0');
    for (uint32_t i = 0; i < row * uint32_t(height); ++i)
        bytes += char(i * 37);
    return bytes;
}

/// An EXIF segment with an orientation behind the start of a JPEG.
std::string withOrientation(const std::string& jpeg, int orientation)
{
    std::string tiff("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18);
    append(tiff, uint32_t(orientation), 4);
    append(tiff, 0, 4);
    const std::string body = std::string("Exif\0\0", 6) + tiff;
    const size_t length = body.size() + 2;
    return jpeg.substr(0, 2) + "\xff\xe1" + char(length >> 8) + char(length) + body +
           jpeg.substr(2);
}

std::vector<std::string> goodPictures()
{
    std::vector<std::string> pictures{plainBmp(9, 7, 24), plainBmp(5, 11, 32)};
#ifdef CLWB_WITH_OPENCV
    const auto encoded = [](const char* kind, int type, const std::vector<int>& options = {}) {
        cv::Mat picture(23, 31, type);
        cv::theRNG().state = 7;
        cv::randu(picture, cv::Scalar::all(0),
                  cv::Scalar::all(CV_MAT_DEPTH(type) == CV_16U ? 65535 : 255));
        std::vector<uint8_t> bytes;
        cv::imencode(kind, picture, bytes, options);
        return std::string(bytes.begin(), bytes.end());
    };
    const std::string jpeg = encoded(".jpg", CV_8UC3);
    pictures.push_back(jpeg);
    for (int orientation = 1; orientation <= 8; ++orientation)
        pictures.push_back(withOrientation(jpeg, orientation));
    pictures.push_back(encoded(".jpg", CV_8UC3, {cv::IMWRITE_JPEG_PROGRESSIVE, 1}));
    pictures.push_back(encoded(".jpg", CV_8UC3, {cv::IMWRITE_JPEG_RST_INTERVAL, 2}));
    pictures.push_back(encoded(".jpg", CV_8UC1));
    for (const int type : {CV_8UC1, CV_8UC3, CV_8UC4, CV_16UC1, CV_16UC3, CV_16UC4})
        pictures.push_back(encoded(".png", type));
    pictures.push_back(encoded(".png", CV_8UC1, {cv::IMWRITE_PNG_BILEVEL, 1}));
    pictures.push_back(encoded(".webp", CV_8UC3));
    pictures.push_back(encoded(".webp", CV_8UC4, {cv::IMWRITE_WEBP_QUALITY, 101}));
    pictures.push_back(encoded(".bmp", CV_8UC1));
#endif
    return pictures;
}

/// Pictures above this many pixels are decoded once in 64 times: they are slow, not different.
constexpr int64_t kQuickPixels = 1 << 20;

bool readPicture(const std::string& input)
{
    const std::span bytes(reinterpret_cast<const uint8_t*>(input.data()), input.size());
    const auto header = data::probeImage(bytes);
    if (!header)
        return false;
    expect(header->width >= 1 && header->width <= data::kMaxImageSide, "width");
    expect(header->height >= 1 && header->height <= data::kMaxImageSide, "height");
    expect(int64_t{header->width} * header->height <= data::kMaxImagePixels, "pixels");
    if (int64_t{header->width} * header->height > kQuickPixels && currentExecution % 64 != 0)
        return false;
    const auto image = data::decodeImage(bytes, data::Orientation::Apply);
    if (!image)
        return false;
    const bool isTurned = header->orientation >= 5 && header->orientation <= 8;
    expect(image->width == (isTurned ? header->height : header->width), "decoded width");
    expect(image->height == (isTurned ? header->width : header->height), "decoded height");
    expect(image->pixels.size() == size_t{3} * size_t(image->width) * size_t(image->height),
           "decoded bytes");
    return true;
}

std::vector<std::string> goodThumbnails()
{
    std::vector<std::string> thumbnails;
    for (const int side : {1, 8, 48}) {
        std::vector<uint8_t> pixels(size_t{3} * size_t(side) * size_t(side));
        for (size_t i = 0; i < pixels.size(); ++i)
            pixels[i] = uint8_t(i * 5 + i / 97);
        thumbnails.push_back(data::encodeThumbnail(pixels.data(), side, side));
    }
    return thumbnails;
}

constexpr int kClasses = 300;
constexpr int kItems = 40;

std::string goodPredictions(int classes)
{
    auto list = std::make_shared<metrics::HashedList>();
    list->list.kind = "ut";
    list->list.images.resize(kItems);
    list->list.labels.resize(kItems);
    list->list.classes.resize(size_t(classes));
    metrics::PredictionDetails details;
    details.items = list;
    details.top = std::min(classes, metrics::kTopClasses);
    for (int i = 0; i < kItems; ++i) {
        const int truthRank = i % classes;
        for (int t = 0; t < details.top; ++t) {
            details.classes.push_back((i * 7 + t) % classes);
            details.probabilities.push_back(0.5F / float(1 << t));
        }
        // The truth is the class at its rank; below the best ones any other does.
        list->list.labels[size_t(i)] = (i * 7 + truthRank) % classes;
        details.truthRanks.push_back(truthRank);
        details.truthProbabilities.push_back(truthRank < details.top ? 0.5F / float(1 << truthRank)
                                                                     : 0.001F);
    }
    return store::encodePredictions(details);
}

bool readPredictions(const std::string& input)
{
    // What the project's list says is independent of the blob; now and then the two disagree.
    const int64_t items = currentExecution % 16 == 0 ? kItems - 1 : kItems;
    const int64_t classes = currentExecution % 3 == 0 ? 10 : kClasses;
    const auto got = store::decodePredictions(input, items, classes);
    if (!got)
        return false;
    const size_t wanted = size_t(got->top) * size_t(items);
    expect(got->top >= 0 && got->top <= metrics::kTopClasses && got->top <= classes, "top");
    expect(got->classes.size() == wanted && got->probabilities.size() == wanted, "sizes");
    expect(got->truthRanks.size() == size_t(items), "truths");
    expect(got->truthProbabilities.size() == size_t(items), "probabilities of truths");
    const auto isClass = [classes](int32_t value) { return value >= 0 && value < classes; };
    const auto isShare = [](float value) { return value >= 0 && value <= 1; };
    expect(std::all_of(got->classes.begin(), got->classes.end(), isClass), "class");
    expect(std::all_of(got->truthRanks.begin(), got->truthRanks.end(), isClass), "rank");
    expect(std::all_of(got->probabilities.begin(), got->probabilities.end(), isShare), "share");
    expect(std::all_of(got->truthProbabilities.begin(), got->truthProbabilities.end(), isShare),
           "share of the truth");
    return true;
}

bool readText(const std::string& input)
{
    const auto text = store::unpackText(input);
    return text.has_value();
}

bool readNumbers(const std::string& input)
{
    constexpr size_t kMost = 50;
    const auto numbers = store::readNumbers(input, kMost);
    if (!numbers)
        return false;
    expect(numbers->size() <= kMost, "more numbers than allowed");
    return true;
}

const std::string kManifest = "lists\tclasses a.txt\t12\t" + std::string(64, 'a') + "\nzs\t\t2\t" +
                              std::string(64, 'b') + "\nzs\tcat/1.jpg\t900\t\nzs\tcat/2.jpg\t0\t\n";

bool readManifest(const std::string& input)
{
    const auto manifest = data::manifestFromText(input);
    if (!manifest)
        return false;
    expect(!data::differenceOf(*manifest, *manifest), "a manifest differs from itself");
    const auto whole = data::manifestFromText(kManifest);
    (void)data::differenceOf(*whole, *manifest);
    return true;
}

bool readLoad(const std::string& input)
{
    store::RunDump dump;
    if (!store::readLoadLines(input, dump))
        return false;
    const auto isLater = [](const LoadPoint& one, const LoadPoint& next) {
        return one.at >= next.at;
    };
    expect(std::adjacent_find(dump.load.begin(), dump.load.end(), isLater) == dump.load.end(),
           "load that goes back in time");
    return true;
}

std::vector<Target> targets()
{
    std::vector<Target> all{
        {"pictures", goodPictures(), readPicture},
        {"predictions", {goodPredictions(kClasses), goodPredictions(10)}, readPredictions},
        {"packed texts",
         {store::packText(""), store::packText("{\"ranks\":[1,2,3]}"),
          store::packText(std::string(20'000, '7'))},
         readText},
        {"candidates", {"[]", "[1,2,3]", "[9223372036854775807,0]", "[1,22,333]"}, readNumbers},
        {"manifests", {kManifest}, readManifest},
        {"load",
         {"", "{\"at\":1,\"cpu\":5,\"memory\":7}\n{\"at\":11,\"cpu\":999,\"memory\":7,\"disk\":4,"
              "\"gpu\":10,\"gpu_memory\":3,\"gpu_total\":9}\n"},
         readLoad}};
    if (data::hasImageDecoder())
        all.push_back({"thumbnails", goodThumbnails(), readPicture});
    return all;
}

} // namespace

int main(int count, char** arguments)
{
    const auto number = [&](int place, uint64_t otherwise) {
        return count > place ? std::strtoull(arguments[place], nullptr, 10) : otherwise;
    };
    const uint64_t executions = number(1, 10'000);
    currentSeed = number(2, 1);
    const uint64_t first = number(3, 0);
    if (__asan_set_death_callback)
        __asan_set_death_callback(tellExecution);

    std::vector<Target> all = targets();
    for (Target& target : all)
        for (const std::string& good : target.good) {
            currentExecution = 1; // sizes of the lists that the good blobs belong to
            const bool isTaken = target.read(good) || [&] {
                currentExecution = 3;
                return target.read(good);
            }();
            if (!isTaken)
                stopWith(("a whole input is refused: " + std::string(target.name) + " " +
                          std::to_string(&good - target.good.data()))
                             .c_str());
        }
    for (uint64_t i = first; i < first + executions; ++i) {
        currentExecution = i;
        Dice dice = fuzz::diceOf(currentSeed, i);
        Target& target = all[below(dice, all.size())];
        ++(target.read(fuzz::damaged(target.good, dice)) ? target.taken : target.refused);
    }
    for (const Target& target : all)
        std::printf("%-14s %9llu taken %9llu refused\n", target.name,
                    static_cast<unsigned long long>(target.taken),
                    static_cast<unsigned long long>(target.refused));
    return 0;
}
