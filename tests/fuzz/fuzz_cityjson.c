// Any bytes as a CityJSON file (or a sequence, where a header line and more follow).
#include "model_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_model_file("a.city.json", "EPSG:28992", data, size);
    return 0;
}
