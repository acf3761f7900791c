// The part of a recording between features and parameters.
#pragma once

#include "shim_support.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>
#pragma clang diagnostic pop

#include <unordered_map>

namespace shim {

using Tensors = std::vector<at::Tensor>;
using torch::autograd::Edge;
using torch::autograd::Node;

/// What holds a node: one kind of pointer in libtorch 2.11, another one since.
using NodePointer = decltype(Edge::function);

/// A parameter and the tasks' gradients of it.
struct Leaf {
  /// Held here, since one that no recording uses lives only as long as it is held.
  NodePointer node;
  /// The place among the parameters.
  size_t index = 0;
  /// Where it begins in a row.
  int64_t column = 0;
  at::Tensor parameter;
  /// The ways that still lead here.
  int64_t ways = 0;
  /// The tasks' gradients, in the parameter's shape behind an axis for the tasks; undefined before the first one.
  at::Tensor columns;
  bool is_written = false;
};

/// The nodes between features and parameters, with the number of ways that still lead to each.
struct Section {
  std::vector<Edge> roots;
  std::unordered_map<Node *, Leaf> leaves;
  std::unordered_map<Node *, int64_t> ways;

  bool holds(const Edge &edge) const {
    return edge.is_valid() && (ways.count(edge.function.get()) > 0 || leaves.count(edge.function.get()) > 0);
  }

  /// The parameter that an edge leads to, nil where it leads to something else.
  Leaf *leaf_at(const Edge &edge) {
    const auto leaf = edge.is_valid() ? leaves.find(edge.function.get()) : leaves.end();
    return leaf == leaves.end() ? nullptr : &leaf->second;
  }

  /// The ways that still lead to the end of an edge, nil where that is not in the section.
  int64_t *ways_at(const Edge &edge) {
    const auto node = edge.is_valid() ? ways.find(edge.function.get()) : ways.end();
    if (node != ways.end()) {
      return &node->second;
    }
    Leaf *leaf = leaf_at(edge);
    return leaf != nullptr ? &leaf->ways : nullptr;
  }
};

/// Reads the section off the recording.
Section section_between(const Tensors &features, const Tensors &parameters);

/// Whether a recording leads from the features to the parameters at all, and nothing hangs on it that wants to see each
/// task's gradient by itself.
bool can_go_together(const Section &section);

/// Whether features and parameters are of the kind that a section can be read for.
bool are_recorded(const Tensors &features, const Tensors &parameters);

/// The shape of a gradient that goes along an edge.
inline at::IntArrayRef shape_at(const Node &node, uint32_t input) {
  return c10::asIntArrayRefUnchecked(node.input_metadata(input).shape_as_dim_vector());
}

/// The bytes of the largest gradient that comes to a node.
int64_t widest_bytes(const Node &node);

} // namespace shim
