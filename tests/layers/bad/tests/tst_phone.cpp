// SPDX-License-Identifier: GPL-3.0-or-later
// A test that needs the network.
#include <curl/curl.h>
