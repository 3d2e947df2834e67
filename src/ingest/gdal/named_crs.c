// Reference systems by name: GDAL takes compound ones apart and knows the authority's order of
// axes.
#include "ingest/named_crs.h"

#include <cpl_error.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "ingest/gdal/gdal.h"

struct ct_ingest__named_crs {
    ct_ingest__crs way;
    bool degrees;
};

// The definition of a code, the plane part and the heights' code apart.
static ct_err define(OGRSpatialReferenceH *out, ct_ingest__crs_name *name) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    if (!srs) return CT_NOMEM;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    const OGRErr bad = OSRSetFromUserInput(srs, name->code);
    if (bad == OGRERR_NONE && OSRIsCompound(srs)) {
        const char *heights = OSRGetAuthorityCode(srs, "COMPD_CS|VERT_CS");
        if (heights && !*name->heights)
            snprintf(name->heights, sizeof name->heights, "EPSG:%s", heights);
        OSRStripVertical(srs);
    }
    CPLPopErrorHandler();
    if (bad != OGRERR_NONE) {
        OSRRelease(srs);
        return ct_fail(CT_CRS, "the reference system %s is not known", name->code);
    }
    *out = srs;
    return CT_OK;
}

// Whether the source's point lands where the twin's system is meant to be used, its coordinates in
// the order as they stand or exchanged.
static bool lands(const ct_ingest__named_crs *crs, ct_ingest__job *job, bool swap,
                  const double *place) {
    double at[3] = {place[0], place[1], 0};
    ct_ingest__named_crs other = *crs;
    other.way.swap = swap;
    return ct_ingest__named_crs_apply(&other, job->arena, at, 1) == CT_OK &&
           ct_crs_covers(job->options.twin_crs, at[0], at[1]);
}

// The authority's order, unless the shapes would be mirrored by it, or land elsewhere.
static void find_order(ct_ingest__named_crs *crs, ct_ingest__job *job, const char *code,
                       const ct_ingest__sight *sight) {
    const bool north_first = crs->way.swap;
    if (sight->east_first) {
        crs->way.swap = false;
        return;
    }
    if (north_first && sight->hand > 0) crs->way.swap = false;
    const bool kept = lands(crs, job, crs->way.swap, sight->place);
    const bool other = !kept && lands(crs, job, !crs->way.swap, sight->place);
    if (other) crs->way.swap = !crs->way.swap;
    if (crs->way.swap != north_first)
        ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_WARNING, "axis-order", job->file,
                                "the coordinates are not in the order of %s but %s first, and were "
                                "taken so",
                                code, crs->way.swap ? "north" : "east");
    else if (north_first && !crs->degrees)
        ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_INFO, "axis-order", job->file,
                                "the first coordinate is taken as north, as %s says", code);
    if (!kept && !other)
        ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_WARNING, "far-away", job->file,
                                "there are features outside the area where %s is meant to be used",
                                job->options.twin_crs);
}

// Of a name that is no code: the user's --crs stands in.
static ct_err read_name(ct_ingest__crs_name *name, ct_ingest__job *job, const char *text) {
    const char *given = job->options.source_crs;
    if (text && *text) {
        if (ct_ingest__crs_name_read(name, text)) {
            ct_ingest__crs_told(job, name->code);
            return CT_OK;
        }
        if (!given)
            return ct_fail(
                CT_CRS, "the reference system \"%.100s\" is not known; give it with --crs", text);
        ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_WARNING, "unknown-crs", job->file,
                                "the reference system \"%.100s\" is not known; %s is taken", text,
                                given);
    }
    if (!given)
        return ct_fail(CT_CRS, "the file does not tell its coordinate reference system; give it "
                               "with --crs");
    if (!ct_ingest__crs_name_read(name, given)) return ct_fail(CT_CRS, "unknown CRS \"%s\"", given);
    return CT_OK;
}

ct_err ct_ingest__named_crs_open(ct_ingest__named_crs **out, ct_ingest__job *job, const char *text,
                                 const ct_ingest__sight *sight) {
    ct_ingest__crs_name name = {0};
    OGRSpatialReferenceH srs = NULL;
    CT_TRY(read_name(&name, job, text));
    CT_TRY(define(&srs, &name));
    ct_ingest__named_crs *crs = ct_calloc(1, sizeof *crs);
    ct_ingest__job quiet = *job; // read_name has told of the options' system already
    quiet.options.source_crs = NULL;
    ct_err err = crs ? ct_ingest__crs_open(&crs->way, srs, &quiet) : CT_NOMEM;
    if (err == CT_OK) crs->degrees = OSRIsGeographic(srs);
    OSRRelease(srs);
    if (err != CT_OK) {
        ct_free(crs);
        return ct_context(err, "%s", job->file);
    }
    find_order(crs, job, name.code, sight);
    if (*name.heights)
        ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_INFO, "vertical-datum", job->file,
                                "heights are of %s and stay as they are", name.heights);
    *out = crs;
    return CT_OK;
}

void ct_ingest__named_crs_close(ct_ingest__named_crs *crs) {
    if (!crs) return;
    ct_ingest__crs_close(&crs->way);
    ct_free(crs);
}

// NOLINTNEXTLINE(readability-non-const-parameter): written by way of the geometry
ct_err ct_ingest__named_crs_apply(const ct_ingest__named_crs *crs, ct_arena *arena, double *xyz,
                                  size_t n) {
    if (n == 0) return CT_OK;
    if (n > UINT32_MAX) return ct_fail(CT_LIMIT, "more than %u points", UINT32_MAX);
    ct_geom g = {.type = CT_GEOM_LINESTRING, .has_z = true, .n_points = (uint32_t)n, .xyz = xyz};
    return ct_ingest__crs_apply(&crs->way, arena, &g);
}

ct_err ct_ingest__named_crs_axes(double out[4], const ct_ingest__named_crs *crs, ct_arena *arena,
                                 const double place[3]) {
    // Degrees are taken so small that the image is straight, then brought to the length of a metre.
    const double step = crs->degrees ? 1e-5 : 1;
    double at[9];
    for (int i = 0; i < 3; i++) memcpy(&at[3 * i], place, 3 * sizeof *at);
    at[3 + (crs->way.swap ? 1 : 0)] += step; // east
    at[6 + (crs->way.swap ? 0 : 1)] += step; // north
    CT_TRY(ct_ingest__named_crs_apply(crs, arena, at, 3));
    for (int axis = 0; axis < 2; axis++) {
        const double x = at[3 * axis + 3] - at[0], y = at[3 * axis + 4] - at[1];
        const double length = crs->degrees ? hypot(x, y) : step;
        if (!(length > 0)) return ct_fail(CT_CRS, "a place without directions");
        out[2 * axis] = x / length;
        out[2 * axis + 1] = y / length;
    }
    return CT_OK;
}
