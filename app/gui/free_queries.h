// SPDX-License-Identifier: GPL-3.0-or-later
// Free queries of the window, answered by models that are kept between them.
#pragma once

#include "ui/bridge/engine.h"

namespace clwb::gui
{

/// For ui::Engine::retrieve. Embeddings of a project's sets lie beside its runs, in
/// `<project>.files/embeddings`. Thread: any; one query after the other.
std::function<ui::RetrieveAnswer(const ui::RetrieveRequest&, const StopToken&)> freeQueries();

} // namespace clwb::gui
