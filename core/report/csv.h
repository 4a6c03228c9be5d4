// SPDX-License-Identifier: GPL-3.0-or-later
// CSV after RFC 4180: guards on text cells only, numbers in shortest round-trip form, and a reader.
#pragma once

#include "core/base/error.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clwb::report
{

/// How a CSV file is written; the defaults are the interface's.
struct CsvFormat
{
    char separator = ',';
    char decimal = '.'; ///< ',' needs another separator
    std::string_view newline = "\r\n";
    bool byteOrderMark = false;
    bool raw = false; ///< true: text cells are not guarded against spreadsheets
};

/// Appends cells and rows to a text.
class CsvWriter
{
public:
    explicit CsvWriter(CsvFormat format = {});

    /// Quoted where needed. A text that a spreadsheet would run as a formula (it starts with
    /// = + - @ TAB CR) gets a leading apostrophe, which readCsv's unguarded() takes away again.
    void text(std::string_view value);
    /// Empty when missing or NaN; never guarded.
    void number(std::optional<double> value);
    void integer(std::optional<int64_t> value);
    void empty() { cell({}); }
    void endRow();
    [[nodiscard]] std::string take() { return std::move(m_out); }

private:
    void cell(std::string_view content);
    CsvFormat m_format;
    std::string m_out;
    bool m_rowIsEmpty = true;
};

/// A parsed file: every row has as many cells as the header.
struct CsvTable
{
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;

    [[nodiscard]] std::optional<size_t> column(std::string_view name) const;
};

/// Reads a header and its rows; a byte order mark and CR, LF or CRLF line ends are accepted.
/// @param source name of the file in messages
/// Errors: Data with the line: unequal numbers of cells, quotes that never close, text after a
/// closing quote, a column name twice, more than 10 000 columns.
Result<CsvTable> readCsv(std::string_view content, std::string_view source, char separator = ',');
/// The separator among , ; TAB that the first line holds most of.
char guessSeparator(std::string_view content);

/// With the apostrophe that protects a text from being run as a formula, if it needs one.
std::string guarded(std::string_view text);
/// The inverse of guarded().
std::string unguarded(std::string_view text);

} // namespace clwb::report
