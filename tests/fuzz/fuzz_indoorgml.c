// Any bytes as an IndoorGML file.
#include "model_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_model_file("a.indoorgml", "EPSG:25832", data, size);
    return 0;
}
