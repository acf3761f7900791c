// Metadata, creation, conversion, and data going in and out.
#include "shim_support.h"

#include <cstring>
#include <sstream>

using namespace shim;

// MARK: Metadata

ct_status ct_tensor_rank(ct_tensor tensor, int64_t *rank) {
  return guarded([&] { *rank = borrow(tensor).dim(); });
}

ct_status ct_tensor_sizes(ct_tensor tensor, int64_t *sizes, int64_t rank) {
  return guarded([&] { std::copy_n(borrow(tensor).sizes().begin(), rank, sizes); });
}

ct_status ct_tensor_strides(ct_tensor tensor, int64_t *strides, int64_t rank) {
  return guarded([&] { std::copy_n(borrow(tensor).strides().begin(), rank, strides); });
}

ct_status ct_tensor_count(ct_tensor tensor, int64_t *count) {
  return guarded([&] { *count = borrow(tensor).numel(); });
}

ct_status ct_tensor_dtype(ct_tensor tensor, ct_dtype *dtype) {
  return guarded([&] { *dtype = code(borrow(tensor).scalar_type()); });
}

ct_status ct_tensor_device(ct_tensor tensor, ct_device *device) {
  return guarded([&] { *device = code(borrow(tensor).device()); });
}

ct_status ct_tensor_is_contiguous(ct_tensor tensor, bool *is_contiguous) {
  return guarded([&] { *is_contiguous = borrow(tensor).is_contiguous(); });
}

ct_status ct_tensor_shares_storage(ct_tensor first, ct_tensor second, bool *shares) {
  return guarded([&] { *shares = borrow(first).is_alias_of(borrow(second)); });
}

ct_status ct_tensor_has_views(ct_tensor tensor, bool *has_views) {
  return guarded([&] {
    const at::Tensor viewed = borrow(tensor);
    *has_views = viewed.has_storage() && viewed.storage().use_count() > 1;
  });
}

ct_status ct_tensor_text(ct_tensor tensor, const char **text) {
  return guarded([&] {
    std::ostringstream stream;
    stream << borrow(tensor);
    *text = keep_text(stream.str());
  });
}

// MARK: Creation

ct_status ct_empty(const int64_t *sizes, int64_t rank, ct_dtype dtype, ct_device where, ct_result result) {
  return returning(result, [&] { return at::empty(list(sizes, rank), options(dtype, where)); });
}

ct_status ct_full(const int64_t *sizes, int64_t rank, ct_scalar value, ct_dtype dtype, ct_device where,
                  ct_result result) {
  return returning(result,
                   [&] { return at::full(list(sizes, rank), scalar(value), options(dtype, where)); });
}

ct_status ct_arange(ct_scalar start, ct_scalar end, ct_scalar step, ct_dtype dtype, ct_device where,
                    ct_result result) {
  return returning(
      result, [&] { return at::arange(scalar(start), scalar(end), scalar(step), options(dtype, where)); });
}

ct_status ct_linspace(double start, double end, int64_t count, ct_dtype dtype, ct_device where,
                      ct_result result) {
  return returning(result, [&] { return at::linspace(start, end, count, options(dtype, where)); });
}

ct_status ct_eye(int64_t count, ct_dtype dtype, ct_device where, ct_result result) {
  return returning(result, [&] { return at::eye(count, options(dtype, where)); });
}

ct_status ct_full_like(ct_tensor tensor, ct_scalar value, ct_result result) {
  return returning(result, [&] { return at::full_like(borrow(tensor), scalar(value)); });
}

ct_status ct_empty_like(ct_tensor tensor, ct_result result) {
  return returning(result, [&] { return at::empty_like(borrow(tensor)); });
}

// MARK: Data in and out

ct_status ct_copy_bytes(const void *bytes, int64_t byte_count, const int64_t *sizes, int64_t rank,
                        ct_dtype dtype, ct_result result) {
  return returning(result, [&] {
    at::Tensor tensor = at::empty(list(sizes, rank), scalar_type(dtype));
    TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == byte_count, "shape ", tensor.sizes(), " of ",
                tensor.scalar_type(), " takes ", tensor.nbytes(), " bytes, not ", byte_count);
    if (byte_count > 0) {
      std::memcpy(tensor.mutable_data_ptr(), bytes, tensor.nbytes());
    }
    return tensor;
  });
}

ct_status ct_borrow_bytes(void *bytes, const int64_t *sizes, int64_t rank, ct_dtype dtype, void *context,
                          void (*release_context)(void *), ct_result result) {
  // Until libtorch owns the deleter, a failure must release the context here.
  bool is_owned = false;
  const ct_status status = returning(result, [&] {
    const auto type = at::TensorOptions().dtype(scalar_type(dtype));
    auto deleter = [context, release_context](void *) { release_context(context); };
    at::Tensor tensor = at::from_blob(bytes, list(sizes, rank), std::move(deleter), type);
    is_owned = true;
    return tensor;
  });
  if (!is_owned) {
    release_context(context);
  }
  return status;
}

ct_status ct_tensor_bytes(ct_tensor handle, void **bytes, int64_t *byte_count) {
  return guarded([&] {
    const at::Tensor tensor = borrow(handle);
    TORCH_CHECK(tensor.device().is_cpu() && tensor.is_contiguous() && !tensor.is_neg() && !tensor.is_conj(),
                "only a contiguous tensor in host memory has readable bytes");
    *bytes = const_cast<void *>(tensor.const_data_ptr());
    *byte_count = static_cast<int64_t>(tensor.nbytes());
  });
}

ct_status ct_item_real(ct_tensor tensor, double *value) {
  return guarded([&] { *value = borrow(tensor).item().toDouble(); });
}

ct_status ct_item_integer(ct_tensor tensor, int64_t *value) {
  return guarded([&] { *value = borrow(tensor).item().toLong(); });
}

// MARK: Conversion

ct_status ct_to(ct_tensor tensor, ct_dtype dtype, ct_device where, bool non_blocking, ct_result result) {
  return returning(
      result, [&] { return borrow(tensor).to(device(where), scalar_type(dtype), non_blocking); });
}

ct_status ct_contiguous(ct_tensor tensor, ct_result result) {
  return returning(result, [&] { return borrow(tensor).contiguous(); });
}

ct_status ct_clone(ct_tensor tensor, ct_result result) {
  return returning(result, [&] { return borrow(tensor).clone(); });
}
