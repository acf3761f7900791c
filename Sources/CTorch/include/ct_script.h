// Modules that TorchScript saved: loaded, looked into, run.
#pragma once
#include "ct_types.h"

#pragma clang assume_nonnull begin

/// A module loaded from a TorchScript file; its owner gives it back with `ct_script_release`.
typedef struct ct_script_opaque *ct_script;

/// Loads a file into host memory and writes a new module.
CT_API ct_status ct_script_load(const char *path, ct_script _Nullable *_Nonnull result);
CT_PLAIN void ct_script_release(ct_script module);

/// The number of tensors the module holds: parameters and buffers, of itself and of all its children.
CT_PLAIN int64_t ct_script_tensor_count(ct_script module);
/// The name of one of them, valid until the module is released.
CT_API ct_status ct_script_tensor_name(ct_script module, int64_t index, const char *_Nullable *_Nonnull name);
/// Whether it is a parameter, and not a buffer.
CT_API ct_status ct_script_is_parameter(ct_script module, int64_t index, bool *is_parameter);
/// Writes a new reference to the tensor the module holds.
CT_API ct_status ct_script_tensor(ct_script module, int64_t index, ct_result result);
/// Puts another tensor in its place.
CT_API ct_status ct_script_set_tensor(ct_script module, int64_t index, ct_tensor tensor);

/// Switches the module and its children between training and evaluation.
CT_API ct_status ct_script_set_training(ct_script module, bool is_training);
/// Whether running the module draws random numbers.
CT_API ct_status ct_script_is_random(ct_script module, bool *is_random);
/// Names the first call whose training mode is written into the module and cannot be switched; empty where
/// there is none. The text is valid until the next call into the shim on this thread.
CT_API ct_status ct_script_fixed_call(ct_script module, const char *_Nullable *_Nonnull text);

/// Runs the module. It returns a tensor, or a tuple or list of them, and each is written to the result.
CT_API ct_status ct_script_forward(ct_script module, ct_tensors inputs, int64_t count, ct_list_result result);

#pragma clang assume_nonnull end
