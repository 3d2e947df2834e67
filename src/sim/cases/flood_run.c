// Running a case: the engine from time to time, what stood at the points, the checks; then the
// telling of it.
#include <inttypes.h>
#include <math.h>

#include "base/file.h"
#include "base/jsonw.h"
#include "sim/cases/case_private.h"

const ct_case__quantity ct_case__seen[CT_CASE__SEEN] = {CT_CASE_DEPTH, CT_CASE_LEVEL,
                                                        CT_CASE_VELOCITY_X, CT_CASE_VELOCITY_Y};

static void keep_points(ct_flood_case *c, const ct_case__now *now, size_t time) {
    double *seen = &c->seen[time * c->n_points * CT_CASE__SEEN];
    for (size_t i = 0; i < c->n_points; i++)
        for (size_t k = 0; k < CT_CASE__SEEN; k++)
            *seen++ = ct_case__value_at(now, ct_case__seen[k], c->points[i].cell);
}

// The surface alone, or with drains and storages.
typedef struct engines {
    ct_flood *own;         // NULL = the street's
    const ct_flood *flood; // whichever
} engines;

static ct_err open_engines(engines *e, ct_flood_case *c) {
    if (c->drains || c->storages) {
        CT_TRY(ct_case__coupling_open(c));
        e->flood = ct_street_flood(c->street);
        return CT_OK;
    }
    CT_TRY(ct_flood_open(&e->own, &c->params));
    e->flood = e->own;
    return CT_OK;
}

static ct_err advance(ct_flood_case *c, const engines *e, const ct_flood_case_options *options) {
    const ct_flood *flood = e->flood;
    for (size_t i = 0; i < c->n_times; i++) {
        if (options->cancel && atomic_load(options->cancel))
            return ct_fail(CT_CANCELLED, "%s: cancelled at %g s", c->path, ct_flood_time_s(flood));
        CT_TRY(e->own ? ct_flood_advance(e->own, c->times_s[i])
                      : ct_case__coupling_advance(c, c->times_s[i]));
        ct_case__now now = ct_case__look(flood);
        keep_points(c, &now, i);
        CT_TRY(ct_case__sections_keep(c, flood, i));
        if (c->storages) CT_TRY(ct_case__storages_keep(c, i));
        CT_TRY(ct_case__checks_do(c, flood, &now));
        if (options->progress) options->progress(options->context, c->times_s[i] / c->duration_s);
    }
    return CT_OK;
}

static ct_err conclude(ct_flood_case *c, const ct_flood *flood, bool *met) {
    const size_t sources = c->params.source_count;
    c->source_m3 = ct_arena_calloc(c->arena, sources ? sources : 1, 2 * sizeof *c->source_m3);
    if (!c->source_m3) return CT_NOMEM;
    for (size_t i = 0; i < sources; i++)
        CT_TRY(ct_flood_source_get(flood, i, &c->source_m3[2 * i], &c->source_m3[2 * i + 1]));
    c->steps = ct_flood_steps(flood);
    if (c->street) {
        ct_street_hash(c->street, c->hash);
        CT_TRY(ct_case__coupling_conclude(c));
    } else {
        ct_flood_hash(flood, c->hash);
    }
    ct_flood_ledger_get(flood, &c->ledger);
    *met = true;
    for (size_t i = 0; i < c->n_checks; i++) *met = *met && c->checks[i].ok;
    return CT_OK;
}

ct_err ct_flood_case_run(ct_flood_case *flood_case, const ct_flood_case_options *options,
                         bool *met) {
    engines e = {0};
    flood_case->params.threads = options->threads;
    ct_err err = ct_context(open_engines(&e, flood_case), "%s", flood_case->path);
    if (err == CT_OK) err = advance(flood_case, &e, options);
    if (err == CT_OK && options->folder)
        err = ct_case__files_write(flood_case, e.flood, options->folder);
    if (err == CT_OK) err = conclude(flood_case, e.flood, met);
    ct_flood_close(e.own);
    return err;
}

