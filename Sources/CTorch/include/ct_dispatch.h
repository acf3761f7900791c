// libtorch's operations by their names, as files of exported programs call them; and such files' records.
#pragma once
#include "ct_types.h"

#pragma clang assume_nonnull begin

// MARK: Calls

/// An operation together with the names of the arguments that a call gives it.
typedef struct ct_call_opaque *ct_call;

/// What an argument holds.
typedef enum ct_value_kind {
  CT_VALUE_NONE = 0,
  CT_VALUE_TRUTH = 1,
  CT_VALUE_INTEGER = 2,
  CT_VALUE_REAL = 3,
  CT_VALUE_TEXT = 4,
  CT_VALUE_TENSOR = 5,
  CT_VALUE_DTYPE = 6,
  CT_VALUE_DEVICE = 7,
  /// Lists: `count` elements behind the pointer of their kind.
  CT_VALUE_TRUTHS = 8,
  CT_VALUE_INTEGERS = 9,
  CT_VALUE_REALS = 10,
  /// Tensors, null for one that is not there.
  CT_VALUE_TENSORS = 11,
  /// 0 contiguous, 1 as it was, 2 channels last, 3 channels last of volumes.
  CT_VALUE_MEMORY_FORMAT = 12,
  /// Dense storage, the only layout there is here.
  CT_VALUE_STRIDED = 13,
} ct_value_kind;

/// An argument of a call. Only the member of its kind is read; pointers are borrowed.
typedef struct ct_value {
  ct_value_kind kind;
  int64_t integer;
  double real;
  ct_dtype dtype;
  ct_device device;
  const char *_Nullable text;
  ct_tensor _Nullable tensor;
  const bool *_Nullable truths;
  const int64_t *_Nullable integers;
  const double *_Nullable reals;
  const ct_tensor _Nullable *_Nullable tensors;
  int64_t count;
} ct_value;

/// Looks an operation up, such as `aten::flatten` with the overload `using_ints`, and writes a new call of it with
/// these arguments; the others take their defaults.
CT_API ct_status ct_call_create(const char *name, const char *overload, const char *_Nullable const *_Nonnull arguments,
                                int64_t count, ct_call _Nullable *_Nonnull result);
CT_PLAIN void ct_call_release(ct_call call);
/// Whether the operation draws random numbers.
CT_PLAIN bool ct_call_is_random(ct_call call);
/// Runs the operation. What it returns must be tensors, or one list of them; null where one is not defined.
CT_API ct_status ct_call_run(ct_call call, const ct_value *values, int64_t count, ct_list_result result);

// MARK: Randomness

/// Until it is ended, libtorch's generators of the host and of the tensors' devices start from a seed.
typedef struct ct_seed_opaque *ct_seed;

/// Writes a new guard, which `ct_seed_end` consumes.
CT_API ct_status ct_seed_begin(uint64_t seed, ct_tensors tensors, int64_t count,
                               ct_seed _Nullable *_Nonnull result);
/// Puts the generators back as they were.
CT_PLAIN void ct_seed_end(ct_seed guard);

// MARK: Archives

/// A file of records, as PyTorch saves networks in.
typedef struct ct_archive_opaque *ct_archive;

/// Opens a file and writes a new archive.
CT_API ct_status ct_archive_open(const char *path, ct_archive _Nullable *_Nonnull result);
CT_PLAIN void ct_archive_release(ct_archive archive);
CT_API ct_status ct_archive_has(ct_archive archive, const char *name, bool *is_there);
/// Reads a record; the bytes are valid until the next one is read or the archive is released.
CT_API ct_status ct_archive_read(ct_archive archive, const char *name, const void *_Nullable *_Nonnull bytes,
                                 int64_t *count);

#pragma clang assume_nonnull end
