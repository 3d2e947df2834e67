// Any bytes as a SWMM project file: refused with a message that names the file, or a document that
// is written back as it was, and a network that the engine takes or refuses by line.
#include "fuzz.h"

#include <string.h>

#include "sim/swmm/network.h"

static void write_back(const ct_swmm_document *d, const uint8_t *data, size_t size) {
    ct_buf out;
    ct_buf_init(&out, size + 1);
    ct_swmm_put(&out, d);
    FUZZ_MUST(ct_buf_status(&out) == CT_OK);
    FUZZ_MUST(out.len == size && (size == 0 || memcmp(out.data, data, size) == 0));
    ct_buf_fini(&out);
}

// Long conduits are no other code, only more of it.
static bool is_small(const ct_swmm_network *net) {
    double length = 0;
    for (size_t i = 0; i < net->drains.conduit_count; i++)
        length += net->drains.conduits[i].length_m;
    return length < 1e5;
}

// Nor are long times.
static bool is_short(const ct_swmm_network *net) {
    const ct_swmm_options *o = &net->options;
    const double step = o->wet_step_s < o->dry_step_s ? o->wet_step_s : o->dry_step_s;
    return o->duration_s / step * (double)(1 + net->subcatchment_count) < 1e5;
}

static void open_engine(const ct_swmm_network *net) {
    ct_drains *drains = NULL;
    if (is_small(net) && ct_swmm_network_open(&drains, net) != CT_OK)
        FUZZ_MUST(!drains && strstr(ct_err_message(), "f.inp"));
    ct_drains_close(drains);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ct_swmm_document *d = NULL;
    if (ct_swmm_parse(&d, "f.inp", (const char *)data, size) != CT_OK) {
        FUZZ_MUST(!d && strstr(ct_err_message(), "f.inp"));
        return 0;
    }
    write_back(d, data, size);
    ct_diagnostics *findings = ct_diagnostics_new(100);
    ct_swmm_network *net = NULL;
    FUZZ_MUST(findings);
    ct_err err = ct_swmm_network_new(&net, d, true, findings);
    if (err == CT_OK && is_short(net)) {
        ct_swmm_network_free(net);
        net = NULL;
        err = ct_swmm_network_new(&net, d, false, findings);
    }
    if (err == CT_OK)
        open_engine(net);
    else
        FUZZ_MUST(!net && strstr(ct_err_message(), "f.inp"));
    ct_swmm_network_free(net);
    ct_diagnostics_free(findings);
    ct_swmm_free(d);
    return 0;
}
