// A walk from features to parameters that carries the gradients of several tasks.
#pragma once

#include "shim_task_gradients.h"

#include <queue>

namespace shim {

/// Where the tasks' gradients of parameters go.
class Gatherer {
public:
  virtual ~Gatherer() = default;

  /// A place for the tasks' gradients of a parameter: the tasks, then the parameter's shape.
  virtual at::Tensor place(const Leaf &leaf) = 0;

  /// Told once no more gradients of a parameter come.
  virtual void complete(Leaf &) {}
};

/// Carries the gradients from node to node.
///
/// libtorch's engine carries one gradient at a time through a recording. Here a linear layer's gradients are one batched
/// product in place of one product for each task, written where they belong at once. Nodes of a kind that is not known
/// here are asked task by task, as the engine would, so every network can be walked.
class Walk {
public:
  Walk(Section section, int64_t task_count, Gatherer &gatherer)
      : section(std::move(section)), task_count(task_count), gatherer(gatherer) {}

  /// Begins at the features; for each task the gradient with respect to them, one after the other.
  void start(const at::Tensor &feature_rows, const Tensors &features);

  /// Whether there is anything left to do.
  bool goes_on() const { return !ready.empty(); }

  /// Passes through the next node.
  void step(bool retain_graph);

  /// Whether all gradients are at one node, the next one.
  bool is_at_one_node() const;

  /// Goes on from that node with a walk for each task, one after the other, so that below it the gradients of one task only
  /// are held. The recording is kept.
  void go_on_alone();

  /// The parameters to which gradients are still to come, in their order.
  std::vector<Leaf *> leaves_ahead();

  Section section;

private:
  struct Ready {
    uint64_t number;
    NodePointer node;
    bool operator<(const Ready &other) const { return number < other.number; }
  };
  using Gradients = std::vector<TaskGradients>;

  const int64_t task_count;
  Gatherer &gatherer;
  std::unordered_map<Node *, Gradients> received;
  std::priority_queue<Ready> ready;

  std::vector<int64_t> with_tasks(at::IntArrayRef sizes) const;
  const at::Tensor &columns_of(Leaf &leaf);
  void receive(const Edge &edge, TaskGradients gradients);
  void send(const Node &node, Gradients gradients);
  Gradients results(Node &node, Gradients &gradients);

  Gradients linear_results(Node &node, Gradients &gradients);
  TaskGradients bias_gradient(const Edge &edge, const at::Tensor &gradient);
  TaskGradients reduced(const Edge &edge, const at::Tensor &gradient);
  template <typename Unpack>
  TaskGradients factor_gradient(const Edge &edge, const at::Tensor &gradient, Unpack other);
  template <typename Unpack>
  TaskGradients weight_gradient(const Edge &edge, const at::Tensor &gradient, Unpack other);
  Leaf *transposed_leaf(const Edge &edge);

  Gradients convolution_results(Node &node, TaskGradients &gradient);

  Gradients task_by_task(Node &node, Gradients &gradients);
  std::vector<bool> additions(const Node &node);
  void write(Leaf &leaf, const at::Tensor &gradient, int64_t task, bool adds);
};

/// Whether a node is a layer whose gradients are batched products.
bool is_linear(const Node *node);

/// Whether a node is a convolution, of whatever kind.
bool is_convolution(const Node *node);

/// Whether a node is a convolution with so few channels that it is quicker for several tasks at once.
bool has_few_channels(const Node *node);

/// How many tasks leave hardly a lane idle in such a convolution.
int64_t tasks_to_fill_lanes(const Node &node);

} // namespace shim
