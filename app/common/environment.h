// SPDX-License-Identifier: GPL-3.0-or-later
// What a result depends on besides its specification: build, machine, command line.
#pragma once

#include "core/base/json.h"

#include <string>

namespace clwb::app
{

/// Program, commit, compiler, libraries, host, CPU, cores, graphics card and what the engine is set
/// to, and of a locally changed program the SHA-256 of the changes; stored with every run.
/// @param program     its name
/// @param commandLine as given, for repeating it
Json environmentJson(const std::string& program, const std::string& commandLine);

/// The words of this process's command line, quoted so that a shell reads them back.
std::string ownCommandLine();

} // namespace clwb::app
