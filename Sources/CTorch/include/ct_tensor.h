// Handles, metadata, creation, and data going in and out.
#pragma once
#include "ct_types.h"

#pragma clang assume_nonnull begin

// Messages

/// What the last failed call on this thread has to say. Borrowed, valid until the next call on this thread.
CT_PLAIN const char *ct_last_message(void);

// Handles

/// Gives back one reference. Consumes `tensor`.
CT_PLAIN void ct_tensor_release(ct_tensor tensor);
/// The number of references handed out and not yet given back, in the whole process.
CT_PLAIN int64_t ct_live_tensor_count(void);
/// Whether two references name one tensor.
CT_PLAIN bool ct_tensor_is_same(ct_tensor first, ct_tensor second);

// Lists

/// The number of tensors in a list.
CT_PLAIN int64_t ct_list_count(ct_list list);
/// Writes a new reference to the tensor at `index`, or null where the list has none.
CT_API ct_status ct_list_element(ct_list list, int64_t index, ct_result result);
/// Gives back a list and the references it owns. Consumes `list`.
CT_PLAIN void ct_list_release(ct_list list);

// Metadata

CT_API ct_status ct_tensor_rank(ct_tensor tensor, int64_t *rank);
/// Writes `rank` lengths to `sizes`.
CT_API ct_status ct_tensor_sizes(ct_tensor tensor, int64_t *sizes, int64_t rank);
/// Writes `rank` strides, counted in elements, to `strides`.
CT_API ct_status ct_tensor_strides(ct_tensor tensor, int64_t *strides, int64_t rank);
CT_API ct_status ct_tensor_count(ct_tensor tensor, int64_t *count);
CT_API ct_status ct_tensor_dtype(ct_tensor tensor, ct_dtype *dtype);
CT_API ct_status ct_tensor_device(ct_tensor tensor, ct_device *device);
CT_API ct_status ct_tensor_is_contiguous(ct_tensor tensor, bool *is_contiguous);
/// Whether two tensors read the same memory.
CT_API ct_status ct_tensor_shares_storage(ct_tensor first, ct_tensor second, bool *shares);
/// Whether any other tensor reads the memory of this one.
CT_API ct_status ct_tensor_has_views(ct_tensor tensor, bool *has_views);
/// The values as libtorch prints them. The text is borrowed, valid until the next call on this thread.
CT_API ct_status ct_tensor_text(ct_tensor tensor, const char *_Nullable *_Nonnull text);

// Creation

CT_API ct_status ct_empty(const int64_t *sizes, int64_t rank, ct_dtype dtype, ct_device device,
                          ct_result result);
CT_API ct_status ct_full(const int64_t *sizes, int64_t rank, ct_scalar value, ct_dtype dtype,
                         ct_device device, ct_result result);
CT_API ct_status ct_arange(ct_scalar start, ct_scalar end, ct_scalar step, ct_dtype dtype,
                           ct_device device, ct_result result);
CT_API ct_status ct_linspace(double start, double end, int64_t count, ct_dtype dtype, ct_device device,
                             ct_result result);
CT_API ct_status ct_eye(int64_t count, ct_dtype dtype, ct_device device, ct_result result);
/// A tensor of the same shape, type and device, every element equal to `value`.
CT_API ct_status ct_full_like(ct_tensor tensor, ct_scalar value, ct_result result);
CT_API ct_status ct_empty_like(ct_tensor tensor, ct_result result);

// Data in and out

/// A new tensor in host memory holding a copy of `byte_count` bytes.
CT_API ct_status ct_copy_bytes(const void *_Nullable bytes, int64_t byte_count, const int64_t *sizes,
                               int64_t rank, ct_dtype dtype, ct_result result);
/// A tensor that reads memory it does not own. `release(context)` is called exactly once, when the last
/// tensor that reads the memory is gone, or before this returns when it fails.
CT_API ct_status ct_borrow_bytes(void *bytes, const int64_t *sizes, int64_t rank, ct_dtype dtype,
                                 void *context, void (*release)(void *context), ct_result result);
/// The address of the first element of a contiguous tensor in host memory; borrowed, valid while the
/// tensor is.
CT_API ct_status ct_tensor_bytes(ct_tensor tensor, void *_Nullable *_Nonnull bytes, int64_t *byte_count);
CT_API ct_status ct_item_real(ct_tensor tensor, double *value);
CT_API ct_status ct_item_integer(ct_tensor tensor, int64_t *value);

// Conversion

/// The tensor with another element type and device: itself, as a new reference, where both fit already.
CT_API ct_status ct_to(ct_tensor tensor, ct_dtype dtype, ct_device device, bool non_blocking,
                       ct_result result);
CT_API ct_status ct_contiguous(ct_tensor tensor, ct_result result);
CT_API ct_status ct_clone(ct_tensor tensor, ct_result result);

#pragma clang assume_nonnull end
