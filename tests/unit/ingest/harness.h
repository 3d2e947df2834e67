// Shared by the tests of ingest: a sink that keeps what it gets, and one import in one call.
#ifndef TESTS_INGEST_HARNESS_H
#define TESTS_INGEST_HARNESS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cmk.h"
#include "ingest/ingest.h"

#define TWIN       "EPSG:4547" // CGCS2000 / 3-degree Gauss-Kruger CM 114E
#define DATA(file) CT_SOURCE_DIR "/tests/data/ingest/" file

enum { HARNESS_MAX = 64 };

static ct_catalogue *catalogue;
static ct_arena *arena; // of the kept features
static ct_feature kept[HARNESS_MAX];
static size_t n_kept;
static ct_ingest_report *report;
static char folder[64]; // for this program's files

static inline ct_err keep(void *context, const ct_feature *f) {
    (void)context;
    assert_true(n_kept < HARNESS_MAX);
    return ct_feature_copy(&kept[n_kept++], arena, f);
}

static int setup(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/ct_ingest_XXXXXX");
    arena = ct_arena_new(4096, 16 << 20);
    return arena && mkdtemp(folder) &&
                   ct_catalogue_load(&catalogue, CT_SOURCE_DIR "/data/catalogue") == CT_OK
               ? 0
               : -1;
}

static int teardown(void **state) {
    (void)state;
    ct_ingest_report_free(report);
    report = NULL;
    ct_catalogue_free(catalogue);
    ct_arena_free(arena);
    return ct_dir_remove(folder) == CT_OK ? 0 : -1;
}

static inline const char *in_folder(const char *name) {
    const char *path = ct_arena_printf(arena, "%s/%s", folder, name);
    assert_non_null(path);
    return path;
}

static inline ct_ingest_options options_for(void) {
    return (ct_ingest_options){.catalogue = catalogue, .twin_crs = TWIN};
}

// Imports into the harness's sink; the report and the features stay until the next call.
static inline ct_err import(const char *path, const ct_ingest_options *options) {
    const ct_sink sink = {.put = keep};
    ct_ingest_report_free(report);
    report = ct_ingest_report_new(catalogue);
    assert_non_null(report);
    n_kept = 0;
    return ct_ingest_file(path, options, &sink, report);
}

static inline const ct_feature *by_id(const char *id) {
    for (size_t i = 0; i < n_kept; i++)
        if (strcmp(kept[i].id, id) == 0) return &kept[i];
    fail_msg("no feature %s among %zu", id, n_kept);
    return NULL;
}

// What the file of the last import told of itself; "" where it told nothing.
static inline const char *told(ct_source_term term) {
    ct_buf text;
    ct_jsonw w;
    json_t *record;
    ct_buf_init(&text, 1 << 20);
    ct_jsonw_init(&w, &text);
    assert_int_equal(ct_ingest_source_count(report), 1);
    ct_ingest_write_source(&w, report, 0);
    assert_int_equal(ct_buf_status(&text), CT_OK);
    assert_int_equal(ct_json_parse(&record, text.data, text.len, 1 << 20), CT_OK);
    const char *value = json_string_value(json_object_get(record, ct_source_term_names[term]));
    value = ct_arena_strdup(arena, value ? value : "");
    json_decref(record);
    ct_buf_fini(&text);
    return value;
}

// The first finding of the rule, NULL if none.
static inline const ct_diagnostic *finding(const char *rule) {
    const ct_diagnostics *all = ct_ingest_diagnostics(report);
    for (size_t i = 0; i < ct_diagnostics_kept(all); i++)
        if (strcmp(ct_diagnostics_at(all, i)->rule, rule) == 0) return ct_diagnostics_at(all, i);
    return NULL;
}

static inline void found(const char *rule, ct_severity severity, const char *where,
                         const char *text) {
    const ct_diagnostics *all = ct_ingest_diagnostics(report);
    for (size_t i = 0; i < ct_diagnostics_kept(all); i++) {
        const ct_diagnostic *d = ct_diagnostics_at(all, i);
        if (strcmp(d->rule, rule) == 0 && d->severity == severity && strstr(d->where, where) &&
            strstr(d->text, text))
            return;
    }
    for (size_t i = 0; i < ct_diagnostics_kept(all); i++) {
        const ct_diagnostic *d = ct_diagnostics_at(all, i);
        print_message("%s %s %s: %s\n", ct_severity_name(d->severity), d->rule, d->where, d->text);
    }
    fail_msg("no %s %s at \"%s\" with \"%s\"", ct_severity_name(severity), rule, where, text);
}

static inline size_t count_of(ct_severity severity) {
    return ct_diagnostics_count(ct_ingest_diagnostics(report), severity);
}

static inline void must(ct_err err) {
    if (err != CT_OK) fail_msg("%s: %s", ct_err_name(err), ct_err_message());
}

static inline void failed_with(ct_err err, ct_err expected, const char *part) {
    if (err != expected || !strstr(ct_err_message(), part))
        fail_msg("got %s: %s; expected %s with \"%s\"", ct_err_name(err), ct_err_message(),
                 ct_err_name(expected), part);
}

#endif
