// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences on the methods and options.
#include "ui/models/method_text.h"

#include <QCoreApplication>
#include <QHash>

namespace clwb::ui
{

using namespace Qt::StringLiterals;

namespace
{

struct MethodTextWords
{
    Q_DECLARE_TR_FUNCTIONS(MethodText)
};

} // namespace

MethodText methodText(const QString& kind, const QString& method)
{
    if (kind == "original"_L1)
        return {MethodTextWords::tr("The model as it is: evaluated only, the floor of every plot."),
                {}};
    if (kind == "joint"_L1)
        return {MethodTextWords::tr(
                    "Trained on all classes at once: the ceiling that no sequence of sessions "
                    "is expected to reach."),
                u"L = CE"_s};
    const QHash<QString, MethodText> texts{
        {u"ft"_s,
         {MethodTextWords::tr("Plain training on each session; learns well and forgets most."),
          u"L = CE"_s}},
        {u"lwf"_s,
         {MethodTextWords::tr(
              "Keeps the answers of the model before the session on the new images."),
          u"L = CE + β · LwF"_s}},
        {u"geodl"_s,
         {MethodTextWords::tr(
              "Keeps embeddings of a batch on the geodesic between old and new subspaces."),
          u"L = CE + β · (GeoImage + GeoText)"_s}},
        {u"imm"_s,
         {MethodTextWords::tr(
              "Trains freely, then averages the weights with those before the session."),
          u"L = CE,   w ← (1−α) · w_before + α · w_after"_s}},
        {u"rkr"_s,
         {MethodTextWords::tr(
              "Freezes the weights and trains a scale for each channel of each block."),
          u"L = CE"_s}},
        {u"vr-lwf"_s,
         {MethodTextWords::tr(
              "Replays random token sequences as pseudo classes, so that old knowledge is "
              "kept without old data."),
          u"L = CE + β · (VR + Pre)"_s}}};
    return texts.value(method);
}

QString optionText(const QString& option)
{
    if (option == "IO"_L1)
        return MethodTextWords::tr("image tower only");
    return option == "TO"_L1 ? MethodTextWords::tr("text tower only")
                             : MethodTextWords::tr("both towers");
}

} // namespace clwb::ui
