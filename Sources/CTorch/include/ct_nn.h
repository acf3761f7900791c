// What networks are made of: convolutions, pooling, normalisation, activations, losses.
#pragma once
#include "ct_types.h"

#pragma clang assume_nonnull begin

/// Two lengths, of the vertical and the horizontal axis of an image.
typedef struct ct_extent {
  int64_t height;
  int64_t width;
} ct_extent;

/// Which positions a window covers and how it moves.
typedef struct ct_window {
  ct_extent kernel;
  ct_extent stride;
  ct_extent padding;
  ct_extent dilation;
} ct_window;

/// What becomes of the losses of the examples.
typedef enum ct_reduction {
  CT_REDUCE_NONE = 0,
  CT_REDUCE_MEAN = 1,
  CT_REDUCE_SUM = 2,
} ct_reduction;

// Layers

CT_API ct_status ct_linear(ct_tensor input, ct_tensor weight, ct_tensor _Nullable bias, ct_result result);
CT_API ct_status ct_embedding(ct_tensor weight, ct_tensor indices, int64_t padding_index, ct_result result);
/// The window's kernel is the weight's and not read.
CT_API ct_status ct_conv2d(ct_tensor input, ct_tensor weight, ct_tensor _Nullable bias, ct_window window,
                           int64_t groups, ct_result result);
/// The window's kernel is the weight's and not read.
CT_API ct_status ct_conv_transpose2d(ct_tensor input, ct_tensor weight, ct_tensor _Nullable bias,
                                     ct_window window, ct_extent output_padding, int64_t groups,
                                     ct_result result);

/// The elements under each window, [examples, channels · kernel, windows].
CT_API ct_status ct_unfold(ct_tensor input, ct_window window, ct_result result);

// Normalisation. Weight, bias and running statistics may be null; training overwrites the statistics.

CT_API ct_status ct_batch_norm(ct_tensor input, ct_tensor _Nullable weight, ct_tensor _Nullable bias,
                               ct_tensor _Nullable running_mean, ct_tensor _Nullable running_variance,
                               bool is_training, double momentum, double epsilon, ct_result result);
CT_API ct_status ct_layer_norm(ct_tensor input, const int64_t *sizes, int64_t rank,
                               ct_tensor _Nullable weight, ct_tensor _Nullable bias, double epsilon,
                               ct_result result);
CT_API ct_status ct_group_norm(ct_tensor input, int64_t groups, ct_tensor _Nullable weight,
                               ct_tensor _Nullable bias, double epsilon, ct_result result);

// Pooling and resampling

/// The largest element under each window, and its place in its image.
CT_API ct_status ct_max_pool2d(ct_tensor input, ct_window window, bool ceil_mode, ct_result values,
                               ct_result indices);
CT_API ct_status ct_max_unpool2d(ct_tensor input, ct_tensor indices, ct_extent size, ct_result result);
CT_API ct_status ct_avg_pool2d(ct_tensor input, ct_window window, bool ceil_mode, bool counts_padding,
                               ct_result result);
CT_API ct_status ct_adaptive_avg_pool2d(ct_tensor input, ct_extent size, ct_result result);
CT_API ct_status ct_adaptive_max_pool2d(ct_tensor input, ct_extent size, ct_result values,
                                        ct_result indices);
CT_API ct_status ct_upsample_bilinear2d(ct_tensor input, ct_extent size, bool align_corners,
                                        ct_result result);
/// Linear over all elements that a new one covers, so that a smaller image loses none; also of whole numbers.
CT_API ct_status ct_upsample_bilinear2d_aa(ct_tensor input, ct_extent size, ct_result result);
CT_API ct_status ct_upsample_nearest2d(ct_tensor input, ct_extent size, ct_result result);
/// `lengths` hold a pair for each padded axis, the last axis first; `mode` is libtorch's name, borrowed.
CT_API ct_status ct_pad(ct_tensor input, const int64_t *lengths, int64_t count, const char *mode,
                        double value, ct_result result);

// Activations

CT_API ct_status ct_softmax(ct_tensor input, int64_t axis, ct_result result);
CT_API ct_status ct_log_softmax(ct_tensor input, int64_t axis, ct_result result);
CT_API ct_status ct_gelu(ct_tensor input, bool uses_tanh, ct_result result);
CT_API ct_status ct_elu(ct_tensor input, double alpha, ct_result result);
CT_API ct_status ct_leaky_relu(ct_tensor input, double slope, ct_result result);
CT_API ct_status ct_prelu(ct_tensor input, ct_tensor weight, ct_result result);
CT_API ct_status ct_softplus(ct_tensor input, double beta, double threshold, ct_result result);
/// Elements set to zero with the given probability and the others scaled up; with `drops_channels`, all
/// elements of a channel (the second axis) together.
CT_API ct_status ct_dropout(ct_tensor input, double probability, bool drops_channels,
                            struct ct_generator_opaque *generator, ct_result result);

// Losses

/// `target` holds class indices, or probabilities of the input's shape.
CT_API ct_status ct_cross_entropy(ct_tensor input, ct_tensor target, ct_tensor _Nullable class_weights,
                                  ct_reduction reduction, int64_t ignored_index, double label_smoothing,
                                  ct_result result);
CT_API ct_status ct_nll_loss(ct_tensor input, ct_tensor target, ct_tensor _Nullable class_weights,
                             ct_reduction reduction, int64_t ignored_index, ct_result result);
CT_API ct_status ct_l1_loss(ct_tensor input, ct_tensor target, ct_reduction reduction, ct_result result);
CT_API ct_status ct_mse_loss(ct_tensor input, ct_tensor target, ct_reduction reduction, ct_result result);
CT_API ct_status ct_smooth_l1_loss(ct_tensor input, ct_tensor target, ct_reduction reduction, double beta,
                                   ct_result result);
CT_API ct_status ct_huber_loss(ct_tensor input, ct_tensor target, ct_reduction reduction, double delta,
                               ct_result result);
CT_API ct_status ct_bce_with_logits(ct_tensor input, ct_tensor target, ct_tensor _Nullable weights,
                                    ct_tensor _Nullable positive_weights, ct_reduction reduction,
                                    ct_result result);
/// Divergence of log-probabilities `input` from probabilities `target`, summed or averaged over elements.
CT_API ct_status ct_kl_div(ct_tensor input, ct_tensor target, ct_reduction reduction, ct_result result);
CT_API ct_status ct_cosine_similarity(ct_tensor left, ct_tensor right, int64_t axis, double epsilon,
                                      ct_result result);

#pragma clang assume_nonnull end
