// Every allocation of reading and changing a project file, and of making a network of it, fails
// once.
#include "fault.h"

#include <string.h>

#include "base/file.h"
#include "sim/swmm/network.h"

typedef struct text {
    char *data;
    size_t length;
} text;

static ct_err read_once(void *context) {
    const text *t = context;
    ct_swmm_document *d = NULL;
    ct_swmm_network *net = NULL;
    ct_drains *drains = NULL;
    ct_diagnostics *findings = ct_diagnostics_new(100);
    ct_err err = findings ? ct_swmm_parse(&d, "town.inp", t->data, t->length) : CT_NOMEM;
    if (err != CT_OK) assert_null(d);
    if (err == CT_OK) err = ct_swmm_network_new(&net, d, false, findings);
    if (err == CT_OK) err = ct_swmm_network_open(&drains, net);
    if (err == CT_OK) err = ct_swmm_set(d, 3, 1, "CMS");
    if (err == CT_OK) err = ct_swmm_add(d, CT_SWMM_MAP, "UNITS Meters");
    ct_drains_close(drains);
    ct_swmm_network_free(net);
    ct_swmm_free(d);
    ct_diagnostics_free(findings);
    return err;
}

static void reading(void **state) {
    (void)state;
    text t;
    assert_int_equal(ct_file_read(&t.data, &t.length,
                                  CT_SOURCE_DIR "/tests/fuzz/corpus/fuzz_swmm/network.inp",
                                  1 << 20),
                     CT_OK);
    assert_true(fault_every_allocation(read_once, &t) > 100);
    ct_free(t.data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
