// Elements as plane geometry of the twin.
#include <string.h>

#include "geo/crs.h"
#include "geo/geos.h"
#include "ingest/osm_indoor/inside.h"

// ---- places -------------------------------------------------------------------------------------

// Whether the file lies where the twin's system is meant to be used is looked at once.
static ct_err look_at_place(ct_osm__inside *in, ct_transform *t, const double lon_lat[2]) {
    const char *twin = in->job->options.twin_crs;
    double at[2] = {lon_lat[0], lon_lat[1]};
    if (in->placed) return CT_OK;
    in->placed = true;
    CT_TRY(ct_transform_place(t, twin, at[0], at[1]));
    if (ct_transform_points(t, at, 1, 2) == CT_OK && !ct_crs_covers(twin, at[0], at[1]))
        ct_diagnostics_add_once(
            in->job->diagnostics, CT_SEVERITY_WARNING, "far-away", in->job->file,
            "there are features outside the area where %s is meant to be used", twin);
    return CT_OK;
}

ct_err ct_osm__points(double **xy, uint32_t *n, ct_osm__inside *in, const ct_osm__element *e,
                      const int64_t *nodes, uint32_t n_nodes, bool quiet) {
    ct_transform *t;
    uint32_t missing = 0;
    int64_t first = 0;
    *n = 0;
    *xy = ct_arena_calloc(in->arena, n_nodes + (size_t)1, 2 * sizeof **xy);
    if (!*xy) return CT_NOMEM;
    for (uint32_t i = 0; i < n_nodes; i++) {
        const ct_osm__place *p = ct_osm__place_of(in->d, nodes[i]);
        if (!p) {
            if (!missing++) first = nodes[i];
            continue;
        }
        (*xy)[2 * (size_t)*n] = p->lon;
        (*xy)[2 * (size_t)(*n)++ + 1] = p->lat;
    }
    if (missing && !quiet)
        ct_osm__tell(in->d, "unknown-node", e, "%u of its nodes are not in the file, as node/%lld",
                     missing, (long long)first);
    if (*n == 0) return CT_OK;
    CT_TRY(ct_transform_get(&t, CT_CRS_CRS84, in->job->options.twin_crs));
    CT_TRY(look_at_place(in, t, *xy));
    const ct_err err = ct_transform_points(t, *xy, *n, 2);
    if (err != CT_CRS) return err;
    if (!quiet) ct_osm__tell(in->d, "geometry", e, "%s", ct_err_message());
    *n = 0;
    return CT_OK;
}

static ct_err one_ring(ct_geom *out, ct_osm__inside *in, ct_geom_type type, double *xy,
                       uint32_t n) {
    uint32_t *ends = ct_arena_calloc(in->arena, 2, sizeof *ends);
    if (!ends) return CT_NOMEM;
    ends[0] = n;
    ends[1] = 1;
    *out = (ct_geom){.type = type,
                     .n_points = n,
                     .n_rings = 1,
                     .n_parts = 1,
                     .xyz = xy,
                     .ring_end = ends,
                     .part_end = ends + 1};
    return CT_OK;
}

ct_err ct_osm__point(ct_geom *out, ct_osm__inside *in, const ct_osm__element *node) {
    double *xy;
    uint32_t n;
    *out = (ct_geom){0};
    CT_TRY(ct_osm__points(&xy, &n, in, node, &node->id, 1, false));
    return n ? one_ring(out, in, CT_GEOM_POINT, xy, 1) : CT_OK;
}

ct_err ct_osm__line(ct_geom *out, ct_osm__inside *in, const ct_osm__element *way) {
    double *xy;
    uint32_t n, kept = 0;
    *out = (ct_geom){0};
    CT_TRY(ct_osm__points(&xy, &n, in, way, way->nodes, way->n, false));
    for (uint32_t i = 0; i < n; i++) { // points twice in a row are one
        const double *p = xy + 2 * (size_t)i;
        if (kept && memcmp(p, p - 2, 2 * sizeof *p) == 0) continue;
        memmove(xy + 2 * (size_t)kept++, p, 2 * sizeof *p);
    }
    if (kept < 2) {
        ct_osm__tell(in->d, "geometry", way, "fewer than two points: it is no line");
        return CT_OK;
    }
    return one_ring(out, in, CT_GEOM_LINESTRING, xy, kept);
}

