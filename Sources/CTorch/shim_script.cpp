// Modules that TorchScript saved: loaded, looked into, run.
#include "shim_support.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>
#pragma clang diagnostic pop

#include <string>

using namespace shim;

namespace {

/// A tensor of a module: the object that holds it, and under which attribute.
struct Slot {
  torch::jit::Module owner;
  std::string attribute;
  std::string name;
  bool is_parameter;
};

struct Script {
  torch::jit::Module module;
  std::vector<Slot> slots;
};

Script &borrow_script(ct_script handle) { return *reinterpret_cast<Script *>(handle); }

void collect(const torch::jit::Module &owner, const std::string &path, std::vector<Slot> &slots) {
  const auto type = owner.type();
  for (size_t index = 0; index < type->numAttributes(); ++index) {
    const std::string &attribute = type->getAttributeName(index);
    const torch::jit::IValue value = owner._ivalue()->getSlot(index);
    const bool is_parameter = type->is_parameter(index);
    if (!value.isTensor() || !value.toTensor().defined() || !(is_parameter || type->is_buffer(index))) {
      continue;
    }
    slots.push_back({owner, attribute, path + attribute, is_parameter});
  }
  for (const auto &child : owner.named_children()) {
    collect(child.value, path + child.name + ".", slots);
  }
}

/// What the module runs, with the methods it calls put in their places.
std::shared_ptr<torch::jit::Graph> whole_graph(const torch::jit::Module &module) {
  auto graph = module.get_method("forward").graph()->copy();
  torch::jit::Inline(*graph);
  return graph;
}

/// Calls `body` with each node, also those of branches and loops, until it returns true.
template <typename Body> bool any_node(torch::jit::Block *block, const Body &body) {
  for (torch::jit::Node *node : block->nodes()) {
    if (body(node)) {
      return true;
    }
    for (torch::jit::Block *inner : node->blocks()) {
      if (any_node(inner, body)) {
        return true;
      }
    }
  }
  return false;
}

bool draws(torch::jit::Node *node) {
  const c10::FunctionSchema *schema = node->maybeSchema();
  if (!schema) {
    return false;
  }
  const auto operation = c10::Dispatcher::singleton().findSchema(schema->operator_name());
  return operation && operation->hasTag(at::Tag::nondeterministic_seeded);
}

/// Whether the node acts differently in training and takes the mode from a constant.
bool has_fixed_mode(torch::jit::Node *node) {
  const c10::FunctionSchema *schema = node->maybeSchema();
  if (!schema) {
    return false;
  }
  const auto mode = schema->argumentIndexWithName("training");
  const auto train = mode ? mode : schema->argumentIndexWithName("train");
  if (!train || node->input(*train)->node()->kind() != torch::jit::prim::Constant) {
    return false;
  }
  // Without running statistics a normalisation has one mode only.
  const auto mean = schema->argumentIndexWithName("running_mean");
  return !mean || !node->input(*mean)->mustBeNone();
}

std::vector<at::Tensor> tensors_of(const torch::jit::IValue &value) {
  if (value.isTensor()) {
    return {value.toTensor()};
  }
  std::vector<torch::jit::IValue> elements;
  if (value.isTuple()) {
    elements = value.toTupleRef().elements().vec();
  } else if (value.isTensorList()) {
    return value.toTensorVector();
  }
  std::vector<at::Tensor> tensors;
  for (const torch::jit::IValue &element : elements) {
    TORCH_CHECK(element.isTensor(), "the module returns a ", element.tagKind(), " beside its tensors");
    tensors.push_back(element.toTensor());
  }
  TORCH_CHECK(!tensors.empty(), "the module returns a ", value.tagKind(),
              ", expected a tensor, or a tuple or list of tensors");
  return tensors;
}

/// The last line of an interpreter's report, which says what went wrong; the lines before say where.
std::string innermost(const std::string &report) {
  const std::string marker = "RuntimeError: ";
  const size_t start = report.rfind(marker);
  return start == std::string::npos ? report : report.substr(start + marker.size());
}

torch::jit::IValue run(Script &script, std::vector<torch::jit::IValue> inputs) {
  // An optimising executor changes its code after the first runs, and with it the last bits of the results:
  // a run that was resumed would not go on as one that was not stopped.
  torch::jit::GraphOptimizerEnabledGuard plain(false);
  try {
    return script.module.forward(std::move(inputs));
  } catch (const c10::Error &) {
    throw;
  } catch (const std::exception &error) {
    throw std::runtime_error(innermost(error.what()));
  }
}

} // namespace

ct_status ct_script_load(const char *path, ct_script *result) {
  return guarded([&] {
    auto script = std::make_unique<Script>(Script{torch::jit::load(path, at::Device(at::kCPU)), {}});
    TORCH_CHECK(script->module.find_method("forward").has_value(), "the module has no method forward");
    collect(script->module, "", script->slots);
    *result = reinterpret_cast<ct_script>(script.release());
  });
}

void ct_script_release(ct_script module) { delete reinterpret_cast<Script *>(module); }

int64_t ct_script_tensor_count(ct_script module) {
  return static_cast<int64_t>(borrow_script(module).slots.size());
}

ct_status ct_script_tensor_name(ct_script module, int64_t index, const char **name) {
  return guarded([&] { *name = borrow_script(module).slots.at(static_cast<size_t>(index)).name.c_str(); });
}

ct_status ct_script_is_parameter(ct_script module, int64_t index, bool *is_parameter) {
  return guarded(
      [&] { *is_parameter = borrow_script(module).slots.at(static_cast<size_t>(index)).is_parameter; });
}

ct_status ct_script_tensor(ct_script module, int64_t index, ct_result result) {
  return returning(result, [&] {
    const Slot &slot = borrow_script(module).slots.at(static_cast<size_t>(index));
    return slot.owner.attr(slot.attribute).toTensor();
  });
}

ct_status ct_script_set_tensor(ct_script module, int64_t index, ct_tensor tensor) {
  return guarded([&] {
    Slot &slot = borrow_script(module).slots.at(static_cast<size_t>(index));
    slot.owner.setattr(slot.attribute, borrow(tensor));
  });
}

ct_status ct_script_set_training(ct_script module, bool is_training) {
  return guarded([&] { borrow_script(module).module.train(is_training); });
}

ct_status ct_script_is_random(ct_script module, bool *is_random) {
  return guarded(
      [&] { *is_random = any_node(whole_graph(borrow_script(module).module)->block(), draws); });
}

ct_status ct_script_fixed_call(ct_script module, const char **text) {
  return guarded([&] {
    std::string found;
    any_node(whole_graph(borrow_script(module).module)->block(), [&](torch::jit::Node *node) {
      if (!has_fixed_mode(node)) {
        return false;
      }
      found = node->kind().toQualString();
      return true;
    });
    *text = keep_text(found);
  });
}

ct_status ct_script_forward(ct_script module, ct_tensors inputs, int64_t count, ct_list_result result) {
  return guarded([&] {
    const std::vector<at::Tensor> tensors = borrow_all(inputs, count);
    const std::vector<torch::jit::IValue> values(tensors.begin(), tensors.end());
    *result = release(tensors_of(run(borrow_script(module), values)));
  });
}
