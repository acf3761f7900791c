// Views of one tensor, and tensors joined from several.
#pragma once
#include "ct_types.h"

#pragma clang assume_nonnull begin

CT_API ct_status ct_reshape(ct_tensor tensor, const int64_t *sizes, int64_t rank, ct_result result);
CT_API ct_status ct_view(ct_tensor tensor, const int64_t *sizes, int64_t rank, ct_result result);
CT_API ct_status ct_expand(ct_tensor tensor, const int64_t *sizes, int64_t rank, ct_result result);
CT_API ct_status ct_repeat(ct_tensor tensor, const int64_t *counts, int64_t rank, ct_result result);
CT_API ct_status ct_permute(ct_tensor tensor, const int64_t *axes, int64_t rank, ct_result result);
CT_API ct_status ct_flip(ct_tensor tensor, const int64_t *axes, int64_t count, ct_result result);
CT_API ct_status ct_transpose(ct_tensor tensor, int64_t first, int64_t second, ct_result result);
CT_API ct_status ct_narrow(ct_tensor tensor, int64_t axis, int64_t start, int64_t length, ct_result result);
CT_API ct_status ct_slice(ct_tensor tensor, int64_t axis, int64_t start, int64_t end, int64_t step,
                          ct_result result);
CT_API ct_status ct_select(ct_tensor tensor, int64_t axis, int64_t index, ct_result result);
CT_API ct_status ct_squeeze(ct_tensor tensor, int64_t axis, ct_result result);
CT_API ct_status ct_unsqueeze(ct_tensor tensor, int64_t axis, ct_result result);
CT_API ct_status ct_flatten(ct_tensor tensor, int64_t first, int64_t last, ct_result result);
CT_API ct_status ct_diagonal(ct_tensor tensor, int64_t offset, int64_t first, int64_t second,
                             ct_result result);
CT_API ct_status ct_roll(ct_tensor tensor, int64_t shift, int64_t axis, ct_result result);
CT_API ct_status ct_tril(ct_tensor tensor, int64_t diagonal, ct_result result);
CT_API ct_status ct_triu(ct_tensor tensor, int64_t diagonal, ct_result result);

/// At most `count` views of equal length along `axis`.
CT_API ct_status ct_chunk(ct_tensor tensor, int64_t count, int64_t axis, ct_list_result result);
/// Views of the given lengths along `axis`.
CT_API ct_status ct_split(ct_tensor tensor, const int64_t *lengths, int64_t count, int64_t axis,
                          ct_list_result result);
CT_API ct_status ct_unbind(ct_tensor tensor, int64_t axis, ct_list_result result);

CT_API ct_status ct_cat(ct_tensors tensors, int64_t count, int64_t axis, ct_result result);
CT_API ct_status ct_stack(ct_tensors tensors, int64_t count, int64_t axis, ct_result result);

/// A view of a contiguous tensor's elements by their distances; all must lie within it.
CT_API ct_status ct_as_strided(ct_tensor tensor, const int64_t *sizes, const int64_t *strides, int64_t rank,
                               int64_t offset, ct_result result);

#pragma clang assume_nonnull end
