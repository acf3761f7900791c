// Reading off a recording what lies between features and parameters.
#include "shim_section.h"

#include <algorithm>

using namespace shim;

namespace {

/// Finds every node from which a leaf is reached, without recursion, since recordings are deep.
void find_nodes(Section &section) {
  struct Visit {
    Node *node;
    size_t next;
    bool leads_on;
  };
  std::unordered_map<Node *, bool> known;
  std::vector<Visit> stack;
  auto enter = [&](const Edge &edge) { stack.push_back({edge.function.get(), 0, false}); };
  for (const Edge &root : section.roots) {
    if (known.count(root.function.get()) == 0) {
      enter(root);
    }
    while (!stack.empty()) {
      Visit &visit = stack.back();
      if (visit.next == visit.node->num_outputs()) {
        known[visit.node] = visit.leads_on;
        const bool leads_on = visit.leads_on;
        stack.pop_back();
        if (!stack.empty()) {
          stack.back().leads_on |= leads_on;
        }
        continue;
      }
      const Edge &edge = visit.node->next_edge(visit.next++);
      if (!edge.is_valid()) {
        continue;
      }
      const auto seen = known.find(edge.function.get());
      if (section.leaves.count(edge.function.get()) > 0) {
        visit.leads_on = true;
      } else if (seen != known.end()) {
        visit.leads_on |= seen->second;
      } else {
        enter(edge);
      }
    }
  }
  for (const auto &[node, leads_on] : known) {
    if (leads_on) {
      section.ways[node] = 0;
    }
  }
}

bool has_hooks(Node &node) {
  return !node.tensor_pre_hooks().empty() || !node.pre_hooks().empty() || !node.post_hooks().empty() ||
         !node.retains_grad_hooks().empty();
}

} // namespace

Section shim::section_between(const Tensors &features, const Tensors &parameters) {
  Section section;
  int64_t column = 0;
  for (size_t index = 0; index < parameters.size(); ++index) {
    const NodePointer node = torch::autograd::impl::gradient_edge(parameters[index]).function;
    Leaf leaf;
    leaf.node = node;
    leaf.index = index;
    leaf.column = column;
    leaf.parameter = parameters[index];
    section.leaves.emplace(node.get(), leaf);
    column += parameters[index].numel();
  }
  for (const at::Tensor &feature : features) {
    section.roots.push_back(torch::autograd::impl::gradient_edge(feature));
  }
  find_nodes(section);
  for (const auto &entry : section.ways) {
    for (const Edge &edge : entry.first->next_edges()) {
      if (int64_t *ways = section.ways_at(edge)) {
        ++*ways;
      }
    }
  }
  return section;
}

bool shim::can_go_together(const Section &section) {
  bool is_watched = false;
  for (const auto &entry : section.ways) {
    is_watched |= has_hooks(*entry.first);
  }
  for (const auto &entry : section.leaves) {
    is_watched |= has_hooks(*entry.first);
  }
  return !section.ways.empty() && !is_watched;
}

bool shim::are_recorded(const Tensors &features, const Tensors &parameters) {
  const bool have_recording = std::all_of(features.begin(), features.end(), [](const at::Tensor &feature) {
    return feature.requires_grad() && feature.grad_fn() != nullptr;
  });
  // What is asked for a parameter without a gradient is libtorch's to refuse.
  return have_recording && std::all_of(parameters.begin(), parameters.end(),
                                       [](const at::Tensor &each) { return each.requires_grad(); });
}

int64_t shim::widest_bytes(const Node &node) {
  int64_t widest = 1;
  for (uint32_t index = 0; index < node.num_inputs(); ++index) {
    const auto item_size = static_cast<int64_t>(node.input_metadata(index).options().dtype().itemsize());
    widest = std::max(widest, c10::multiply_integers(shape_at(node, index)) * item_size);
  }
  return widest;
}
