// The report of an import: counts by class, findings, and the rasters that wait for their final
// names.
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/stage.h"
#include "ingest/job.h"

typedef struct source {
    ct_source told;
    int64_t *before; // counts by class when its file began
} source;

typedef struct raster {
    char *temporary, *final;
    bool published;
} raster;

enum { MAX_RASTERS = 64, MAX_RULES = 128 };

typedef struct rule {
    const char *code;
    ct_ingest__verdict verdict;
} rule;

struct ct_ingest_report {
    const ct_catalogue *catalogue;
    ct_diagnostics *diagnostics;
    int64_t *counts; // by index of the class
    source *sources; // one a file
    size_t n_sources;
    raster rasters[MAX_RASTERS];
    size_t n_rasters;
    rule rules[MAX_RULES];
    size_t n_rules;
    ct_stage *stage; // where they are made; NULL before the first
    bool kept;
};

ct_ingest_report *ct_ingest_report_new(const ct_catalogue *catalogue) {
    ct_ingest_report *report = ct_calloc(1, sizeof *report);
    if (!report) return NULL;
    report->catalogue = catalogue;
    report->diagnostics = ct_diagnostics_new(CT_INGEST__MAX_ERRORS);
    report->counts = ct_calloc(ct_catalogue_count(catalogue), sizeof *report->counts);
    if (report->diagnostics && report->counts) return report;
    ct_ingest_report_free(report);
    return NULL;
}

void ct_ingest_report_free(ct_ingest_report *report) {
    if (!report) return;
    for (size_t i = 0; i < report->n_rasters; i++) {
        raster *r = &report->rasters[i];
        // Best effort: one that stays is removed when the twin is next opened.
        if (r->published && !report->kept) (void)!ct_file_remove(r->final);
        ct_free(r->temporary);
        ct_free(r->final);
    }
    for (size_t i = 0; i < report->n_sources; i++) {
        ct_source_fini(&report->sources[i].told);
        ct_free(report->sources[i].before);
    }
    ct_free(report->sources);
    ct_stage_abort(report->stage);
    ct_diagnostics_free(report->diagnostics);
    ct_free(report->counts);
    ct_free(report);
}

ct_err ct_ingest__stage(const char **path, ct_ingest_report *report, const char *terrain_folder) {
    if (!report->stage) CT_TRY(ct_stage_open(&report->stage, terrain_folder, NULL));
    *path = ct_stage_path(report->stage);
    return CT_OK;
}

ct_err ct_ingest__add_raster(ct_ingest_report *report, const char *temporary, const char *final) {
    if (report->n_rasters == MAX_RASTERS)
        return ct_fail(CT_LIMIT, "more than %d rasters in one import", MAX_RASTERS);
    raster r = {.temporary = ct_strdup(temporary), .final = ct_strdup(final)};
    if (!r.temporary || !r.final) {
        ct_free(r.temporary);
        ct_free(r.final);
        return CT_NOMEM;
    }
    report->rasters[report->n_rasters++] = r;
    return CT_OK;
}

// Should this process be killed before the transaction ends, the note tells whoever opens the twin
// next to remove the raster unless the twin's file names it.
static ct_err put_note(const ct_ingest_report *report, const char *final) {
    char *note = ct_sprintf("%s/%s" CT_NOTE, ct_stage_path(report->stage), ct_path_name(final));
    const ct_err err = note ? ct_file_write(note, "", 0) : CT_NOMEM;
    ct_free(note);
    return err;
}

ct_err ct_ingest_publish(ct_ingest_report *report) {
    if (report->stage) CT_TRY(ct_dir_sync(ct_stage_path(report->stage))); // GDAL waits for no disk
    for (size_t i = 0; i < report->n_rasters; i++) {
        raster *r = &report->rasters[i];
        if (r->published) continue;
        if (ct_file_exists(r->final))
            return ct_fail(CT_EXISTS, "%s: there is such a raster already", r->final);
        CT_TRY(put_note(report, r->final));
        CT_TRY(ct_file_rename(r->temporary, r->final));
        r->published = true;
    }
    return CT_OK;
}

void ct_ingest_keep(ct_ingest_report *report) {
    report->kept = true;
}

// ---- sources -----------------------------------------------------------------------------------

