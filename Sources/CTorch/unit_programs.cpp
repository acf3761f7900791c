// The other half of the shim, that which needs more of libtorch's headers.
#include "shim_archive.cpp"
#include "shim_dispatch.cpp"
#include "shim_random.cpp"
#include "shim_rows.cpp"
#include "shim_script.cpp"
#include "shim_seed.cpp"
#include "shim_sweep.cpp"
#include "shim_walk.cpp"
