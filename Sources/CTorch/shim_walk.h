// One walk through a recording for the gradients of several tasks at once.
#pragma once

#include "shim_support.h"

namespace shim {

/// Carries several tasks' gradients with respect to features on to parameters, all of them in one walk.
///
/// - feature_rows: for each task the gradient with respect to the features, one after the other.
/// - retain_graph: whether the recording is kept.
/// - rows: for each task where the gradient with respect to the parameters is written.
/// - returns: false, with nothing written, where a walk for each task is as quick or the recording wants it.
bool walk_together(const at::Tensor &feature_rows, const std::vector<at::Tensor> &features,
                   const std::vector<at::Tensor> &parameters, bool retain_graph, const at::Tensor &rows);

/// How many of so many tasks `walk_together` takes at once; 1 where it takes none.
int64_t tasks_together(const std::vector<at::Tensor> &features, const std::vector<at::Tensor> &parameters,
                       int64_t task_count);

} // namespace shim
