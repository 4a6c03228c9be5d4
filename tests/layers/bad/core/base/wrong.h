// A file that breaks every rule: no licence line, includes upwards, a forbidden library.
#include "ui/window.h"

#include <QString>

#include <boost/any.hpp>
#include <torch/torch.h>
const char* where = "/home/somebody/data";
