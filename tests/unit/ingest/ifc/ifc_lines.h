// What tests of the reader's parts begin with: a file of a few lines, opened, with its units.
#ifndef TESTS_UNIT_INGEST_IFC_LINES_H
#define TESTS_UNIT_INGEST_IFC_LINES_H

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cmk.h"
#include "ingest/ifc/units.h"

// The begin of a file up to its first instance.
#define IFC_HEADER(schema)                                                                         \
    "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');"  \
    "\nFILE_SCHEMA(('" schema "'));\nENDSEC;\nDATA;\n"

typedef struct ifc_lines {
    char *text;
    ct_arena *arena;
    ct_diagnostics *found;
    ct_ifc__model m;
    ct_ifc__units units;
} ifc_lines;

// `given` begins with IFC_HEADER; `lines` come behind.
static inline void open_lines(ifc_lines *out, const char *given, const char *lines) {
    *out = (ifc_lines){.text = ct_sprintf("%s%sENDSEC;\nEND-ISO-10303-21;\n", given, lines)};
    assert_non_null(out->text);
    out->arena = ct_arena_new(4096, 0);
    out->found = ct_diagnostics_new(100);
    assert_non_null(out->arena);
    assert_non_null(out->found);
    assert_int_equal(
        ct_ifc__open(&out->m, out->text, strlen(out->text), "test.ifc", false, out->found), CT_OK);
    assert_int_equal(ct_ifc__units_read(&out->units, &out->m, out->arena), CT_OK);
}

static inline void close_lines(ifc_lines *x) {
    ct_ifc__close(&x->m);
    ct_diagnostics_free(x->found);
    ct_arena_free(x->arena);
    ct_free(x->text);
}

#endif
