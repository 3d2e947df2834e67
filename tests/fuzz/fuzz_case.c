// Any bytes as a case of the flood engine: refused with a message that names the file, or a case
// whose parameters the engine takes, or refuses by itself.
#include "scratch_folder.h"
#include "sim/cases/flood_case.h"

#include "base/json.h"

// Large grids are no other code, only more of it.
static bool is_small(const uint8_t *data, size_t size) {
    json_t *document = NULL;
    if (ct_json_parse(&document, (const char *)data, size, size) != CT_OK) return true;
    const json_t *grid = json_object_get(document, "grid");
    const double cells = json_number_value(json_object_get(grid, "columns")) *
                         json_number_value(json_object_get(grid, "rows"));
    const double duration = json_number_value(json_object_get(document, "duration_s"));
    const json_t *step = json_object_get(document, "output_step_s");
    const bool few = !step || json_number_value(step) * 1000 >= duration;
    json_decref(document);
    return cells <= 1000 && few;
}

static void write_files(void) {
    static const char table[] = "# t in minutes\nt,q;z\n0,1;2\n1\t2 3\n2,3,4\n";
    static const char raster[] = "ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 10\n"
                                 "NODATA_value -9999\n1 2 3\n4 -9999 6\n";
    scratch_write(scratch("q.csv"), table, sizeof table - 1);
    scratch_write(scratch("r.asc"), raster, sizeof raster - 1);
}

// The engine opens it or refuses it; cancelled before the first step.
static void open_engine(ct_flood_case *c) {
    atomic_bool at_once = true;
    bool met;
    const ct_flood_case_options options = {.threads = 1, .cancel = &at_once};
    const ct_err err = ct_flood_case_run(c, &options, &met);
    FUZZ_MUST(err != CT_OK && err != CT_INTERNAL && *ct_err_message());
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool written;
    if (!written) write_files();
    written = true;
    if (!is_small(data, size)) return 0;
    ct_flood_case *c = NULL;
    const char *path = scratch("case.json");
    scratch_write(path, data, size);
    if (ct_flood_case_read(&c, path) == CT_OK) {
        open_engine(c);
        ct_flood_case_free(c);
    } else {
        FUZZ_MUST(!c && strstr(ct_err_message(), "case.json"));
    }
    return 0;
}
