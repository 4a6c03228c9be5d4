// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing but an owner for precompiled headers: CMake ties them to a target with a source.
