// A file that breaks every rule: no licence line, includes upwards, a forbidden library.
#include "ui/window.h"
#include <torch/torch.h>
#include <boost/any.hpp>
#include <QString>
const char* where = "/home/somebody/data";
