// Gradients as rows of one buffer: what the buffer must be, and how gradients get there.
#include "shim_gradient_rows.h"

#include "shim_parallel.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>
#pragma clang diagnostic pop

#include <algorithm>
#include <cstring>
#include <memory>

using namespace shim;

namespace {

using Tensors = std::vector<at::Tensor>;

/// Whether rows of one type hold gradients of another: of the same, or of a narrower one in single precision.
bool holds(at::ScalarType rows, at::ScalarType parameter) {
  return parameter == rows || (rows == at::kFloat && (parameter == at::kHalf || parameter == at::kBFloat16));
}

// MARK: Copies

/// Whether a gradient's elements can be copied as one block of host memory.
bool is_plain_block(const at::Tensor &gradient, const at::Tensor &row) {
  return gradient.device().is_cpu() && gradient.is_contiguous() &&
         gradient.scalar_type() == row.scalar_type() && !gradient.is_neg() && !gradient.is_conj();
}

/// A run of bytes to copy.
struct Block {
  char *target;
  const char *source;
  int64_t byte_count;
};

/// Copies the part from `begin` to before `end` of blocks that follow one another.
void copy_part(const std::vector<Block> &blocks, int64_t begin, int64_t end) {
  int64_t first = 0;
  for (const Block &block : blocks) {
    const int64_t from = std::max(begin, first);
    const int64_t to = std::min(end, first + block.byte_count);
    if (from < to) {
      std::memcpy(block.target + from - first, block.source + from - first, static_cast<size_t>(to - from));
    }
    first += block.byte_count;
  }
}

/// Copies blocks on as many threads as libtorch may use, in one loop however many they are.
void copy_blocks(const std::vector<Block> &blocks, int64_t bytes_a_part) {
  int64_t byte_count = 0;
  for (const Block &block : blocks) {
    byte_count += block.byte_count;
  }
  in_parallel(byte_count, bytes_a_part, [&](int64_t begin, int64_t end) { copy_part(blocks, begin, end); });
}

/// What one thread copies at least of a row: a thread more is worth waiting for from some tenths of a millisecond on.
constexpr int64_t row_bytes_a_part = 1 << 21;

/// As `row_bytes_a_part` for gradients that are copied one by one: a wait for each of many layers adds up.
constexpr int64_t early_bytes_a_part = 1 << 24;

/// Copies of gradients to places in rows.
class Copies final {
public:
  void add(const at::Tensor &place, const at::Tensor &gradient) {
    if (place.device().is_cpu() && is_plain_block(gradient, place)) {
      blocks.push_back({static_cast<char *>(place.mutable_data_ptr()),
                        static_cast<const char *>(gradient.const_data_ptr()), static_cast<int64_t>(place.nbytes())});
    } else {
      places.push_back(place);
      gradients.push_back(gradient);
    }
  }

  void make(int64_t bytes_a_part) const {
    copy_blocks(blocks, bytes_a_part);
    if (!places.empty()) {
      at::_foreach_copy_(places, gradients);
    }
  }

private:
  std::vector<Block> blocks;
  Tensors places;
  Tensors gradients;
};

// MARK: Gradients as they come

/// Smaller gradients are copied all at once in the end: there are many of them, and they take little.
constexpr int64_t least_early_bytes = 1 << 18;

/// Writes a parameter's gradient to its place and has the walk hold the place instead.
class EarlyWrite final : public torch::autograd::FunctionPreHook {
public:
  explicit EarlyWrite(at::Tensor place) : place(std::move(place)) {}

  Tensors operator()(const Tensors &gradients) override {
    if (gradients.size() != 1 || !gradients[0].defined() || gradients[0].layout() != at::kStrided) {
      return gradients;
    }
    c10::NoGradGuard unrecorded;
    Copies copies;
    copies.add(place, gradients[0]);
    copies.make(early_bytes_a_part);
    return {place};
  }

private:
  at::Tensor place;
};

/// Whether a parameter's gradient is worth watching for; one that was computed has no hook of its own.
bool comes_early(const at::Tensor &parameter) {
  return parameter.is_leaf() && parameter.requires_grad() &&
         static_cast<int64_t>(parameter.nbytes()) >= least_early_bytes;
}

} // namespace

// MARK: Rows

int64_t shim::element_count(const Tensors &tensors) {
  int64_t count = 0;
  for (const at::Tensor &tensor : tensors) {
    count += tensor.numel();
  }
  return count;
}

void shim::check_rows(const at::Tensor &rows, int64_t task_count, const Tensors &parameters) {
  const int64_t width = element_count(parameters);
  TORCH_CHECK(rows.dim() == 2 && rows.size(0) == task_count && rows.size(1) == width, "the rows are ",
              rows.sizes(), ", but ", task_count, " tasks and ", width, " parameters need [", task_count,
              ", ", width, "]");
  TORCH_CHECK(rows.is_contiguous(), "the rows must be contiguous");
  for (const at::Tensor &parameter : parameters) {
    TORCH_CHECK(holds(rows.scalar_type(), parameter.scalar_type()) && parameter.device() == rows.device(),
                "the rows are ", rows.scalar_type(), " on ", rows.device(), ", but a parameter is ",
                parameter.scalar_type(), " on ", parameter.device());
  }
}

EarlyWrites::EarlyWrites(const at::Tensor &row, const Tensors &parameters) {
  int64_t column = 0;
  for (const at::Tensor &parameter : parameters) {
    if (comes_early(parameter)) {
      const at::Tensor place = row.narrow(0, column, parameter.numel()).view(parameter.sizes());
      // Last, so that it sees what the user's own hooks made of the gradient.
      torch::autograd::impl::hooks(parameter).push_back(std::make_unique<EarlyWrite>(place));
      watched.push_back(parameter);
    }
    column += parameter.numel();
  }
}

EarlyWrites::~EarlyWrites() {
  for (const at::Tensor &parameter : watched) {
    torch::autograd::impl::hooks(parameter).pop_back();
  }
}

void shim::write_row(const at::Tensor &row, const Tensors &gradients, const Tensors &parameters) {
  c10::NoGradGuard unrecorded;
  Copies copies;
  int64_t column = 0;
  for (size_t index = 0; index < parameters.size(); ++index) {
    const at::Tensor &gradient = gradients[index];
    const at::Tensor place = row.narrow(0, column, parameters[index].numel()).view(parameters[index].sizes());
    column += place.numel();
    if (!gradient.defined()) {
      place.zero_();
      continue;
    }
    tally.copied_bytes += static_cast<int64_t>(place.nbytes());
    const bool is_there = gradient.has_storage() && gradient.is_alias_of(row);
    if (!is_there) {
      copies.add(place, gradient);
    }
  }
  copies.make(row_bytes_a_part);
}
