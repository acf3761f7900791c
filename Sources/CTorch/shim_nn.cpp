// What networks are made of: convolutions, pooling, normalisation, activations, losses.
#include "shim_support.h"

#include <array>

using namespace shim;

namespace {

/// Two lengths as libtorch takes them.
std::array<int64_t, 2> pair(ct_extent extent) { return {extent.height, extent.width}; }

} // namespace

// MARK: Layers

ct_status ct_linear(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_result result) {
  return returning(result,
                   [&] { return at::linear(borrow(input), borrow(weight), borrow_nullable(bias)); });
}

ct_status ct_embedding(ct_tensor weight, ct_tensor indices, int64_t padding_index, ct_result result) {
  return returning(result, [&] { return at::embedding(borrow(weight), borrow(indices), padding_index); });
}

ct_status ct_conv2d(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_window window, int64_t groups,
                    ct_result result) {
  return returning(result, [&] {
    return at::conv2d(borrow(input), borrow(weight), borrow_nullable(bias), pair(window.stride),
                      pair(window.padding), pair(window.dilation), groups);
  });
}

ct_status ct_conv_transpose2d(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_window window,
                              ct_extent output_padding, int64_t groups, ct_result result) {
  return returning(result, [&] {
    return at::conv_transpose2d(borrow(input), borrow(weight), borrow_nullable(bias), pair(window.stride),
                                pair(window.padding), pair(output_padding), groups, pair(window.dilation));
  });
}

ct_status ct_unfold(ct_tensor input, ct_window window, ct_result result) {
  return returning(result, [&] {
    return at::im2col(borrow(input), pair(window.kernel), pair(window.dilation), pair(window.padding),
                      pair(window.stride));
  });
}

// MARK: Normalisation

ct_status ct_batch_norm(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor running_mean,
                        ct_tensor running_variance, bool is_training, double momentum, double epsilon,
                        ct_result result) {
  return returning(result, [&] {
    const bool uses_cudnn = true;
    return at::batch_norm(borrow(input), borrow_nullable(weight), borrow_nullable(bias),
                          borrow_nullable(running_mean), borrow_nullable(running_variance), is_training,
                          momentum, epsilon, uses_cudnn);
  });
}

ct_status ct_layer_norm(ct_tensor input, const int64_t *sizes, int64_t rank, ct_tensor weight,
                        ct_tensor bias, double epsilon, ct_result result) {
  return returning(result, [&] {
    return at::layer_norm(borrow(input), list(sizes, rank), borrow_nullable(weight), borrow_nullable(bias),
                          epsilon);
  });
}

ct_status ct_group_norm(ct_tensor input, int64_t groups, ct_tensor weight, ct_tensor bias, double epsilon,
                        ct_result result) {
  return returning(result, [&] {
    return at::group_norm(borrow(input), groups, borrow_nullable(weight), borrow_nullable(bias), epsilon);
  });
}

// MARK: Pooling and resampling

ct_status ct_max_pool2d(ct_tensor input, ct_window window, bool ceil_mode, ct_result values,
                        ct_result indices) {
  return guarded([&] {
    release_pair(at::max_pool2d_with_indices(borrow(input), pair(window.kernel), pair(window.stride),
                                             pair(window.padding), pair(window.dilation), ceil_mode),
                 values, indices);
  });
}

ct_status ct_max_unpool2d(ct_tensor input, ct_tensor indices, ct_extent size, ct_result result) {
  return returning(result, [&] { return at::max_unpool2d(borrow(input), borrow(indices), pair(size)); });
}

ct_status ct_avg_pool2d(ct_tensor input, ct_window window, bool ceil_mode, bool counts_padding,
                        ct_result result) {
  return returning(result, [&] {
    return at::avg_pool2d(borrow(input), pair(window.kernel), pair(window.stride), pair(window.padding),
                          ceil_mode, counts_padding);
  });
}

ct_status ct_adaptive_avg_pool2d(ct_tensor input, ct_extent size, ct_result result) {
  return returning(result, [&] { return at::adaptive_avg_pool2d(borrow(input), pair(size)); });
}

ct_status ct_adaptive_max_pool2d(ct_tensor input, ct_extent size, ct_result values, ct_result indices) {
  return guarded(
      [&] { release_pair(at::adaptive_max_pool2d(borrow(input), pair(size)), values, indices); });
}

ct_status ct_upsample_bilinear2d(ct_tensor input, ct_extent size, bool align_corners, ct_result result) {
  return returning(result,
                   [&] { return at::upsample_bilinear2d(borrow(input), pair(size), align_corners); });
}

ct_status ct_upsample_bilinear2d_aa(ct_tensor input, ct_extent size, ct_result result) {
  return returning(result, [&] {
    const bool aligns_corners = false;
    return at::_upsample_bilinear2d_aa(borrow(input), pair(size), aligns_corners);
  });
}

ct_status ct_upsample_nearest2d(ct_tensor input, ct_extent size, ct_result result) {
  return returning(result, [&] { return at::upsample_nearest2d(borrow(input), pair(size)); });
}

