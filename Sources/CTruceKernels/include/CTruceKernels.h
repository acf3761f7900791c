// What Swift sees of the kernels.
#pragma once
#include "tk_kernels.h"
