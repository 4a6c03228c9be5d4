// SPDX-License-Identifier: GPL-3.0-or-later
// The only include of QCustomPlot: its header needs Qt's keywords, which the project switches off.
#pragma once

#define slots
#define signals public
#define emit
#define foreach(variable, container) for (variable : container)
#include <qcustomplot.h>
#undef slots
#undef signals
#undef emit
#undef foreach
