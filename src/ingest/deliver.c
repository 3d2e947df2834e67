// The last steps of every feature, whatever format it came from: ids, values as people write them,
// checks, repair and the hand-over to the sink.
#include <math.h>
#include <string.h>
#include <strings.h>

#include "geo/geos.h"
#include "ingest/job.h"

bool ct_ingest__progress(const ct_ingest__job *job, double part) {
    if (!job->options.progress) return true;
    return job->options.progress(job->options.progress_context, part < 1 ? part : 1);
}

ct_err ct_ingest__tick(ct_ingest__job *job, double part) {
    enum { FEATURES_A_CALL = 1024 };
    if (++job->n_features > job->options.max_features)
        return ct_fail(CT_LIMIT, "%s: more than %zu features", job->file,
                       job->options.max_features);
    if (job->n_features % FEATURES_A_CALL == 0 && !ct_ingest__progress(job, part))
        return ct_fail(CT_CANCELLED, "%s: cancelled", job->file);
    return CT_OK;
}

bool ct_ingest__hopeless(const ct_ingest__job *job) {
    return ct_diagnostics_count(job->diagnostics, CT_SEVERITY_ERROR) >= CT_INGEST__MAX_ERRORS;
}

static const char *code_of_title(const ct_attr *attr, const char *text) {
    for (size_t i = 0; i < attr->n_codes; i++) {
        const ct_code *code = &attr->codes[i];
        if (strcasecmp(code->value, text) == 0 || strcasecmp(code->title_en, text) == 0 ||
            strcmp(code->title_zh, text) == 0)
            return code->value;
    }
    return text;
}

ct_err ct_ingest__value(ct_value *out, ct_arena *arena, const ct_attr *attr, const char *text) {
    static const char blanks[] = " \t\r\n";
    text += strspn(text, blanks);
    size_t length = strlen(text);
    while (length && strchr(blanks, text[length - 1])) length--;
    if (!length) {
        *out = (ct_value){.kind = CT_VALUE_NULL};
        return CT_OK;
    }
    const char *trimmed = ct_arena_strndup(arena, text, length);
    if (!trimmed) return CT_NOMEM;
    return ct_value_from_text(out, arena, attr, code_of_title(attr, trimmed));
}

ct_err ct_ingest__set_ids(ct_feature *f, ct_arena *arena, const char *own, const char *source_id) {
    char id[CT_ID_MAX];
    f->source_id = source_id;
    if (own && ct_id_ok(own)) {
        f->id = own;
        return CT_OK;
    }
    const char *text = ct_arena_printf(arena, "%s-%s", f->cls->name, source_id);
    if (!text) return CT_NOMEM;
    CT_TRY(ct_context(ct_id_encode(id, text), "id"));
    f->id = ct_arena_strdup(arena, id);
    return f->id ? CT_OK : CT_NOMEM;
}

// Whether the error is about the feature alone, so that the next one may be looked at.
static bool is_finding(ct_err err) {
    return err == CT_PARSE || err == CT_RANGE || err == CT_GEOM || err == CT_LIMIT;
}

static ct_err note(ct_ingest__job *job, ct_err err, const char *where) {
    if (!is_finding(err)) return err;
    ct_diagnostics_add(job->diagnostics, CT_SEVERITY_ERROR,
                       err == CT_GEOM ? "geometry" : "attribute", where, "%s", ct_err_message());
    return CT_OK;
}

// Whether the one covers what the other does, but for a seam of rounding.
static bool is_near(const ct_geom *g, const ct_geom *valid) {
    const double seam_m = 1e-5;
    return fabs(ct_geom_area_m2(g) - ct_geom_area_m2(valid)) <= seam_m * ct_geom_length_m(g);
}

// CT_OK if the polygon is or was made valid. `*found` tells that there was something to say.
static ct_err repair(ct_ingest__job *job, ct_feature *f, const char *where, bool *refused) {
    char reason[200];
    ct_err err = ct_geos_check(&f->geom);
    if (err != CT_GEOM) return err;
    strncpy(reason, ct_err_message(), sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    ct_geom valid = {0};
    if (!job->options.strict) err = ct_geos_make_valid(&valid, job->arena, &f->geom);
    if (err == CT_GEOM) {
        ct_diagnostics_add(job->diagnostics, CT_SEVERITY_ERROR, "invalid-polygon", where, "%s",
                           reason);
        *refused = true;
        return CT_OK;
    }
    CT_TRY(err);
    if (job->nearly_valid && is_near(&f->geom, &valid)) return CT_OK;
    f->geom = valid;
    ct_diagnostics_add(job->diagnostics, CT_SEVERITY_WARNING, "invalid-polygon", where,
                       "%s; it was repaired", reason);
    return ct_feature_check(f, job->arena);
}

// Lays a geometry without heights on the ground: every point, or none where one has no ground.
static ct_err lay_on_ground(ct_ingest__job *job, ct_feature *f) {
    ct_geom *g = &f->geom;
    if (g->type == CT_GEOM_NONE || g->has_z || !f->cls->has_z || !job->options.ground) return CT_OK;
    double *xyz = ct_arena_calloc(job->arena, g->n_points, 3 * sizeof *xyz);
    if (!xyz) return CT_NOMEM;
    for (size_t i = 0; i < g->n_points; i++) {
        double *p = &xyz[3 * i];
        p[0] = g->xyz[2 * i];
        p[1] = g->xyz[2 * i + 1];
        CT_TRY(job->options.ground(job->options.ground_context, &p[2], p[0], p[1]));
        if (isfinite(p[2])) continue;
        job->n_groundless++;
        return CT_OK;
    }
    g->xyz = xyz;
    g->has_z = true;
    return CT_OK;
}

ct_err ct_ingest__deliver(ct_ingest__job *job, ct_feature *f, const char *where) {
    CT_TRY(lay_on_ground(job, f));
    ct_err err = ct_feature_check(f, job->arena);
    if (err != CT_OK) return note(job, err, where);
    if (f->geom.type == CT_GEOM_POLYGON || f->geom.type == CT_GEOM_MULTIPOLYGON) {
        bool refused = false;
        err = repair(job, f, where, &refused);
        if (err != CT_OK) return note(job, err, where);
        if (refused) return CT_OK;
    }
    if (f->geom.type == CT_GEOM_NONE && f->cls->geometry != CT_GEOM_NONE && !job->shapeless)
        ct_diagnostics_add(job->diagnostics, CT_SEVERITY_WARNING, "no-geometry", where,
                           "the feature has no geometry and will not be on the map");
    if (job->sink && ct_diagnostics_count(job->diagnostics, CT_SEVERITY_ERROR) == 0) {
        err = job->sink->put(job->sink->context, f);
        if (err != CT_OK) {
            ct_diagnostics_add(job->diagnostics, CT_SEVERITY_ERROR, "not-stored", where, "%s",
                               ct_err_message());
            return ct_context(err, "%s", where);
        }
    }
    ct_ingest__count(job->report, f->cls);
    return CT_OK;
}
