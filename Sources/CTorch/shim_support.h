// What every theme file of the shim needs: libtorch's tensor, the guard around each function, and the
// steps between handles and tensors.
#pragma once

// libtorch's headers do not compile cleanly with the warnings this package builds with.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#pragma clang diagnostic pop

#include "CTorch.h"

#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace shim {

/// What was done on a thread so far.
struct Tally {
  int64_t backward_passes = 0;
  /// Loops of Truce's own, large enough for several threads.
  int64_t parallel_regions = 0;
  /// Bytes of gradients that were written once more, to where they belong.
  int64_t copied_bytes = 0;
};
extern thread_local Tally tally;

// MARK: The guard

/// Records the exception being handled for `ct_last_message` and says which kind it is. To be called
/// inside a `catch` only.
ct_status current_exception_status() noexcept;

/// Runs `body` and turns whatever it throws into a status: no exception may reach Swift, whose frames
/// cannot unwind.
template <typename Body> ct_status guarded(Body &&body) noexcept {
  try {
    body();
    return CT_OK;
  } catch (...) {
    return current_exception_status();
  }
}

/// Keeps `text` for this thread and returns where it lies.
const char *keep_text(std::string text);

// MARK: Handles

/// A second reference to the tensor behind a borrowed handle.
inline at::Tensor borrow(ct_tensor handle) {
  return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(
      reinterpret_cast<at::TensorImpl *>(handle)));
}

/// As `borrow`, and an undefined tensor for null.
inline at::Tensor borrow_optional(ct_tensor handle) { return handle ? borrow(handle) : at::Tensor(); }

/// As `borrow`, and nothing for null.
inline std::optional<at::Tensor> borrow_nullable(ct_tensor handle) {
  return handle ? std::optional<at::Tensor>(borrow(handle)) : std::nullopt;
}

std::vector<at::Tensor> borrow_all(ct_tensors handles, int64_t count);

/// Hands a reference out; null for an undefined tensor.
ct_tensor release(at::Tensor tensor) noexcept;

/// Hands two tensors out, only once both exist.
void release_pair(std::tuple<at::Tensor, at::Tensor> pair, ct_result first, ct_result second);

/// Hands a list out.
ct_list release(std::vector<at::Tensor> tensors);

at::Generator borrow(ct_generator handle);
ct_generator release(at::Generator generator);

// MARK: Arguments

inline at::IntArrayRef list(const int64_t *values, int64_t count) {
  return at::IntArrayRef(values, static_cast<size_t>(count));
}

/// All axes for a null list.
inline at::OptionalIntArrayRef axes(const int64_t *values, int64_t count) {
  return values ? at::OptionalIntArrayRef(list(values, count)) : std::nullopt;
}

inline std::optional<int64_t> optional(const int64_t *value) {
  return value ? std::optional<int64_t>(*value) : std::nullopt;
}

inline at::Scalar scalar(ct_scalar value) {
  return value.is_integer ? at::Scalar(value.integer) : at::Scalar(value.real);
}

inline std::optional<at::Scalar> scalar(const ct_scalar *value) {
  return value ? std::optional<at::Scalar>(scalar(*value)) : std::nullopt;
}

// MARK: Codes

at::ScalarType scalar_type(ct_dtype code);
ct_dtype code(at::ScalarType type);
at::Device device(ct_device code);
ct_device code(at::Device device);

inline at::TensorOptions options(ct_dtype dtype, ct_device where) {
  return at::TensorOptions().dtype(scalar_type(dtype)).device(device(where));
}

// MARK: One-line definitions

/// Runs a computation under the guard and hands its tensor out.
template <typename Body> ct_status returning(ct_result result, Body &&body) noexcept {
  return guarded([&] { *result = release(body()); });
}

} // namespace shim