// ---- areas --------------------------------------------------------------------------------------

static ct_err sound(ct_geom *g, ct_osm__inside *in, const ct_osm__element *e, bool quiet) {
    char reason[200];
    ct_geom valid = {0};
    ct_err err = ct_geos_check(g);
    if (err != CT_GEOM) return err;
    strncpy(reason, ct_err_message(), sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    err = ct_geos_make_valid(&valid, in->arena, g);
    if (err != CT_OK && err != CT_GEOM) return err;
    const bool area = err == CT_OK && ct_geom_area_m2(&valid) > 0;
    if (!quiet)
        ct_osm__tell(in->d, "invalid-polygon", e, "%s; it was %s", reason,
                     area ? "repaired" : "left out");
    *g = area ? valid : (ct_geom){0};
    return CT_OK;
}

static ct_err closed_way(ct_geom *out, ct_osm__inside *in, const ct_osm__element *way, bool quiet) {
    double *xy;
    uint32_t n;
    if (!ct_osm__is_closed(way)) {
        if (!quiet)
            ct_osm__tell(in->d, "unclosed", way,
                         "its ring of %u nodes does not close: it is no area", way->n);
        return CT_OK;
    }
    CT_TRY(ct_osm__points(&xy, &n, in, way, way->nodes, way->n, quiet));
    // Where the end was missing, the ring closes with what is there.
    if (n > 2 && n < way->n && memcmp(xy, xy + 2 * (size_t)(n - 1), 2 * sizeof *xy) != 0) {
        memcpy(xy + 2 * (size_t)n, xy, 2 * sizeof *xy);
        n++;
    }
    if (n < 4) {
        if (!quiet) ct_osm__tell(in->d, "geometry", way, "fewer than three points: it is no area");
        return CT_OK;
    }
    return one_ring(out, in, CT_GEOM_POLYGON, xy, n);
}

ct_err ct_osm__area(ct_geom *out, ct_osm__inside *in, const ct_osm__element *e, bool quiet) {
    *out = (ct_geom){0};
    if (e->kind == 'w') CT_TRY(closed_way(out, in, e, quiet));
    if (e->kind == 'r') CT_TRY(ct_osm__rings(out, in, e, quiet));
    return out->type == CT_GEOM_NONE ? CT_OK : sound(out, in, e, quiet);
}

// ---- readings -----------------------------------------------------------------------------------

void ct_osm__middle(double out[2], const ct_geom *g) {
    const size_t stride = (size_t)ct_geom_stride(g);
    const bool area = g->type == CT_GEOM_POLYGON || g->type == CT_GEOM_MULTIPOLYGON;
    if (area && ct_geom_centroid(&out[0], &out[1], g) && ct_geom_contains_point(g, out[0], out[1]))
        return;
    memcpy(out, g->xyz + stride * (area ? 0 : g->n_points / 2), 2 * sizeof *out);
    // Into an area from a corner of its ring, towards the middle of two edges that stand at it.
    for (uint32_t i = 1; area && i + 1 < g->ring_end[0]; i++) {
        const double *a = g->xyz + stride * (i - 1), *b = a + 2 * stride;
        const double at[2] = {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2};
        if (!ct_geom_contains_point(g, at[0], at[1])) continue;
        memcpy(out, at, sizeof at);
        return;
    }
}

ct_box3 ct_osm__box(const ct_geom *g, double low, double high, double margin) {
    ct_bbox b = {NAN, NAN, NAN, NAN};
    (void)ct_geom_bbox(&b, g);
    return (ct_box3){{b.min_x - margin, b.min_y - margin, low},
                     {b.max_x + margin, b.max_y + margin, high}};
}

void ct_osm__append(ct_geom *sum, const ct_geom *g) {
    for (uint32_t k = 0; k < g->n_parts; k++)
        sum->part_end[sum->n_parts + k] = sum->n_rings + g->part_end[k];
    for (uint32_t k = 0; k < g->n_rings; k++)
        sum->ring_end[sum->n_rings + k] = sum->n_points + g->ring_end[k];
    memcpy(sum->xyz + 2 * (size_t)sum->n_points, g->xyz, g->n_points * 2 * sizeof *g->xyz);
    sum->n_points += g->n_points;
    sum->n_rings += g->n_rings;
    sum->n_parts += g->n_parts;
}
