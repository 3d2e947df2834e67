// Any bytes as the parameters of a sample community: refused with a message, or parameters within
// what the generator can build from.
#include <math.h>

#include "params.h"
#include "scratch_folder.h"

static void check_axes(const sc_axis *axes, int n, int max) {
    FUZZ_MUST(n >= 2 && n <= max);
    for (int i = 0; i < n; i++) {
        FUZZ_MUST(isfinite(axes[i].at_m) && isfinite(axes[i].red_line_m));
        FUZZ_MUST(axes[i].carriageway_m <= axes[i].red_line_m && axes[i].lanes >= 1);
        FUZZ_MUST(axes[i].rank <= SC_LOCAL && axes[i].name.en && axes[i].name.zh);
        FUZZ_MUST(i == 0 || axes[i].at_m > axes[i - 1].at_m);
    }
}

static void check_sound(const sc_params *p) {
    FUZZ_MUST(p->name.en && p->name.zh && p->factor >= 1 && p->factor <= SC_MAX_FACTOR);
    FUZZ_MUST(p->ground.cell_m > 0 && isfinite(p->ground.margin_m));
    FUZZ_MUST(p->residents >= 0 && p->devices >= 0);
    check_axes(p->columns, p->n_columns, SC_MAX_COLUMNS);
    check_axes(p->rows, p->n_rows, SC_MAX_ROWS);
    for (int r = 0; r + 1 < p->n_rows; r++)
        for (int c = 0; c + 1 < p->n_columns; c++) {
            FUZZ_MUST(p->blocks[r][c].kind < SC_BLOCK_KINDS);
            FUZZ_MUST(*sc_block_kind_name(p->blocks[r][c].kind));
        }
    FUZZ_MUST(p->n_hollows >= 0 && p->n_hollows <= 16);
    for (int i = 0; i < p->n_hollows; i++) {
        FUZZ_MUST(p->hollows[i].row >= 0 && p->hollows[i].row < p->n_rows - 1);
        FUZZ_MUST(p->hollows[i].column >= 0 && p->hollows[i].column < p->n_columns - 1);
    }
    FUZZ_MUST(p->underpass.column >= 0 && p->underpass.column < p->n_columns);
    FUZZ_MUST(p->underpass.row >= 0 && p->underpass.row < p->n_rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    sc_params params = {0};
    const char *path = scratch("scene.json");
    scratch_write(path, data, size);
    if (sc_params_read(&params, path) == CT_OK) {
        check_sound(&params);
        sc_params_fini(&params);
    } else {
        FUZZ_MUST(!params.document && strlen(ct_err_message()) > 0);
    }
    return 0;
}