ct_status ct_pad(ct_tensor input, const int64_t *lengths, int64_t count, const char *mode, double value,
                 ct_result result) {
  return returning(result, [&] {
    // Only a constant padding has a value; libtorch refuses one with any other mode.
    const bool is_constant = std::string_view(mode) == "constant";
    return at::pad(borrow(input), list(lengths, count), mode,
                   is_constant ? std::optional<double>(value) : std::nullopt);
  });
}

// MARK: Activations

ct_status ct_softmax(ct_tensor input, int64_t axis, ct_result result) {
  return returning(result, [&] { return at::softmax(borrow(input), axis); });
}

ct_status ct_log_softmax(ct_tensor input, int64_t axis, ct_result result) {
  return returning(result, [&] { return at::log_softmax(borrow(input), axis); });
}

ct_status ct_gelu(ct_tensor input, bool uses_tanh, ct_result result) {
  return returning(result, [&] { return at::gelu(borrow(input), uses_tanh ? "tanh" : "none"); });
}

ct_status ct_elu(ct_tensor input, double alpha, ct_result result) {
  return returning(result, [&] { return at::elu(borrow(input), alpha); });
}

ct_status ct_leaky_relu(ct_tensor input, double slope, ct_result result) {
  return returning(result, [&] { return at::leaky_relu(borrow(input), slope); });
}

ct_status ct_prelu(ct_tensor input, ct_tensor weight, ct_result result) {
  return returning(result, [&] { return at::prelu(borrow(input), borrow(weight)); });
}

ct_status ct_softplus(ct_tensor input, double beta, double threshold, ct_result result) {
  return returning(result, [&] { return at::softplus(borrow(input), beta, threshold); });
}

ct_status ct_dropout(ct_tensor handle, double probability, bool drops_channels, ct_generator generator,
                     ct_result result) {
  return returning(result, [&] {
    TORCH_CHECK(probability >= 0 && probability <= 1, "a probability lies in 0...1, not ", probability);
    const at::Tensor input = borrow(handle);
    std::vector<int64_t> sizes = input.sizes().vec();
    for (size_t axis = 2; drops_channels && axis < sizes.size(); ++axis) {
      sizes[axis] = 1;
    }
    const double kept = 1 - probability;
    at::Tensor mask = at::empty(sizes, input.options().requires_grad(false));
    mask.bernoulli_(kept, borrow(generator));
    return input * (kept > 0 ? mask.div_(kept) : mask);
  });
}

// MARK: Losses

ct_status ct_cross_entropy(ct_tensor input, ct_tensor target, ct_tensor class_weights,
                           ct_reduction reduction, int64_t ignored_index, double label_smoothing,
                           ct_result result) {
  return returning(result, [&] {
    return at::cross_entropy_loss(borrow(input), borrow(target), borrow_nullable(class_weights), reduction,
                                  ignored_index, label_smoothing);
  });
}

ct_status ct_nll_loss(ct_tensor input, ct_tensor target, ct_tensor class_weights, ct_reduction reduction,
                      int64_t ignored_index, ct_result result) {
  return returning(result, [&] {
    return at::nll_loss_nd(borrow(input), borrow(target), borrow_nullable(class_weights), reduction,
                           ignored_index);
  });
}

ct_status ct_l1_loss(ct_tensor input, ct_tensor target, ct_reduction reduction, ct_result result) {
  return returning(result, [&] { return at::l1_loss(borrow(input), borrow(target), reduction); });
}

ct_status ct_mse_loss(ct_tensor input, ct_tensor target, ct_reduction reduction, ct_result result) {
  return returning(result, [&] { return at::mse_loss(borrow(input), borrow(target), reduction); });
}

ct_status ct_smooth_l1_loss(ct_tensor input, ct_tensor target, ct_reduction reduction, double beta,
                            ct_result result) {
  return returning(result, [&] { return at::smooth_l1_loss(borrow(input), borrow(target), reduction, beta); });
}

ct_status ct_huber_loss(ct_tensor input, ct_tensor target, ct_reduction reduction, double delta,
                        ct_result result) {
  return returning(result, [&] { return at::huber_loss(borrow(input), borrow(target), reduction, delta); });
}

ct_status ct_bce_with_logits(ct_tensor input, ct_tensor target, ct_tensor weights,
                             ct_tensor positive_weights, ct_reduction reduction, ct_result result) {
  return returning(result, [&] {
    return at::binary_cross_entropy_with_logits(borrow(input), borrow(target), borrow_nullable(weights),
                                                borrow_nullable(positive_weights), reduction);
  });
}

ct_status ct_kl_div(ct_tensor input, ct_tensor target, ct_reduction reduction, ct_result result) {
  return returning(result, [&] { return at::kl_div(borrow(input), borrow(target), reduction); });
}

ct_status ct_cosine_similarity(ct_tensor left, ct_tensor right, int64_t axis, double epsilon,
                               ct_result result) {
  return returning(result,
                   [&] { return at::cosine_similarity(borrow(left), borrow(right), axis, epsilon); });
}
