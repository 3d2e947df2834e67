// A run folder as found on disk: run.json up to the first NUL, behind it one chunk of flood.zarr.
// Refused with a message, or a run whose grid, times, slices and document can be used.
#include <math.h>

#include "results/run_store.h"
#include "scenario/run_json.h"
#include "scratch_folder.h"

#define ID "0123456789abcdef0123456789abcdef"

enum { MAX_CELLS = 600 * 600 };

static void make_folders(void) {
    static bool made;
    if (made) return;
    FUZZ_MUST(ct_dir_make(scratch("runs")) == CT_OK && ct_dir_make(scratch("runs/" ID)) == CT_OK);
    FUZZ_MUST(ct_dir_make(scratch("runs/" ID "/flood.zarr")) == CT_OK);
    FUZZ_MUST(ct_dir_make(scratch("runs/" ID "/flood.zarr/depth")) == CT_OK);
    FUZZ_MUST(ct_dir_make(scratch("runs/" ID "/flood.zarr/max_depth")) == CT_OK);
    made = true;
}

static void check_document(const ct_run *run) {
    for (int whole = 0; whole < 2; whole++) {
        ct_buf out;
        ct_buf_init(&out, 64 << 20);
        ct_scenario__write_run(&out, run, whole);
        if (ct_buf_status(&out) == CT_OK) {
            json_error_t error;
            json_t *document = json_loadb(out.data, out.len, JSON_DISABLE_EOF_CHECK, &error);
            FUZZ_MUST(document &&
                      strcmp(json_string_value(json_object_get(document, "id")), ID) == 0);
            json_decref(document);
        }
        ct_buf_fini(&out);
    }
}

static void check_slice(ct_run *run, const char *array, long index) {
    const ct_run_slice *slice = NULL, *again = NULL;
    if (ct_run_slice_get(&slice, run, array, index) != CT_OK) {
        FUZZ_MUST(!slice && strlen(ct_err_message()) > 0);
        return;
    }
    const ct_grid *g = ct_run_slice_grid(slice);
    FUZZ_MUST(g->nx == ct_run_grid(run)->nx && g->ny == ct_run_grid(run)->ny);
    FUZZ_MUST(ct_run_slice_get(&again, run, array, index) == CT_OK && again == slice);
    ct_run_slice_unref(again);
    ct_run_slice_unref(slice);
}

static void check_run(ct_run *run) {
    const ct_grid *g = ct_run_grid(run);
    const double *t_s = NULL;
    const size_t n = ct_run_times(run, &t_s);
    FUZZ_MUST(g->nx >= 1 && g->ny >= 1 && g->cell_m > 0 && isfinite(g->west_m));
    for (size_t i = 0; i < n; i++) {
        FUZZ_MUST(isfinite(t_s[i]) && (i == 0 || t_s[i] > t_s[i - 1]));
        if (i > 3) continue;
        const int64_t at_us = ct_run_epoch_us(run) + llround(t_s[i] * 1e6);
        FUZZ_MUST(ct_run_time_index(run, at_us) == (long)i);
    }
    FUZZ_MUST(ct_run_time_index(run, INT64_MIN) == -1);
    check_document(run);
    if ((uint64_t)g->nx * g->ny > MAX_CELLS) return;
    check_slice(run, "depth", 0);
    check_slice(run, "max_depth", -1);
    float *values = malloc((n + 1) * sizeof *values);
    FUZZ_MUST(values);
    const double x = g->west_m + g->cell_m / 2, y = g->north_m - g->cell_m / 2;
    if (n < 100 && ct_run_series(values, run, "depth", x, y) != CT_OK)
        FUZZ_MUST(strlen(ct_err_message()) > 0);
    free(values);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    make_folders();
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    const size_t n = nul ? (size_t)(nul - data) : size;
    scratch_write(scratch("runs/" ID "/run.json"), data, n);
    if (nul) {
        scratch_write(scratch("runs/" ID "/flood.zarr/depth/0.0.0"), nul + 1, size - n - 1);
        scratch_write(scratch("runs/" ID "/flood.zarr/max_depth/0.0"), nul + 1, size - n - 1);
    }
    ct_run *run = NULL;
    if (ct_run_open(&run, scratch("runs"), ID) == CT_OK)
        check_run(run);
    else
        FUZZ_MUST(!run && strlen(ct_err_message()) > 0);
    ct_run_unref(run);
    return 0;
}
