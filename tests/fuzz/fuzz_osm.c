// Any bytes as an OpenStreetMap file.
#include "model_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_model_file("a.osm", "EPSG:4547", data, size);
    return 0;
}
