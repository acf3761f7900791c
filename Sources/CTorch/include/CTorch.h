// The C face of libtorch, as Truce uses it. A header for each theme; the rules they share are here.
//
// - Every function that can fail returns a `ct_status`. When it is not `CT_OK`, no result was written and
//   `ct_last_message()` says what happened. No C++ exception leaves a function.
// - Results leave through out-parameters only. A `ct_result` receives a new reference, which the caller
//   gives back with `ct_tensor_release`.
// - A `ct_tensor` passed in is borrowed for the length of the call.
// - Counts come after the array they count; a dimension list is borrowed.
#pragma once

#include "ct_types.h"

#include "ct_autocast.h"
#include "ct_autograd.h"
#include "ct_dispatch.h"
#include "ct_engine.h"
#include "ct_index.h"
#include "ct_linalg.h"
#include "ct_math.h"
#include "ct_nn.h"
#include "ct_optim.h"
#include "ct_random.h"
#include "ct_reduce.h"
#include "ct_script.h"
#include "ct_sweep.h"
#include "ct_tensor.h"
#include "ct_views.h"
