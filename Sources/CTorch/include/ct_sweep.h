// The gradients of K tasks with respect to shared parameters, as the K rows of one buffer, and what is
// computed from the rows. P is the number of elements of all shared parameters, laid out in their order.
#pragma once
#include "ct_types.h"

#pragma clang assume_nonnull begin

/// For each pair, whether output `o` depends on parameter `p`: written to `reached[o * parameter_count + p]`.
/// Ways that lead through one of the `stops` do not count. Reads the recording only; nothing is differentiated.
CT_API ct_status ct_reached(ct_tensors outputs, int64_t output_count, ct_tensors parameters,
                            int64_t parameter_count, ct_tensors stops, int64_t stop_count, bool *reached);

/// A leaf of the outputs' recording that is none of `listed`: some trained tensor nobody names. Null where there is
/// none. The caller owns the result.
CT_API ct_status ct_unlisted_leaf(ct_tensors outputs, int64_t output_count, ct_tensors listed,
                                  int64_t listed_count, ct_result leaf);

/// Writes the gradient of loss k with respect to `shared` to row k of `rows`, and adds its gradients with
/// respect to the parameters of its own head to their `.grad`, all in one pass a task.
///
/// A null loss leaves a row of zeros, and so does a parameter the loss does not reach. `shared` may be
/// intermediate results. `heads` lists the head parameters of all tasks one after the other;
/// `head_counts[k]` of them belong to task k. The recording is freed with the last pass, unless
/// `retain_graph`.
CT_API ct_status ct_gradient_sweep(ct_tensors losses, int64_t task_count, ct_tensors shared,
                                   int64_t shared_count, ct_tensors heads, const int64_t *head_counts,
                                   bool retain_graph, ct_tensor rows);

/// Carries gradients with respect to features on to the parameters the features were computed from: row k of
/// `feature_rows` is the vector of the vector-Jacobian product written to row k of `rows`. Where
/// `is_active[k]` is false the row becomes zeros without a pass. With `together` the tasks' gradients may go in one
/// walk, where that is quicker.
CT_API ct_status ct_pull_back_sweep(ct_tensor feature_rows, ct_tensors features, int64_t feature_count,
                                    ct_tensors shared, int64_t shared_count, const bool *is_active,
                                    bool retain_graph, bool together, ct_tensor rows);

/// How many of `task_count` tasks `ct_pull_back_sweep` carries together at one time, so that their gradients stay in the
/// cache; 1 where each is walked by itself.
CT_API ct_status ct_tasks_together(ct_tensors features, int64_t feature_count, ct_tensors shared,
                                   int64_t shared_count, int64_t task_count, int64_t *count);

/// What `ct_stream_products` adds up.
typedef enum ct_row_products {
  /// The products of all pairs of rows.
  CT_ROW_PRODUCTS = 0,
  /// Those of the rows' signs, and those of the signs' magnitudes.
  CT_ROW_SIGN_PRODUCTS = 1,
} ct_row_products;

/// The products of the rows that `ct_pull_back_sweep` would write, without ever holding more of them than the columns of
/// a few parameters. The parameters belong to groups: parameter p to `groups[p]`, and each group has K·K numbers of its
/// own, or for signs two times as many. The recording is kept. `is_done` is false, and nothing is written, where
/// something hangs on the recording that wants to see each task's gradient by itself.
CT_API ct_status ct_stream_products(ct_tensor feature_rows, ct_tensors features, int64_t feature_count,
                                    ct_tensors shared, int64_t shared_count, const int64_t *groups,
                                    int64_t group_count, ct_row_products kind, bool *is_done, double *products);

/// The products of all pairs of rows over the columns from `start` to before `end`, accumulated in double
/// precision: K·K numbers.
CT_API ct_status ct_gramian(ct_tensor rows, int64_t start, int64_t end, double *gramian);

/// Σ weights[k] · row k, in the rows' type. Groups of columns have weights of their own: group g, which ends before
/// column `ends[g]`, those from `weights[g * K]` on; together they cover all columns. In place it is written over the first
/// row, and the result is a view of that. The caller owns the result.
CT_API ct_status ct_combine(ct_tensor rows, const double *weights, const int64_t *ends, int64_t group_count,
                            bool in_place, ct_result result);

/// Makes the parts of `vector` the gradients of `parameters`: views of it, so nothing is copied; or adds
/// them to the gradients there are.
CT_API ct_status ct_assign_gradients(ct_tensor vector, ct_tensors parameters, int64_t count,
                                     bool accumulates);

#pragma clang assume_nonnull end