// ---- telling ------------------------------------------------------------------------------------
static void write_ledger(ct_jsonw *w, const ct_flood_ledger *l) {
    static const char *const sides[] = {"west", "east", "north", "south"};
    ct_jsonw_key(w, "ledger");
    ct_jsonw_object(w);
    ct_jsonw_kv_double(w, "initial_m3", l->initial_m3);
    ct_jsonw_kv_double(w, "rain_m3", l->rain_m3);
    ct_jsonw_kv_double(w, "rain_lost_m3", l->rain_lost_m3);
    ct_jsonw_kv_double(w, "infiltrated_m3", l->infiltrated_m3);
    for (int out = 0; out < 2; out++) {
        ct_jsonw_key(w, out ? "out_m3" : "in_m3");
        ct_jsonw_object(w);
        for (int side = 0; side < CT_FLOOD_SIDES; side++)
            ct_jsonw_kv_double(w, sides[side], (out ? l->out_m3 : l->in_m3)[side]);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_kv_double(w, "source_in_m3", l->source_in_m3);
    ct_jsonw_kv_double(w, "source_out_m3", l->source_out_m3);
    ct_jsonw_kv_double(w, "state_m3", l->state_m3);
    ct_jsonw_kv_double(w, "error_m3", l->error_m3);
    ct_jsonw_end_object(w);
}

static void write_sources(ct_jsonw *w, const ct_flood_case *c) {
    ct_jsonw_key(w, "sources");
    ct_jsonw_array(w);
    for (size_t i = 0; i < c->params.source_count; i++) {
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", c->source_names[i]);
        ct_jsonw_kv_int(w, "cells", (int64_t)c->sources[i].cell_count);
        ct_jsonw_kv_double(w, "in_m3", c->source_m3[2 * i]);
        ct_jsonw_kv_double(w, "out_m3", c->source_m3[2 * i + 1]);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

static void write_sections(ct_jsonw *w, const ct_flood_case *c) {
    ct_jsonw_key(w, "sections");
    ct_jsonw_array(w);
    for (size_t i = 0; i < c->n_sections; i++) {
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", c->sections[i].name);
        ct_jsonw_key(w, "discharge_m3s");
        ct_jsonw_array(w);
        for (size_t t = 0; t < c->n_times; t++)
            ct_jsonw_double(w, c->passed[t * c->n_sections + i]);
        ct_jsonw_end_array(w);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

static void write_points(ct_jsonw *w, const ct_flood_case *c) {
    ct_jsonw_key(w, "time_s");
    ct_jsonw_array(w);
    for (size_t t = 0; t < c->n_times; t++) ct_jsonw_double(w, c->times_s[t]);
    ct_jsonw_end_array(w);
    ct_jsonw_key(w, "points");
    ct_jsonw_array(w);
    for (size_t i = 0; i < c->n_points; i++) {
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "name", c->points[i].name);
        for (size_t k = 0; k < CT_CASE__SEEN; k++) {
            ct_jsonw_key(w, ct_case__quantity_name(ct_case__seen[k]));
            ct_jsonw_array(w);
            for (size_t t = 0; t < c->n_times; t++)
                ct_jsonw_double(w, c->seen[(t * c->n_points + i) * CT_CASE__SEEN + k]);
            ct_jsonw_end_array(w);
        }
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

static const char *kind_of_place(const ct_case__check *k) {
    if (k->point) return "point";
    if (k->storage >= 0) return "storage";
    if (k->connection >= 0) return "connection";
    return k->section >= 0 ? "section" : k->source >= 0 ? "source" : "node";
}

static void write_checks(ct_jsonw *w, const ct_flood_case *c) {
    ct_jsonw_key(w, "checks");
    ct_jsonw_array(w);
    for (size_t i = 0; i < c->n_checks; i++) {
        const ct_case__check *k = &c->checks[i];
        ct_jsonw_object(w);
        ct_jsonw_kv_string(w, "quantity", ct_case__quantity_name(k->quantity));
        const char *place = ct_case__check_place(c, k);
        if (place) ct_jsonw_kv_string(w, kind_of_place(k), place);
        ct_jsonw_kv_double(w, "at_s", k->at_s);
        if (!isnan(k->value)) ct_jsonw_kv_double(w, "expected", k->value);
        if (!isnan(k->at_least)) ct_jsonw_kv_double(w, "at_least", k->at_least);
        if (!isnan(k->at_most)) ct_jsonw_kv_double(w, "at_most", k->at_most);
        ct_jsonw_kv_double(w, "got", k->got);
        if (!isnan(k->bound)) {
            ct_jsonw_kv_double(w, "error", k->error);
            ct_jsonw_kv_double(w, "bound", k->bound);
        }
        ct_jsonw_kv_bool(w, "ok", k->ok);
        ct_jsonw_end_object(w);
    }
    ct_jsonw_end_array(w);
}

void ct_flood_case_json(ct_buf *out, const ct_flood_case *flood_case) {
    ct_jsonw w;
    char hash[40];
    (void)snprintf(hash, sizeof hash, "%016" PRIx64 "%016" PRIx64, flood_case->hash[0],
                   flood_case->hash[1]);
    ct_jsonw_init(&w, out);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "engine", "flood");
    ct_jsonw_kv_string(&w, "title", flood_case->title);
    ct_jsonw_kv_string(&w, "source", flood_case->source);
    ct_jsonw_kv_string(&w, "scheme", ct_flood_scheme_words[flood_case->params.scheme]);
    ct_jsonw_kv_string(&w, "precision", ct_flood_precision_words[flood_case->params.precision]);
    ct_jsonw_kv_bool(&w, "local_steps", flood_case->params.local_steps);
    ct_jsonw_kv_int(&w, "steps", (int64_t)flood_case->steps);
    ct_jsonw_kv_string(&w, "state_hash", hash);
    write_ledger(&w, &flood_case->ledger);
    write_sources(&w, flood_case);
    if (flood_case->drains) ct_case__drains_json(&w, flood_case);
    if (flood_case->storages) ct_case__storages_json(&w, flood_case);
    write_points(&w, flood_case);
    write_sections(&w, flood_case);
    write_checks(&w, flood_case);
    ct_jsonw_end_object(&w);
}

static void put_limit(ct_buf *out, const ct_case__check *k) {
    char text[64];
    if (k->formula)
        (void)snprintf(text, sizeof text, "formula");
    else if (!isnan(k->value))
        (void)snprintf(text, sizeof text, "%.6g", k->value);
    else if (isnan(k->at_most))
        (void)snprintf(text, sizeof text, ">= %.6g", k->at_least);
    else if (isnan(k->at_least))
        (void)snprintf(text, sizeof text, "<= %.6g", k->at_most);
    else
        (void)snprintf(text, sizeof text, "%.6g to %.6g", k->at_least, k->at_most);
    ct_buf_printf(out, "%-24s", text);
}

// Limits alone have no error and no bound.
static void put_error(ct_buf *out, const ct_case__check *k) {
    if (isnan(k->bound))
        ct_buf_printf(out, " %12s %12s", "-", "-");
    else
        ct_buf_printf(out, " %12.6g %12.6g", k->error, k->bound);
}

void ct_flood_case_text(ct_buf *out, const ct_flood_case *flood_case) {
    const ct_flood_ledger *l = &flood_case->ledger;
    size_t failed = 0;
    ct_buf_printf(out, "%s: %" PRIu64 " steps to %g s, %.6g m3 of water, volume error %.2g m3\n",
                  flood_case->title ? flood_case->title : flood_case->path, flood_case->steps,
                  flood_case->duration_s, l->state_m3, l->error_m3);
    if (flood_case->drains) ct_case__drains_text(out, flood_case);
    if (flood_case->storages) ct_case__storages_text(out, flood_case);
    if (flood_case->n_checks)
        ct_buf_printf(out, "%-20s %-16s %10s  %-24s %12s %12s %12s\n", "quantity", "place", "at s",
                      "expected", "got", "error", "bound");
    for (size_t i = 0; i < flood_case->n_checks; i++) {
        const ct_case__check *k = &flood_case->checks[i];
        const char *place = ct_case__check_place(flood_case, k);
        ct_buf_printf(out, "%-20s %-16s %10.6g  ", ct_case__quantity_name(k->quantity),
                      place ? place : "-", k->at_s);
        put_limit(out, k);
        ct_buf_printf(out, " %12.6g", k->got);
        put_error(out, k);
        ct_buf_printf(out, "  %s\n", k->ok ? "ok" : "MISS");
        failed += !k->ok;
    }
    ct_buf_printf(out, "%zu quantities, %zu out of bounds\n", flood_case->n_checks, failed);
}