ct_err ct_ingest__begin_source(ct_source **out, ct_ingest_report *report, const char *file) {
    const size_t bytes = ct_catalogue_count(report->catalogue) * sizeof *report->counts;
    source *grown = ct_realloc(report->sources, (report->n_sources + 1) * sizeof *grown);
    if (!grown) return CT_NOMEM;
    report->sources = grown;
    source made = {.before = ct_alloc(bytes)};
    if (!made.before || ct_source_set(&made.told.file, file) != CT_OK) {
        ct_free(made.before);
        return CT_NOMEM;
    }
    memcpy(made.before, report->counts, bytes);
    report->sources[report->n_sources++] = made;
    *out = &report->sources[report->n_sources - 1].told;
    return CT_OK;
}

size_t ct_ingest_source_count(const ct_ingest_report *report) {
    return report->n_sources;
}

static void write_counts(ct_jsonw *w, const ct_ingest_report *report, const int64_t *from,
                         const int64_t *to) {
    ct_jsonw_object(w);
    for (size_t i = 0; i < ct_catalogue_count(report->catalogue); i++) {
        const int64_t n = to[i] - (from ? from[i] : 0);
        if (n) ct_jsonw_kv_int(w, ct_catalogue_at(report->catalogue, i)->name, n);
    }
    ct_jsonw_end_object(w);
}

void ct_ingest_write_source(ct_jsonw *w, const ct_ingest_report *report, size_t index) {
    const source *s = &report->sources[index];
    const int64_t *end =
        index + 1 < report->n_sources ? report->sources[index + 1].before : report->counts;
    ct_jsonw_object(w);
    ct_source_write_members(w, &s->told);
    ct_jsonw_key(w, "features");
    write_counts(w, report, s->before, end);
    ct_jsonw_end_object(w);
}

// ------------------------------------------------------------------------------------------------

void ct_ingest__count(ct_ingest_report *report, const ct_class *cls) {
    report->counts[cls->index]++;
}

ct_err ct_ingest__add_verdict(ct_ingest_report *report, const char *code,
                              ct_ingest__verdict verdict) {
    for (size_t i = 0; i < report->n_rules; i++) {
        rule *r = &report->rules[i];
        if (strcmp(r->code, code) != 0) continue;
        if (verdict > r->verdict) r->verdict = verdict;
        return CT_OK;
    }
    if (report->n_rules == MAX_RULES) return ct_fail(CT_LIMIT, "more than %d rules", MAX_RULES);
    report->rules[report->n_rules++] = (rule){code, verdict};
    return CT_OK;
}

ct_diagnostics *ct_ingest_diagnostics(ct_ingest_report *report) {
    return report->diagnostics;
}

int64_t ct_ingest_count(const ct_ingest_report *report, const ct_class *cls) {
    return report->counts[cls->index];
}

int64_t ct_ingest_total(const ct_ingest_report *report) {
    int64_t total = 0;
    for (size_t i = 0; i < ct_catalogue_count(report->catalogue); i++) total += report->counts[i];
    return total;
}

static void write_rules(ct_jsonw *w, const ct_ingest_report *report) {
    static const char *const words[] = {"not applicable", "pass", "fail"};
    ct_jsonw_key(w, "rules");
    ct_jsonw_object(w);
    for (size_t i = 0; i < report->n_rules; i++)
        ct_jsonw_kv_string(w, report->rules[i].code, words[report->rules[i].verdict]);
    ct_jsonw_end_object(w);
}

void ct_ingest_write_json(ct_jsonw *w, const ct_ingest_report *report, const char *name) {
    ct_jsonw_object(w);
    ct_jsonw_kv_string(w, "source", name);
    ct_jsonw_key(w, "features");
    write_counts(w, report, NULL, report->counts);
    ct_jsonw_key(w, "sources");
    ct_jsonw_array(w);
    for (size_t i = 0; i < report->n_sources; i++) ct_ingest_write_source(w, report, i);
    ct_jsonw_end_array(w);
    if (report->n_rules) write_rules(w, report);
    ct_jsonw_key(w, "diagnostics");
    ct_diagnostics_write_json(w, report->diagnostics);
    ct_jsonw_end_object(w);
}
