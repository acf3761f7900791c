// Messages, references and codes: what the theme files build on.
#include "shim_support.h"

#include <atomic>
#include <string>

namespace {

thread_local std::string message;
thread_local std::string kept_text;
std::atomic<int64_t> live_tensors{0};

constexpr const char *host_allocation_failure = "DefaultCPUAllocator";

/// Records `text`; an empty message when even that finds no memory.
void record(const char *text) noexcept {
  try {
    message = text;
  } catch (...) {
    message.clear();
  }
}

} // namespace

namespace shim {

thread_local Tally tally;

ct_status current_exception_status() noexcept {
  try {
    throw;
  } catch (const c10::OutOfMemoryError &error) {
    record(error.what_without_backtrace());
    return CT_OUT_OF_MEMORY;
  } catch (const c10::LinAlgError &error) {
    record(error.what_without_backtrace());
    return CT_NUMERICAL_FAILURE;
  } catch (const c10::Error &error) {
    record(error.what_without_backtrace());
    const bool is_allocation = message.find(host_allocation_failure) != std::string::npos;
    return is_allocation ? CT_OUT_OF_MEMORY : CT_FAILED;
  } catch (const std::bad_alloc &) {
    record("the host has no memory left");
    return CT_OUT_OF_MEMORY;
  } catch (const std::exception &error) {
    record(error.what());
    return CT_FAILED;
  } catch (...) {
    record("an exception of unknown type");
    return CT_FAILED;
  }
}

const char *keep_text(std::string text) {
  kept_text = std::move(text);
  return kept_text.c_str();
}

std::vector<at::Tensor> borrow_all(ct_tensors handles, int64_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(static_cast<size_t>(count));
  for (int64_t index = 0; index < count; ++index) {
    tensors.push_back(borrow_optional(handles[index]));
  }
  return tensors;
}

ct_tensor release(at::Tensor tensor) noexcept {
  if (!tensor.defined()) {
    return nullptr;
  }
  live_tensors.fetch_add(1, std::memory_order_relaxed);
  return reinterpret_cast<ct_tensor>(tensor.unsafeReleaseTensorImpl());
}

void release_pair(std::tuple<at::Tensor, at::Tensor> pair, ct_result first, ct_result second) {
  *first = release(std::get<0>(std::move(pair)));
  *second = release(std::get<1>(std::move(pair)));
}

ct_list release(std::vector<at::Tensor> tensors) {
  return reinterpret_cast<ct_list>(new std::vector<at::Tensor>(std::move(tensors)));
}

at::Generator borrow(ct_generator handle) {
  return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(
      reinterpret_cast<c10::GeneratorImpl *>(handle)));
}

ct_generator release(at::Generator generator) {
  return reinterpret_cast<ct_generator>(generator.unsafeReleaseGeneratorImpl());
}

// MARK: Codes

at::ScalarType scalar_type(ct_dtype code) {
  switch (code) {
  case CT_FLOAT32:
    return at::kFloat;
  case CT_FLOAT64:
    return at::kDouble;
  case CT_FLOAT16:
    return at::kHalf;
  case CT_BFLOAT16:
    return at::kBFloat16;
  case CT_INT64:
    return at::kLong;
  case CT_INT32:
    return at::kInt;
  case CT_INT16:
    return at::kShort;
  case CT_INT8:
    return at::kChar;
  case CT_UINT8:
    return at::kByte;
  case CT_BOOL:
    return at::kBool;
  }
  TORCH_CHECK(false, "unknown element type code ", static_cast<int>(code));
}

ct_dtype code(at::ScalarType type) {
  switch (type) {
  case at::kFloat:
    return CT_FLOAT32;
  case at::kDouble:
    return CT_FLOAT64;
  case at::kHalf:
    return CT_FLOAT16;
  case at::kBFloat16:
    return CT_BFLOAT16;
  case at::kLong:
    return CT_INT64;
  case at::kInt:
    return CT_INT32;
  case at::kShort:
    return CT_INT16;
  case at::kChar:
    return CT_INT8;
  case at::kByte:
    return CT_UINT8;
  case at::kBool:
    return CT_BOOL;
  default:
    TORCH_CHECK(false, "element type ", type, " has no counterpart in Truce");
  }
}

at::Device device(ct_device code) {
  switch (code.kind) {
  case CT_CPU:
    return at::Device(at::kCPU);
  case CT_CUDA:
    return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(code.index));
  case CT_MPS:
    return at::Device(at::kMPS, static_cast<c10::DeviceIndex>(code.index));
  }
  TORCH_CHECK(false, "unknown device code ", static_cast<int>(code.kind));
}

ct_device code(at::Device device) {
  const int32_t index = device.has_index() ? device.index() : 0;
  switch (device.type()) {
  case at::kCPU:
    return {CT_CPU, 0};
  case at::kCUDA:
    return {CT_CUDA, index};
  case at::kMPS:
    return {CT_MPS, index};
  default:
    TORCH_CHECK(false, "device ", device, " has no counterpart in Truce");
  }
}

} // namespace shim

const char *ct_last_message(void) { return message.c_str(); }

int64_t ct_live_tensor_count(void) { return live_tensors.load(std::memory_order_relaxed); }

void ct_tensor_release(ct_tensor tensor) {
  live_tensors.fetch_sub(1, std::memory_order_relaxed);
  // The intrusive pointer takes over the reference the handle held, and drops it.
  c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(
      reinterpret_cast<at::TensorImpl *>(tensor));
}

bool ct_tensor_is_same(ct_tensor first, ct_tensor second) { return first == second; }

int64_t ct_list_count(ct_list list) {
  return static_cast<int64_t>(reinterpret_cast<std::vector<at::Tensor> *>(list)->size());
}

ct_status ct_list_element(ct_list list, int64_t index, ct_result result) {
  return shim::returning(
      result, [&] { return reinterpret_cast<std::vector<at::Tensor> *>(list)->at(static_cast<size_t>(index)); });
}

void ct_list_release(ct_list list) { delete reinterpret_cast<std::vector<at::Tensor> *>(list); }
