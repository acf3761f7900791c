// Files of records, as PyTorch saves networks in.
#include "shim_support.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include <caffe2/serialize/inline_container.h>
#pragma clang diagnostic pop

#include <string>

using namespace shim;

namespace {

struct Archive {
  caffe2::serialize::PyTorchStreamReader reader;
  at::DataPtr record;

  explicit Archive(const char *path) : reader(std::string(path)) {}
};

Archive &borrow_archive(ct_archive handle) { return *reinterpret_cast<Archive *>(handle); }

} // namespace

ct_status ct_archive_open(const char *path, ct_archive *result) {
  return guarded([&] { *result = reinterpret_cast<ct_archive>(new Archive(path)); });
}

void ct_archive_release(ct_archive archive) { delete reinterpret_cast<Archive *>(archive); }

ct_status ct_archive_has(ct_archive archive, const char *name, bool *is_there) {
  return guarded([&] { *is_there = borrow_archive(archive).reader.hasRecord(name); });
}

ct_status ct_archive_read(ct_archive archive, const char *name, const void **bytes, int64_t *count) {
  return guarded([&] {
    Archive &source = borrow_archive(archive);
    auto [record, size] = source.reader.getRecord(name);
    source.record = std::move(record);
    *bytes = source.record.get();
    *count = static_cast<int64_t>(size);
  });
}
