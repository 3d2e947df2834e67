// Curves with distances along them.
#include "ingest/ifc/shape/course.h"

#include <math.h>
#include <string.h>

ct_err ct_ifc__course_read(ct_ifc__course *out, ct_ifc__work *w, uint32_t curve) {
    const ct_ifc__kind kind = ct_ifc__kind_of(w, curve);
    const bool in_plan = kind == CT_IFC__K_GRADIENT || kind == CT_IFC__K_SEGMENTED;
    CT_TRY(ct_ifc__curve(&out->line, w, curve));
    const uint32_t n = out->line.n;
    out->along = ct_arena_calloc(w->arena, (size_t)n + 1, sizeof *out->along);
    if (!out->along) return CT_NOMEM;
    for (uint32_t i = 1; i < n; i++) {
        const double *a = out->line.xyz + 3 * (size_t)(i - 1);
        const double flat = hypot(a[3] - a[0], a[4] - a[1]);
        out->along[i] = out->along[i - 1] + (in_plan ? flat : hypot(flat, a[5] - a[2]));
    }
    if (out->along[n - 1] > 0) return CT_OK;
    return ct_fail(CT_GEOM, "nothing can be measured along a curve that stands upright");
}

ct_err ct_ifc__station_read(ct_ifc__station *out, const ct_ifc__work *w, uint32_t slot) {
    uint32_t at = ct_ifc__ref(w->m, slot, "Location");
    if (at == CT_STEP__NONE) at = slot;
    CT_TRY(ct_ifc__need_length(&out->distance, w, at, "DistanceAlong"));
    out->distance += ct_ifc__length_or(w, at, "OffsetLongitudinal", 0);
    out->lateral = ct_ifc__length_or(w, at, "OffsetLateral", 0);
    out->vertical = ct_ifc__length_or(w, at, "OffsetVertical", 0);
    return CT_OK;
}

uint32_t ct_ifc__course_piece(double *part, const ct_ifc__course *c, double distance) {
    uint32_t low = 0, high = c->line.n - 1;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (c->along[middle] <= distance)
            low = middle;
        else
            high = middle;
    }
    const double length = c->along[low + 1] - c->along[low];
    *part = length > 0 ? (distance - c->along[low]) / length : 0;
    return low;
}

void ct_ifc__course_point(double out[3], double way[3], const ct_ifc__course *c,
                          const ct_ifc__station *s) {
    double part, norm = 0;
    const double *a = c->line.xyz + 3 * (size_t)ct_ifc__course_piece(&part, c, s->distance);
    for (int k = 0; k < 3; k++) {
        way[k] = a[3 + k] - a[k];
        out[k] = a[k] + part * way[k];
        norm += way[k] * way[k];
    }
    norm = norm > 0 ? sqrt(norm) : 1;
    for (int k = 0; k < 3; k++) way[k] /= norm;
    const double flat = hypot(way[0], way[1]);
    if (flat > 1e-9) {
        out[0] -= way[1] / flat * s->lateral;
        out[1] += way[0] / flat * s->lateral;
    }
    out[2] += s->vertical;
}

// What the stations tell at a distance; before the first and behind the last as there.
static ct_ifc__station mixed(const ct_ifc__station *s, size_t n, double distance) {
    ct_ifc__station out = {distance, s[0].lateral, s[0].vertical};
    for (size_t i = 0; i < n && s[i].distance <= distance; i++) {
        const ct_ifc__station *next = &s[i + 1 < n ? i + 1 : i];
        const double length = next->distance - s[i].distance;
        const double f = length > 0 ? fmin((distance - s[i].distance) / length, 1) : 0;
        out.lateral = (1 - f) * s[i].lateral + f * next->lateral;
        out.vertical = (1 - f) * s[i].vertical + f * next->vertical;
    }
    return out;
}

ct_err ct_ifc__course_offset(double **xyz, uint32_t *n, ct_ifc__work *w, const ct_ifc__course *c,
                             const ct_ifc__station *stations, size_t n_stations) {
    const size_t most = c->line.n + n_stations;
    CT_TRY(ct_ifc__spend(w, most * (1 + n_stations / 8)));
    double *p = ct_arena_alloc(w->arena, 3 * most * sizeof *p), way[3];
    if (!p) return CT_NOMEM;
    size_t k = 0;
    *n = 0;
    for (uint32_t i = 0; i < c->line.n; i++) { // a point at each corner of either
        for (; k < n_stations && stations[k].distance < c->along[i]; k++)
            if (stations[k].distance >= 0)
                ct_ifc__course_point(p + 3 * (size_t)(*n)++, way, c, &stations[k]);
        const ct_ifc__station s = mixed(stations, n_stations, c->along[i]);
        ct_ifc__course_point(p + 3 * (size_t)(*n)++, way, c, &s);
    }
    *xyz = p;
    return CT_OK;
}
