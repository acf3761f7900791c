// Views of one tensor, tensors joined from several, and picking elements.
#include "shim_support.h"

using namespace shim;

// MARK: Views

ct_status ct_reshape(ct_tensor tensor, const int64_t *sizes, int64_t rank, ct_result result) {
  return returning(result, [&] { return borrow(tensor).reshape(list(sizes, rank)); });
}

ct_status ct_view(ct_tensor tensor, const int64_t *sizes, int64_t rank, ct_result result) {
  return returning(result, [&] { return borrow(tensor).view(list(sizes, rank)); });
}

ct_status ct_expand(ct_tensor tensor, const int64_t *sizes, int64_t rank, ct_result result) {
  return returning(result, [&] { return borrow(tensor).expand(list(sizes, rank)); });
}

ct_status ct_repeat(ct_tensor tensor, const int64_t *counts, int64_t rank, ct_result result) {
  return returning(result, [&] { return borrow(tensor).repeat(list(counts, rank)); });
}

ct_status ct_permute(ct_tensor tensor, const int64_t *axes, int64_t rank, ct_result result) {
  return returning(result, [&] { return borrow(tensor).permute(list(axes, rank)); });
}

ct_status ct_flip(ct_tensor tensor, const int64_t *axes, int64_t count, ct_result result) {
  return returning(result, [&] { return borrow(tensor).flip(list(axes, count)); });
}

ct_status ct_transpose(ct_tensor tensor, int64_t first, int64_t second, ct_result result) {
  return returning(result, [&] { return borrow(tensor).transpose(first, second); });
}

ct_status ct_narrow(ct_tensor tensor, int64_t axis, int64_t start, int64_t length, ct_result result) {
  return returning(result, [&] { return borrow(tensor).narrow(axis, start, length); });
}

ct_status ct_slice(ct_tensor tensor, int64_t axis, int64_t start, int64_t end, int64_t step,
                   ct_result result) {
  return returning(result, [&] { return borrow(tensor).slice(axis, start, end, step); });
}

ct_status ct_select(ct_tensor tensor, int64_t axis, int64_t index, ct_result result) {
  return returning(result, [&] { return borrow(tensor).select(axis, index); });
}

ct_status ct_squeeze(ct_tensor tensor, int64_t axis, ct_result result) {
  return returning(result, [&] { return borrow(tensor).squeeze(axis); });
}

ct_status ct_unsqueeze(ct_tensor tensor, int64_t axis, ct_result result) {
  return returning(result, [&] { return borrow(tensor).unsqueeze(axis); });
}

ct_status ct_flatten(ct_tensor tensor, int64_t first, int64_t last, ct_result result) {
  return returning(result, [&] { return borrow(tensor).flatten(first, last); });
}

ct_status ct_diagonal(ct_tensor tensor, int64_t offset, int64_t first, int64_t second, ct_result result) {
  return returning(result, [&] { return borrow(tensor).diagonal(offset, first, second); });
}

ct_status ct_roll(ct_tensor tensor, int64_t shift, int64_t axis, ct_result result) {
  return returning(result, [&] { return borrow(tensor).roll(shift, axis); });
}

ct_status ct_tril(ct_tensor tensor, int64_t diagonal, ct_result result) {
  return returning(result, [&] { return borrow(tensor).tril(diagonal); });
}

ct_status ct_triu(ct_tensor tensor, int64_t diagonal, ct_result result) {
  return returning(result, [&] { return borrow(tensor).triu(diagonal); });
}

// MARK: Several tensors

ct_status ct_chunk(ct_tensor tensor, int64_t count, int64_t axis, ct_list_result result) {
  return guarded([&] { *result = release(borrow(tensor).chunk(count, axis)); });
}

ct_status ct_split(ct_tensor tensor, const int64_t *lengths, int64_t count, int64_t axis,
                   ct_list_result result) {
  return guarded([&] { *result = release(borrow(tensor).split_with_sizes(list(lengths, count), axis)); });
}

ct_status ct_unbind(ct_tensor tensor, int64_t axis, ct_list_result result) {
  return guarded([&] { *result = release(borrow(tensor).unbind(axis)); });
}

ct_status ct_cat(ct_tensors tensors, int64_t count, int64_t axis, ct_result result) {
  return returning(result, [&] { return at::cat(borrow_all(tensors, count), axis); });
}

ct_status ct_stack(ct_tensors tensors, int64_t count, int64_t axis, ct_result result) {
  return returning(result, [&] { return at::stack(borrow_all(tensors, count), axis); });
}

// MARK: Picking elements

ct_status ct_index_select(ct_tensor tensor, int64_t axis, ct_tensor indices, ct_result result) {
  return returning(result, [&] { return borrow(tensor).index_select(axis, borrow(indices)); });
}

ct_status ct_gather(ct_tensor tensor, int64_t axis, ct_tensor indices, ct_result result) {
  return returning(result, [&] { return borrow(tensor).gather(axis, borrow(indices)); });
}

ct_status ct_scatter(ct_tensor tensor, int64_t axis, ct_tensor indices, ct_tensor source, ct_result result) {
  return returning(result, [&] { return borrow(tensor).scatter(axis, borrow(indices), borrow(source)); });
}

ct_status ct_scatter_add(ct_tensor tensor, int64_t axis, ct_tensor indices, ct_tensor source,
                         ct_result result) {
  return returning(result, [&] { return borrow(tensor).scatter_add(axis, borrow(indices), borrow(source)); });
}

ct_status ct_index_add(ct_tensor tensor, int64_t axis, ct_tensor indices, ct_tensor source,
                       ct_result result) {
  return returning(result, [&] { return borrow(tensor).index_add(axis, borrow(indices), borrow(source)); });
}

ct_status ct_index_copy_(ct_tensor tensor, int64_t axis, ct_tensor indices, ct_tensor source) {
  return guarded([&] { borrow(tensor).index_copy_(axis, borrow(indices), borrow(source)); });
}

ct_status ct_masked_fill(ct_tensor tensor, ct_tensor mask, ct_scalar value, ct_result result) {
  return returning(result, [&] { return borrow(tensor).masked_fill(borrow(mask), scalar(value)); });
}

ct_status ct_masked_select(ct_tensor tensor, ct_tensor mask, ct_result result) {
  return returning(result, [&] { return borrow(tensor).masked_select(borrow(mask)); });
}

ct_status ct_where(ct_tensor condition, ct_tensor yes, ct_tensor no, ct_result result) {
  return returning(result, [&] { return at::where(borrow(condition), borrow(yes), borrow(no)); });
}

ct_status ct_nonzero(ct_tensor tensor, ct_result result) {
  return returning(result, [&] { return borrow(tensor).nonzero(); });
}

ct_status ct_one_hot(ct_tensor tensor, int64_t class_count, ct_result result) {
  return returning(result, [&] { return at::one_hot(borrow(tensor), class_count); });
}

ct_status ct_bincount(ct_tensor tensor, ct_tensor weights, int64_t minimum_length, ct_result result) {
  return returning(
      result, [&] { return at::bincount(borrow(tensor), borrow_nullable(weights), minimum_length); });
}

ct_status ct_as_strided(ct_tensor tensor, const int64_t *sizes, const int64_t *strides, int64_t rank,
                        int64_t offset, ct_result result) {
  return returning(result,
                   [&] { return borrow(tensor).as_strided(list(sizes, rank), list(strides, rank), offset); });
}
