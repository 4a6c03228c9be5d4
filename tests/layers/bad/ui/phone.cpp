// SPDX-License-Identifier: GPL-3.0-or-later
// A widget that calls home.
#include <QNetworkAccessManager>
#include <QTcpSocket>

#include <sys/socket.h>
