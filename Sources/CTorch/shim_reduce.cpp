// Reductions, scans, sorting.
#include "shim_support.h"

using namespace shim;

// MARK: Over a list of axes

ct_status ct_sum(ct_tensor tensor, const int64_t *values, int64_t count, bool keep, ct_result result) {
  return returning(result, [&] { return at::sum(borrow(tensor), axes(values, count), keep); });
}

ct_status ct_mean(ct_tensor tensor, const int64_t *values, int64_t count, bool keep, ct_result result) {
  return returning(result, [&] { return at::mean(borrow(tensor), axes(values, count), keep); });
}

ct_status ct_amax(ct_tensor tensor, const int64_t *values, int64_t count, bool keep, ct_result result) {
  return returning(result, [&] { return at::amax(borrow(tensor), list(values, values ? count : 0), keep); });
}

ct_status ct_amin(ct_tensor tensor, const int64_t *values, int64_t count, bool keep, ct_result result) {
  return returning(result, [&] { return at::amin(borrow(tensor), list(values, values ? count : 0), keep); });
}

ct_status ct_logsumexp(ct_tensor handle, const int64_t *values, int64_t count, bool keep, ct_result result) {
  return returning(result, [&] {
    const at::Tensor tensor = borrow(handle);
    std::vector<int64_t> every(static_cast<size_t>(tensor.dim()));
    std::iota(every.begin(), every.end(), 0);
    return at::logsumexp(tensor, values ? list(values, count) : at::IntArrayRef(every), keep);
  });
}

ct_status ct_var(ct_tensor tensor, const int64_t *values, int64_t count, double correction, bool keep,
                 ct_result result) {
  return returning(
      result, [&] { return at::var(borrow(tensor), axes(values, count), at::Scalar(correction), keep); });
}

ct_status ct_std(ct_tensor tensor, const int64_t *values, int64_t count, double correction, bool keep,
                 ct_result result) {
  return returning(
      result, [&] { return at::std(borrow(tensor), axes(values, count), at::Scalar(correction), keep); });
}

ct_status ct_norm(ct_tensor tensor, double order, const int64_t *values, int64_t count, bool keep,
                  ct_result result) {
  return returning(
      result, [&] { return at::linalg_vector_norm(borrow(tensor), order, axes(values, count), keep); });
}

// MARK: Over one axis or all

ct_status ct_argmax(ct_tensor tensor, const int64_t *axis, bool keep, ct_result result) {
  return returning(result, [&] { return at::argmax(borrow(tensor), optional(axis), keep); });
}

ct_status ct_argmin(ct_tensor tensor, const int64_t *axis, bool keep, ct_result result) {
  return returning(result, [&] { return at::argmin(borrow(tensor), optional(axis), keep); });
}

ct_status ct_all(ct_tensor tensor, const int64_t *axis, bool keep, ct_result result) {
  return returning(result,
                   [&] { return axis ? at::all(borrow(tensor), *axis, keep) : at::all(borrow(tensor)); });
}

ct_status ct_any(ct_tensor tensor, const int64_t *axis, bool keep, ct_result result) {
  return returning(result,
                   [&] { return axis ? at::any(borrow(tensor), *axis, keep) : at::any(borrow(tensor)); });
}

ct_status ct_prod(ct_tensor tensor, const int64_t *axis, bool keep, ct_result result) {
  return returning(result,
                   [&] { return axis ? at::prod(borrow(tensor), *axis, keep) : at::prod(borrow(tensor)); });
}

ct_status ct_median(ct_tensor tensor, const int64_t *axis, bool keep, ct_result result) {
  return returning(result, [&] {
    return axis ? std::get<0>(at::median(borrow(tensor), *axis, keep)) : at::median(borrow(tensor));
  });
}

ct_status ct_quantile(ct_tensor tensor, double probability, const int64_t *axis, bool keep,
                      ct_result result) {
  return returning(result,
                   [&] { return at::quantile(borrow(tensor), probability, optional(axis), keep); });
}

ct_status ct_cumsum(ct_tensor tensor, int64_t axis, ct_result result) {
  return returning(result, [&] { return at::cumsum(borrow(tensor), axis); });
}

ct_status ct_cumprod(ct_tensor tensor, int64_t axis, ct_result result) {
  return returning(result, [&] { return at::cumprod(borrow(tensor), axis); });
}

// MARK: Order

ct_status ct_sort(ct_tensor tensor, int64_t axis, bool descending, ct_result values, ct_result indices) {
  return guarded([&] { release_pair(at::sort(borrow(tensor), true, axis, descending), values, indices); });
}

ct_status ct_topk(ct_tensor tensor, int64_t count, int64_t axis, bool largest, ct_result values,
                  ct_result indices) {
  return guarded([&] { release_pair(at::topk(borrow(tensor), count, axis, largest), values, indices); });
}

ct_status ct_unique(ct_tensor tensor, ct_result values, ct_result counts) {
  return guarded([&] {
    auto [distinct, positions, frequency] = at::_unique2(borrow(tensor), true, false, true);
    release_pair({distinct, frequency}, values, counts);
  });
}
