// SPDX-License-Identifier: GPL-3.0-or-later
// Tables II to VIII as printed, typed in for the tests; deliberately not read from resources.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace clwb::test
{

struct PrintedCell
{
    std::string table;   ///< kind of `clwb table`
    std::string setting; ///< OST | MST; Table II: ""
    std::string row;     ///< "FT-WM", "M=10", "Ks=50", "captions", "shuffled Original CLIP"
    std::string column;
    std::string text; ///< as printed, "-18.45"
};

struct PrintedTable
{
    const char* kind;
    const char* setting;
    const char* columns;
    const char* rows; ///< a line a row: label with _ for spaces, then cells; "." is no cell
};

inline const PrintedTable kPrintedTables[]{
    {"shuffle", "", "TR@1 TR@5 TR@10 IR@1 IR@5 IR@10", R"(
Original_CLIP          69.34 91.08 95.70 49.67 79.17 88.77
shuffled_Original_CLIP 54.06 81.38 90.26 35.64 66.00 78.72
VSE++                  58.30 . 93.30 43.60 . 87.80
)"},
    {"ost", "OST", "UT-Acc ZS-Acc TR@1 TR@5 IR@1 IR@5 A-Acc", R"(
Original_CLIP 25.36 62.62 69.34 91.08 49.67 79.17 43.99
FT-WM         74.21 44.17 32.54 59.50 25.49 53.55 59.19
LwF-WM        74.41 58.75 62.34 86.34 45.86 76.10 66.58
GeoDL-WM      74.30 60.50 65.18 87.54 46.37 76.14 67.40
IMM-WM        71.25 59.94 60.66 85.08 43.03 73.60 65.60
RKR-WM        56.60 63.82 69.36 90.76 51.27 80.60 60.21
VR-LwF-WM     72.82 62.03 68.34 89.96 47.82 77.41 67.43
FT-IO         74.11 38.84 34.68 61.30 23.77 50.83 56.48
LwF-IO        73.91 57.19 62.70 86.72 48.27 78.30 65.55
GeoDL-IO      74.23 57.03 62.48 86.74 47.15 76.85 65.63
IMM-IO        70.25 57.21 61.74 86.10 43.29 73.02 63.73
RKR-IO        50.11 62.26 69.96 90.66 51.04 80.37 56.19
VR-LwF-IO     74.69 58.58 64.76 88.42 46.97 76.77 66.63
FT-TO         64.86 56.44 61.26 84.64 41.16 70.65 60.65
LwF-TO        64.35 59.52 66.16 88.54 45.04 74.85 61.93
GeoDL-TO      64.52 60.50 66.00 88.52 45.30 75.79 62.51
IMM-TO        63.50 61.31 68.50 89.50 47.43 77.04 62.41
RKR-TO        54.18 64.74 69.48 90.66 50.11 79.58 59.46
VR-LwF-TO     64.85 61.79 68.52 90.48 49.41 78.90 63.32
)"},
    {"mst", "MST", "UT-Acc Bwt ZS-Acc TR@1 TR@5 IR@1 IR@5 A-Acc", R"(
Original_CLIP 39.80 . 62.62 69.34 91.08 49.67 79.17 51.21
Joint-FT      67.33 . . . . . . .
FT-WM         51.51 -18.45 50.01 46.40 73.82 35.94 66.56 50.76
LwF-WM        52.65 -1.60 58.43 63.72 87.44 44.22 73.81 55.54
GeoDL-WM      53.27 -11.14 60.09 63.60 87.14 42.81 73.66 56.68
IMM-WM        54.75 -2.69 61.91 65.74 88.90 48.34 77.80 58.33
RKR-WM        45.37 0.68 64.00 69.78 90.96 51.37 80.80 54.68
VR-LwF-WM     58.03 -1.36 63.91 68.12 90.38 48.61 77.96 60.97
FT-IO         49.05 -22.23 47.53 49.26 75.86 36.17 66.56 48.29
LwF-IO        48.75 1.50 59.58 65.12 88.42 48.89 78.39 54.16
GeoDL-IO      54.90 -4.47 59.48 65.46 88.88 48.80 78.19 57.19
IMM-IO        51.33 -2.94 60.23 65.90 88.60 48.03 77.80 55.78
RKR-IO        43.68 0.25 61.99 69.82 90.78 51.26 80.60 52.83
VR-LwF-IO     56.87 -2.76 59.09 64.32 88.18 48.18 78.02 57.98
FT-TO         52.27 -3.51 55.45 62.26 87.20 41.54 71.86 53.86
LwF-TO        51.27 -1.12 59.77 68.68 90.10 42.62 73.27 55.52
GeoDL-TO      52.64 -6.09 55.84 63.26 87.28 37.54 68.67 54.24
IMM-TO        51.03 -0.30 61.61 67.74 90.28 48.31 77.98 56.32
RKR-TO        44.24 1.64 64.89 69.24 90.82 49.88 79.47 54.57
VR-LwF-TO     53.80 -0.24 62.57 68.94 90.52 48.87 78.61 58.18
)"},
    {"ablation-m", "OST", "UT-Acc ZS-Acc TR@1 IR@1 A-Acc", R"(
M=10     72.82 62.03 68.34 47.82 67.43
M=20     74.11 61.06 66.56 47.14 67.59
M=30     74.41 60.87 65.80 46.47 67.64
M=50     74.45 60.75 64.90 46.09 67.60
M=70     74.26 60.69 66.22 46.83 67.47
captions 71.57 62.52 69.04 47.36 67.05
)"},
    {"ablation-ks", "OST", "UT-Acc ZS-Acc TR@1 IR@1 A-Acc", R"(
Ks=50    73.19 61.67 67.64 47.28 67.43
Ks=100   72.82 62.03 68.34 47.82 67.43
Ks=200   73.09 61.86 67.76 47.98 67.47
Ks=300   72.94 61.89 67.88 47.86 67.42
Ks=400   72.99 61.79 67.92 48.13 67.39
)"},
    {"ablation-m", "MST", "UT-Acc Bwt ZS-Acc TR@1 IR@1 A-Acc", R"(
M=10     58.03 -1.36 63.91 68.12 48.61 60.97
M=20     58.58 -1.13 63.61 68.00 48.62 61.10
M=30     58.60 -1.73 63.66 68.32 48.31 61.13
M=50     58.53 -2.02 63.76 68.42 47.90 61.14
M=70     58.48 -1.45 63.88 69.06 48.45 61.18
captions 57.30 -0.75 61.95 68.80 47.52 59.62
)"},
    {"ablation-ks", "MST", "UT-Acc Bwt ZS-Acc TR@1 IR@1 A-Acc", R"(
Ks=50    58.05 -1.17 63.98 68.46 48.70 61.02
Ks=100   58.03 -1.36 63.91 68.12 48.61 60.97
Ks=200   58.12 -0.65 63.92 68.26 48.98 61.02
Ks=300   58.43 -0.86 63.84 68.76 48.99 61.14
Ks=400   58.33 -0.79 63.86 68.38 49.02 61.09
)"},
};

/// Cells that the tables above hold: II 16, III 19·7, IV 18·8 + 7 + 1, V with captions 6·5, VI 5·5,
/// VII with captions 6·6, VIII 5·6.
inline constexpr size_t kPrintedCellCount =
    16 + 19 * 7 + 18 * 8 + 7 + 1 + 6 * 5 + 5 * 5 + 6 * 6 + 5 * 6;

inline std::vector<PrintedCell> printedCells()
{
    std::vector<PrintedCell> cells;
    for (const PrintedTable& table : kPrintedTables) {
        std::vector<std::string> columns;
        std::istringstream names(table.columns);
        for (std::string name; names >> name;)
            columns.push_back(name);
        std::istringstream lines(table.rows);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string label;
            words >> label;
            for (char& c : label)
                c = c == '_' ? ' ' : c;
            for (const std::string& column : columns) {
                std::string text;
                if (words >> text && text != ".")
                    cells.push_back({table.kind, table.setting, label, column, text});
            }
        }
    }
    return cells;
}

} // namespace clwb::test
