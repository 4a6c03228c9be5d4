// SPDX-License-Identifier: GPL-3.0-or-later
// The few lines that tests without Qt need: CHECK macros, a list of cases, temporary folders.
#pragma once

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <stdlib.h>
#include <string>

namespace clwb::test
{

inline int failures = 0;

inline void report(bool good, const char* file, int line, const std::string& text)
{
    if (good)
        return;
    ++failures;
    std::cerr << file << ':' << line << ": failed: " << text << std::endl;
}

template<class A, class B>
void reportEqual(const A& got, const B& expected, const char* file, int line, const char* text)
{
    if (got == expected)
        return;
    ++failures;
    std::cerr << file << ':' << line << ": failed: " << text << ": expected " << expected
              << ", got " << got << std::endl;
}

/// Whether a Result holds a value; prints its error otherwise.
template<class R>
bool holds(const R& result, const char* file, int line, const char* text)
{
    if (result)
        return true;
    ++failures;
    std::cerr << file << ':' << line << ": failed: " << text << ": " << result.error().message
              << std::endl;
    return false;
}

/// Runs one case and says so, so that a hang can be placed.
template<class Function>
void run(const char* name, Function function)
{
    std::cerr << "case " << name << std::endl;
    function();
}

inline int result()
{
    std::cerr << (failures == 0 ? "all checks passed" : "some checks failed") << std::endl;
    return failures == 0 ? 0 : 1;
}

/// A folder that is removed at the end.
class TemporaryFolder
{
public:
    TemporaryFolder()
    {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "clwb-test-XXXXXX").string();
        m_path = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

} // namespace clwb::test

#define CHECK(condition) ::clwb::test::report(bool(condition), __FILE__, __LINE__, #condition)
#define CHECK_EQUAL(got, expected)                                                                 \
    ::clwb::test::reportEqual(got, expected, __FILE__, __LINE__, #got)
#define CHECK_OK(result) ::clwb::test::holds(result, __FILE__, __LINE__, #result)
#define RUN_CASE(function) ::clwb::test::run(#function, function)
