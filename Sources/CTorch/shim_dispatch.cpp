// libtorch's operations by their names.
#include "shim_seed.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <ATen/ScalarOps.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#pragma clang diagnostic pop

#include <memory>
#include <string>

using namespace shim;

namespace {

struct Call {
  c10::OperatorHandle operation;
  /// For each argument of the operation, the position of its value in a call, or -1 for its default.
  std::vector<int64_t> positions;
};

Call &borrow_call(ct_call handle) { return *reinterpret_cast<Call *>(handle); }

/// The operation's list element type, through an optional around the list.
c10::TypePtr element_type(const c10::TypePtr &type) {
  if (const auto optional = type->cast<c10::OptionalType>()) {
    return element_type(optional->getElementType());
  }
  const auto list = type->cast<c10::ListType>();
  return list ? list->getElementType() : nullptr;
}

bool is(const c10::TypePtr &type, c10::TypeKind kind) {
  if (const auto optional = type->cast<c10::OptionalType>()) {
    return is(optional->getElementType(), kind);
  }
  return type->kind() == kind;
}

bool is_real(const c10::TypePtr &type) { return is(type, c10::TypeKind::FloatType); }

/// A number as the argument takes it: as a real one, or as a tensor that does not decide the result's type.
c10::IValue number(const at::Scalar &value, const c10::TypePtr &type) {
  if (is(type, c10::TypeKind::TensorType)) {
    return at::native::wrapped_scalar_tensor(value);
  }
  return is_real(type) ? c10::IValue(value.toDouble()) : c10::IValue(value);
}

c10::IValue tensors(const ct_value &value, const c10::TypePtr &type) {
  const c10::TypePtr element = element_type(type);
  if (element && element->kind() == c10::TypeKind::OptionalType) {
    c10::List<std::optional<at::Tensor>> list;
    for (int64_t index = 0; index < value.count; ++index) {
      list.push_back(borrow_nullable(value.tensors[index]));
    }
    return list;
  }
  return c10::List<at::Tensor>(borrow_all(value.tensors, value.count));
}

c10::IValue integers(const ct_value &value, const c10::TypePtr &type) {
  const c10::TypePtr element = element_type(type);
  if (element && is_real(element)) {
    c10::List<double> list;
    for (int64_t index = 0; index < value.count; ++index) {
      list.push_back(static_cast<double>(value.integers[index]));
    }
    return list;
  }
  return c10::List<int64_t>(list(value.integers, value.count));
}

int64_t memory_format(int64_t code) {
  constexpr at::MemoryFormat formats[] = {at::MemoryFormat::Contiguous, at::MemoryFormat::Preserve,
                                          at::MemoryFormat::ChannelsLast, at::MemoryFormat::ChannelsLast3d};
  TORCH_CHECK(code >= 0 && code < 4, "unknown memory format code ", code);
  return static_cast<int64_t>(formats[code]);
}

/// The value as the operation's argument takes it.
c10::IValue argument(const ct_value &value, const c10::TypePtr &type) {
  switch (value.kind) {
  case CT_VALUE_NONE:
    return c10::IValue();
  case CT_VALUE_TRUTH:
    return value.integer != 0;
  case CT_VALUE_INTEGER:
    return number(value.integer, type);
  case CT_VALUE_REAL:
    return number(value.real, type);
  case CT_VALUE_TEXT:
    return std::string(value.text);
  case CT_VALUE_TENSOR:
    return borrow(value.tensor);
  case CT_VALUE_DTYPE:
    return static_cast<int64_t>(scalar_type(value.dtype));
  case CT_VALUE_DEVICE:
    return device(value.device);
  case CT_VALUE_TRUTHS:
    return c10::List<bool>(at::ArrayRef<bool>(value.truths, static_cast<size_t>(value.count)));
  case CT_VALUE_INTEGERS:
    return integers(value, type);
  case CT_VALUE_REALS:
    return c10::List<double>(at::ArrayRef<double>(value.reals, static_cast<size_t>(value.count)));
  case CT_VALUE_TENSORS:
    return tensors(value, type);
  case CT_VALUE_MEMORY_FORMAT:
    return memory_format(value.integer);
  case CT_VALUE_STRIDED:
    return static_cast<int64_t>(at::Layout::Strided);
  }
  TORCH_CHECK(false, "unknown kind of value ", static_cast<int>(value.kind));
}

void append(const c10::IValue &value, std::vector<at::Tensor> &results) {
  if (value.isTensorList()) {
    for (const at::Tensor &tensor : value.toTensorVector()) {
      results.push_back(tensor);
    }
  } else {
    TORCH_CHECK(value.isTensor() || value.isNone(), "it returns a ", value.tagKind());
    results.push_back(value.isTensor() ? value.toTensor() : at::Tensor());
  }
}

} // namespace

ct_status ct_call_create(const char *name, const char *overload, const char *const *arguments, int64_t count,
                         ct_call *result) {
  return guarded([&] {
    const auto operation = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(operation.has_value(), "libtorch has no such call");
    auto call = std::make_unique<Call>(Call{*operation, {}});
    const c10::FunctionSchema &schema = operation->schema();
    call->positions.assign(schema.arguments().size(), -1);
    for (int64_t index = 0; index < count; ++index) {
      const auto place = schema.argumentIndexWithName(arguments[index]);
      TORCH_CHECK(place.has_value(), "it has no argument '", arguments[index], "'");
      call->positions[static_cast<size_t>(*place)] = index;
    }
    for (size_t index = 0; index < call->positions.size(); ++index) {
      const c10::Argument &argument = schema.arguments()[index];
      TORCH_CHECK(call->positions[index] >= 0 || argument.default_value().has_value(), "its argument '",
                  argument.name(), "' is missing");
    }
    *result = reinterpret_cast<ct_call>(call.release());
  });
}

void ct_call_release(ct_call call) { delete reinterpret_cast<Call *>(call); }

bool ct_call_is_random(ct_call call) {
  return borrow_call(call).operation.hasTag(at::Tag::nondeterministic_seeded);
}

ct_status ct_call_run(ct_call handle, const ct_value *values, int64_t count, ct_list_result result) {
  return guarded([&] {
    const Call &call = borrow_call(handle);
    const auto &arguments = call.operation.schema().arguments();
    torch::jit::Stack stack;
    stack.reserve(arguments.size());
    for (size_t index = 0; index < arguments.size(); ++index) {
      const int64_t position = call.positions[index];
      TORCH_CHECK(position < count, "a call of ", call.positions.size(), " arguments got ", count, " values");
      stack.push_back(position < 0 ? *arguments[index].default_value()
                                   : argument(values[position], arguments[index].real_type()));
    }
    call.operation.callBoxed(stack);
    std::vector<at::Tensor> results;
    for (const c10::IValue &value : stack) {
      append(value, results);
    }
    *result = release(std::move(results));
  });
}

// MARK: Randomness

ct_status ct_seed_begin(uint64_t seed, ct_tensors tensors, int64_t count, ct_seed *result) {
  return guarded(
      [&] { *result = reinterpret_cast<ct_seed>(new SeedScope(seed, borrow_all(tensors, count))); });
}

void ct_seed_end(ct_seed guard) { delete reinterpret_cast<SeedScope *>(guard); }
