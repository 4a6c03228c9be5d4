// SPDX-License-Identifier: GPL-3.0-or-later
// A window that reaches around the engine's door.
#include "core/train/trainer.h"

#include <sqlite3.h>
