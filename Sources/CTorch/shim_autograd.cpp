// Gradients, and the modes that switch their recording on and off.
#include "shim_support.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#pragma clang diagnostic pop

using namespace shim;

ct_status ct_requires_grad(ct_tensor tensor, bool *requires_grad) {
  return guarded([&] { *requires_grad = borrow(tensor).requires_grad(); });
}

ct_status ct_set_requires_grad(ct_tensor tensor, bool requires_grad) {
  return guarded([&] { borrow(tensor).requires_grad_(requires_grad); });
}

ct_status ct_is_leaf(ct_tensor tensor, bool *is_leaf) {
  return guarded([&] { *is_leaf = borrow(tensor).is_leaf(); });
}

ct_status ct_grad(ct_tensor tensor, ct_result result) {
  return returning(result, [&] { return borrow(tensor).grad(); });
}

ct_status ct_set_grad(ct_tensor handle, ct_tensor gradient) {
  return guarded([&] {
    const at::Tensor tensor = borrow(handle);
    const at::Tensor value = borrow_optional(gradient);
    TORCH_CHECK(!value.defined() || value.sizes() == tensor.sizes(), "a gradient of shape ", value.sizes(),
                " does not fit a tensor of shape ", tensor.sizes());
    tensor.mutable_grad() = value;
  });
}

ct_status ct_detach(ct_tensor tensor, ct_result result) {
  return returning(result, [&] { return borrow(tensor).detach(); });
}

ct_status ct_backward(ct_tensors outputs, ct_tensors seeds, int64_t count, bool retain_graph,
                      bool create_graph) {
  return guarded([&] {
    ++tally.backward_passes;
    torch::autograd::backward(borrow_all(outputs, count), borrow_all(seeds, count), retain_graph,
                              create_graph);
  });
}

ct_status ct_gradients(ct_tensors outputs, ct_tensors seeds, int64_t output_count, ct_tensors inputs,
                       int64_t input_count, bool retain_graph, bool create_graph, bool allow_unused,
                       ct_list_result result) {
  return guarded([&] {
    ++tally.backward_passes;
    *result = release(torch::autograd::grad(borrow_all(outputs, output_count), borrow_all(inputs, input_count),
                                            borrow_all(seeds, output_count), retain_graph, create_graph,
                                            allow_unused));
  });
}

// MARK: Modes of this thread

bool ct_grad_mode(void) { return c10::GradMode::is_enabled(); }

void ct_set_grad_mode(bool is_enabled) { c10::GradMode::set_enabled(is_enabled); }

ct_status ct_inference_begin(ct_inference *result) {
  return guarded([&] { *result = reinterpret_cast<ct_inference>(new c10::InferenceMode(true)); });
}

void ct_inference_end(ct_inference guard) { delete reinterpret_cast<c10::InferenceMode *>(guard); }
