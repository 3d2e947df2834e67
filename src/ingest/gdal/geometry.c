// GDAL's geometries and reference systems into ours.
#include <cpl_conv.h>
#include <cpl_error.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "ingest/gdal/gdal.h"

ct_err ct_ingest__crs_of_code(OGRSpatialReferenceH *out, const char *code) {
    char *wkt = NULL;
    CT_TRY(ct_crs_wkt(&wkt, code, false));
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    char *at = wkt;
    bool ok = srs && OSRImportFromWkt(srs, &at) == OGRERR_NONE;
    ct_free(wkt);
    if (!ok) {
        if (srs) OSRRelease(srs);
        return ct_fail(CT_CRS, "%s: GDAL cannot read its definition", code);
    }
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    *out = srs;
    return CT_OK;
}

// Whether the source hands over coordinates in an order of north, east: its authority says so, and
// the mapping of the data's axes does not turn them round.
static bool north_first(OGRSpatialReferenceH srs) {
    int n = 0;
    const int *mapping = OSRGetDataAxisToSRSAxisMapping(srs, &n);
    bool authority = OSREPSGTreatsAsLatLong(srs) || OSREPSGTreatsAsNorthingEasting(srs);
    return authority && n >= 2 && mapping[0] == 1;
}

// "EPSG:4547" if the definition is that of a known code. GDAL's own search is asked where the file
// names none.
static bool find_code(char *out, size_t bytes, OGRSpatialReferenceH srs) {
    enum { SURE = 90 }; // GDAL: 90 = same but for the names
    OGRSpatialReferenceH flat = OSRClone(srs);
    if (!flat) return false;
    if (OSRIsCompound(flat)) OSRStripVertical(flat);
    const char *name = OSRGetAuthorityName(flat, NULL), *code = OSRGetAuthorityCode(flat, NULL);
    bool found = name && code;
    if (found) snprintf(out, bytes, "%s:%s", name, code);
    int n = 0, *confidence = NULL;
    OGRSpatialReferenceH *matches = found ? NULL : OSRFindMatches(flat, NULL, &n, &confidence);
    if (matches && n > 0 && confidence[0] >= SURE) {
        name = OSRGetAuthorityName(matches[0], NULL);
        code = OSRGetAuthorityCode(matches[0], NULL);
        found = name && code;
        if (found) snprintf(out, bytes, "%s:%s", name, code);
    }
    OSRFreeSRSArray(matches);
    CPLFree(confidence);
    OSRRelease(flat);
    return found;
}

static ct_err open_foreign(ct_ingest__crs *out, OGRSpatialReferenceH srs, const char *twin) {
    OGRSpatialReferenceH target = NULL, source = OSRClone(srs);
    ct_err err = ct_ingest__crs_of_code(&target, twin);
    if (err == CT_OK && source) {
        if (OSRIsCompound(source)) OSRStripVertical(source);
        OSRSetAxisMappingStrategy(source, OAMS_TRADITIONAL_GIS_ORDER);
        out->foreign = OCTNewCoordinateTransformation(source, target);
        if (!out->foreign)
            err = ct_fail(CT_CRS, "no transform to %s: %s", twin, CPLGetLastErrorMsg());
    }
    if (target) OSRRelease(target);
    if (source) OSRRelease(source);
    return err;
}

void ct_ingest__crs_told(ct_ingest__job *job, const char *code) {
    const char *given = job->options.source_crs;
    if (!given || (code && strcasecmp(code, given) == 0)) return;
    ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_INFO, "own-crs", job->file,
                            "the file tells its own coordinate reference system%s%s; %s is not "
                            "used",
                            code ? ", " : "", code ? code : "", given);
}

ct_err ct_ingest__crs_open(ct_ingest__crs *out, OGRSpatialReferenceH srs, ct_ingest__job *job) {
    const ct_ingest_options *options = &job->options;
    ct_ingest__crs crs = {0};
    char code[64];
    if (!srs && !options->source_crs)
        return ct_fail(CT_CRS,
                       "the file does not tell its coordinate reference system; give it with "
                       "--crs");
    if (!srs) {
        CT_TRY(ct_transform_get(&crs.transform, options->source_crs, options->twin_crs));
        *out = crs;
        return CT_OK;
    }
    ct_err err = CT_CRS;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    crs.swap = north_first(srs);
    const bool known = find_code(code, sizeof code, srs);
    ct_ingest__crs_told(job, known ? code : NULL);
    if (known) err = ct_transform_get(&crs.transform, code, options->twin_crs);
    // No code, or one that the program does not take (feet, for example): by the definition.
    if (err == CT_CRS) err = open_foreign(&crs, srs, options->twin_crs);
    CPLPopErrorHandler();
    if (err == CT_OK) *out = crs;
    return err;
}

void ct_ingest__crs_close(ct_ingest__crs *crs) {
    if (crs->foreign) OCTDestroyCoordinateTransformation(crs->foreign);
    crs->foreign = NULL;
}

