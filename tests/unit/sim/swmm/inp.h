// A network from the text of a project file, with its findings.
#ifndef TESTS_UNIT_SIM_SWMM_INP_H
#define TESTS_UNIT_SIM_SWMM_INP_H

#include <stdlib.h>
#include <string.h>

#include "cmk.h"
#include "sim/swmm/network.h"

typedef struct inp {
    ct_swmm_document *document;
    ct_diagnostics *findings;
    ct_swmm_network *net; // NULL = refused
    ct_err err;
} inp;

static inline inp inp_named(const char *name, const char *text) {
    inp f = {0};
    if (ct_swmm_parse(&f.document, name, text, strlen(text)) != CT_OK)
        fail_msg("%s", ct_err_message());
    f.findings = ct_diagnostics_new(100);
    assert_non_null(f.findings);
    f.err = ct_swmm_network_new(&f.net, f.document, false, f.findings);
    return f;
}

static inline void inp_free(inp *f) {
    ct_swmm_network_free(f->net);
    ct_diagnostics_free(f->findings);
    ct_swmm_free(f->document);
}

static inline inp inp_good(const char *text) {
    inp f = inp_named("town.inp", text);
    if (f.err != CT_OK) fail_msg("%s", ct_err_message());
    return f;
}

static inline void inp_bad(const char *text, ct_err expect, const char *message) {
    inp f = inp_named("town.inp", text);
    if (f.err != expect || !strstr(ct_err_message(), message))
        fail_msg("%s: %s, not: %s", ct_err_name(f.err), ct_err_message(), message);
    assert_null(f.net);
    inp_free(&f);
}

// Whether there is a finding of this rule at this place.
static inline bool inp_found(const inp *f, const char *rule, const char *where) {
    const ct_diagnostic *d;
    for (size_t i = 0; (d = ct_diagnostics_at(f->findings, i)); i++)
        if (strcmp(d->rule, rule) == 0 && strstr(d->where, where)) return true;
    return false;
}

#endif
