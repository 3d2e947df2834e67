// Any bytes as an OpenStreetMap file: in the binary form where they begin with a 0, as that does.
#include "model_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_model_file(size && data[0] == 0 ? "a.osm.pbf" : "a.osm", "EPSG:4547", data, size);
    return 0;
}