static ct_err apply_foreign(const ct_ingest__crs *crs, ct_arena *arena, ct_geom *g) {
    size_t stride = (size_t)ct_geom_stride(g);
    double *x = ct_arena_calloc(arena, g->n_points, 2 * sizeof *x);
    if (!x) return CT_NOMEM;
    double *y = x + g->n_points;
    for (size_t i = 0; i < g->n_points; i++) {
        x[i] = g->xyz[i * stride];
        y[i] = g->xyz[i * stride + 1];
    }
    int ok = OCTTransform(crs->foreign, (int)g->n_points, x, y, NULL);
    for (size_t i = 0; i < g->n_points; i++) {
        if (!ok && (!isfinite(x[i]) || !isfinite(y[i])))
            return ct_fail(CT_CRS, "point %zu has no place in the twin's reference system", i);
        g->xyz[i * stride] = x[i];
        g->xyz[i * stride + 1] = y[i];
    }
    return ok ? CT_OK : ct_fail(CT_CRS, "the transform failed");
}

ct_err ct_ingest__crs_apply(const ct_ingest__crs *crs, ct_arena *arena, ct_geom *g) {
    size_t stride = (size_t)ct_geom_stride(g);
    for (size_t i = 0; crs->swap && i < g->n_points; i++) {
        double first = g->xyz[i * stride];
        g->xyz[i * stride] = g->xyz[i * stride + 1];
        g->xyz[i * stride + 1] = first;
    }
    return crs->transform ? ct_transform_geom(crs->transform, g) : apply_foreign(crs, arena, g);
}

// Applies and looks whether the result lies where the twin's system is meant to be used; where it
// does only with the coordinates exchanged, that is the error to tell.
static ct_err apply_and_look(ct_ingest__job *job, const ct_ingest__crs *crs, ct_geom *g) {
    const char *twin = job->options.twin_crs;
    const double x = g->xyz[0], y = g->xyz[1];
    char reason[256];
    const ct_err err = ct_ingest__crs_apply(crs, job->arena, g);
    if (err != CT_OK && err != CT_CRS) return err;
    if (err == CT_OK && ct_crs_covers(twin, g->xyz[0], g->xyz[1])) return CT_OK;
    snprintf(reason, sizeof reason, "%s", err == CT_OK ? "" : ct_err_message());
    double turned[2] = {y, x};
    ct_geom point = {.type = CT_GEOM_POINT, .n_points = 1, .xyz = turned};
    if (ct_ingest__crs_apply(crs, job->arena, &point) == CT_OK &&
        ct_crs_covers(twin, turned[0], turned[1]))
        return ct_crs_exchanged(twin, x, y);
    if (err != CT_OK) return ct_fail(err, "%s", reason);
    ct_diagnostics_add_once(job->diagnostics, CT_SEVERITY_WARNING, "far-away", job->file,
                            "there are features outside the area where %s is meant to be used",
                            twin);
    return CT_OK;
}

// A plain geometry of the same shape: curves as chords, measures dropped, surfaces as polygons.
// `*made` is a new object to be destroyed, or NULL where `g` itself is plain.
static OGRGeometryH make_plain(OGRGeometryH g, OGRGeometryH *made) {
    *made = NULL;
    if (OGR_G_HasCurveGeometry(g, FALSE)) g = *made = OGR_G_GetLinearGeometry(g, 0, NULL);
    if (!g) return NULL;
    OGR_G_SetMeasured(g, FALSE);
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(g));
    if (type == wkbPolyhedralSurface || type == wkbTIN || type == wkbTriangle) {
        OGRGeometryH own = *made ? *made : OGR_G_Clone(g);
        g = *made = own ? OGR_G_ForceToMultiPolygon(own) : NULL;
    }
    return g;
}

ct_err ct_ingest__geometry(ct_geom *out, ct_ingest__job *job, const ct_ingest__crs *crs,
                           OGRGeometryH g) {
    ct_geom geom = {0};
    OGRGeometryH made = NULL;
    ct_err err = CT_OK;
    if (!g || OGR_G_IsEmpty(g)) {
        *out = geom;
        return CT_OK;
    }
    g = make_plain(g, &made);
    if (!g) return ct_fail(CT_UNSUPPORTED, "geometry: curves that cannot be drawn as lines");
    // At least 16 bytes a point: what is longer is over the limit without being looked at.
    size_t bytes = OGR_G_WkbSizeEx(g), max_bytes = job->options.max_points * 25 + (1 << 20);
    unsigned char *wkb = bytes <= max_bytes ? ct_arena_alloc(job->arena, bytes) : NULL;
    if (!wkb) {
        err = bytes <= max_bytes
                  ? CT_NOMEM
                  : ct_fail(CT_LIMIT, "geometry: more than %zu points", job->options.max_points);
        goto done;
    }
    if (OGR_G_ExportToIsoWkb(g, wkbNDR, wkb) != OGRERR_NONE) {
        err = ct_fail(CT_GEOM, "geometry: cannot be read");
        goto done;
    }
    err = ct_context(ct_geom_from_wkb(&geom, job->arena, wkb, bytes, job->options.max_points),
                     "geometry");
    if (err == CT_PARSE) err = CT_GEOM; // numbers that are not finite, for example
    if (err != CT_OK) goto done;
    err = ct_context(apply_and_look(job, crs, &geom), "geometry");
    if (err == CT_OK) *out = geom;
done:
    if (made) OGR_G_DestroyGeometry(made);
    return err;
}
