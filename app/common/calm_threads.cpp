// SPDX-License-Identifier: GPL-3.0-or-later
// Lets the compute threads sleep while they wait for each other, from the program's first moment.
//
// GNU's OpenMP, with which LibTorch computes, lets a thread that waits for the others spin for
// milliseconds. Once anything else wants a core (the window, the picture decoders, a second run),
// the spinning threads take it from the very thread they wait for: an evaluation of the demo took
// 13 to 30 s instead of 4 beside two busy programs. With short spinning it took 4 to 9 there, and
// as long as before where nothing else ran.
//
// The library reads its setting once, before main() and before any constructor of the program, and
// the environment of a process can only be replaced with the process: hence the program starts
// itself once more, before the libraries are set up (about 10 ms). The number of the process stays.
// Who has chosen a policy of his own keeps it, and with OMP_WAIT_POLICY or GOMP_SPINCOUNT set to
// anything nothing is started twice (for valgrind).
#include <climits>
#include <cstddef>
#include <cstring>
#include <sys/auxv.h>
#include <sys/types.h>
#include <unistd.h>

// The sanitizers' own start comes first and must not happen twice.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
namespace
{

constexpr size_t kMostVariables = 4096; ///< an environment of more is left as it is
char g_setting[] = "GOMP_SPINCOUNT=1000";

bool begins(const char* text, const char* with)
{
    return std::strncmp(text, with, std::strlen(with)) == 0;
}

/// Runs before the C library is set up: no allocation, no getenv().
void startCalm(int /*count*/, char** arguments, char** variables)
{
    char* more[kMostVariables + 2];
    size_t count = 0;
    for (; variables[count] != nullptr; ++count) {
        if (count == kMostVariables || begins(variables[count], "GOMP_SPINCOUNT=") ||
            begins(variables[count], "OMP_WAIT_POLICY="))
            return;
        more[count] = variables[count];
    }
    more[count] = g_setting;
    more[count + 1] = nullptr;
    if (getauxval(AT_BASE) == 0)
        return; // started by the loader's own command: there the running file is the loader
    // The file's own name, so that lists of processes show it.
    char program[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return;
    program[length] = '\0';
    execve(program, arguments, more); // comes back only if it failed: then all goes on as it was
}

__attribute__((section(".preinit_array"), used)) void (*const g_atStart)(int, char**,
                                                                         char**) = startCalm;

} // namespace
#endif
