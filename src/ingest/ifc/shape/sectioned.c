// Solids and surfaces through cross sections along a curve.
#include <math.h>
#include <string.h>

#include "ingest/ifc/shape/course.h"
#include "ingest/ifc/shape/profile.h"
#include "ingest/ifc/shape/sweep.h"

enum { MAX_SECTIONS = 10000 };

// `surface`: lines, or outlines, instead of areas.
static ct_err read_profiles(ct_geom **out, bool surface, ct_ifc__work *w,
                            const ct_ifc__slots *slots) {
    ct_geom *area = ct_arena_calloc(w->arena, slots->n + 1, sizeof *area);
    if (!area) return CT_NOMEM;
    if (slots->n < 2 || slots->n > MAX_SECTIONS)
        return ct_fail(CT_GEOM, "a solid through %zu cross sections", slots->n);
    for (size_t i = 0; i < slots->n; i++)
        CT_TRY(surface && ct_ifc__profile_is_line(w, slots->at[i])
                   ? ct_ifc__profile_line(&area[i], w, slots->at[i])
                   : ct_ifc__profile(&area[i], w, slots->at[i]));
    // Twice: what later ones bring goes into earlier ones too.
    for (int round = 0; round < 2; round++)
        for (size_t i = 1; i < slots->n; i++) CT_TRY(ct_ifc__match(&area[0], &area[i], w));
    *out = area;
    return CT_OK;
}

static ct_err sweep_all(ct_ifc__solid *out, ct_ifc__work *w, const ct_geom *area,
                        const ct_affine *at, uint32_t n, bool surface) {
    const ct_geom **profiles = ct_arena_alloc(w->arena, n * sizeof *profiles);
    if (!profiles) return CT_NOMEM;
    for (uint32_t i = 0; i < n; i++) profiles[i] = &area[i];
    ct_ifc__mesh_begin(w);
    CT_TRY(ct_ifc__sweep(
        w, &(ct_ifc__sections){(const ct_geom *const *)profiles, n, at, n, false, surface}));
    return ct_ifc__mesh_end(out, w, NULL);
}

static ct_err spine(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    ct_ifc__slots sections, positions;
    ct_geom *area;
    CT_TRY(ct_ifc__refs(&sections, w, item, "CrossSections"));
    CT_TRY(ct_ifc__refs(&positions, w, item, "CrossSectionPositions"));
    if (positions.n != sections.n)
        return ct_fail(CT_GEOM, "%zu cross sections at %zu places", sections.n, positions.n);
    // Its first one tells whether all are areas.
    const uint32_t first = sections.n ? sections.at[0] : CT_STEP__NONE;
    const ct_step__value type = ct_ifc__get(w->m, first, "ProfileType");
    const bool surface = ct_ifc__profile_is_line(w, first) || ct_step__is(&type, "CURVE");
    CT_TRY(read_profiles(&area, surface, w, &sections));
    ct_affine *at = ct_arena_alloc(w->arena, sections.n * sizeof *at);
    if (!at) return CT_NOMEM;
    for (size_t i = 0; i < sections.n; i++)
        at[i] = ct_ifc__axes(w->m, positions.at[i], w->length_m);
    return sweep_all(out, w, area, at, (uint32_t)sections.n, surface);
}

// ---- along a directrix --------------------------------------------------------------------------

// The frame at a station: x to the left of the way, y up, the section upright across the way.
static ct_affine frame_at(const ct_ifc__course *c, const ct_ifc__station *s) {
    uint32_t i = 0;
    while (i + 2 < c->line.n && c->along[i + 1] <= s->distance) i++;
    const double *a = c->line.xyz + 3 * (size_t)i, length = c->along[i + 1] - c->along[i];
    const double f = length > 0 ? (s->distance - c->along[i]) / length : 0;
    double way[2] = {a[3] - a[0], a[4] - a[1]};
    // At a corner the section halves the angle.
    if (i > 0 && fabs(s->distance - c->along[i]) < 1e-6 && c->along[i] > c->along[i - 1]) {
        const double before = c->along[i] - c->along[i - 1];
        for (int k = 0; k < 2; k++) way[k] = way[k] / length + (a[k] - a[k - 3]) / before;
    }
    const double norm = hypot(way[0], way[1]), x = way[0] / norm, y = way[1] / norm;
    const double along = (x * (a[3] - a[0]) + y * (a[4] - a[1])) / length;
    const double wide = length > 0 ? 1 / fmax(along, 0.2) : 1; // across a corner it is wider
    double origin[3];
    for (int k = 0; k < 3; k++) origin[k] = a[k] + f * (a[3 + k] - a[k]);
    origin[0] -= y * wide * s->lateral;
    origin[1] += x * wide * s->lateral;
    origin[2] += s->vertical;
    return (ct_affine){{-y * wide, 0, x, origin[0], x * wide, 0, y, origin[1], 0, 1, 0, origin[2]}};
}

static ct_err mix_profile(ct_geom *out, ct_ifc__work *w, const ct_geom *a, const ct_geom *b,
                          double f) {
    *out = *a;
    out->xyz = ct_arena_alloc(w->arena, 2 * (size_t)a->n_points * sizeof *out->xyz);
    if (!out->xyz) return CT_NOMEM;
    for (size_t k = 0; k < 2 * (size_t)a->n_points; k++)
        out->xyz[k] = (1 - f) * a->xyz[k] + f * b->xyz[k];
    return CT_OK;
}

// The sections that are told, and one at each point of the directrix between them.
static ct_err put_between(ct_geom *area, ct_affine *at, uint32_t *n, ct_ifc__work *w,
                          const ct_ifc__course *c, const ct_geom told[2],
                          const ct_ifc__station ends[2]) {
    for (uint32_t i = 0; i < c->line.n; i++) {
        const double d = c->along[i], length = ends[1].distance - ends[0].distance;
        if (d <= ends[0].distance + 1e-6 || d >= ends[1].distance - 1e-6) continue;
        const double f = (d - ends[0].distance) / length;
        const ct_ifc__station s = {d, (1 - f) * ends[0].lateral + f * ends[1].lateral,
                                   (1 - f) * ends[0].vertical + f * ends[1].vertical};
        CT_TRY(mix_profile(&area[*n], w, &told[0], &told[1], f));
        at[(*n)++] = frame_at(c, &s);
    }
    return CT_OK;
}

static ct_err horizontal(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    ct_ifc__slots sections, positions;
    ct_geom *told;
    uint32_t directrix;
    ct_ifc__course c = {0};
    uint32_t n = 0;
    CT_TRY(ct_ifc__refs(&sections, w, item, "CrossSections"));
    CT_TRY(ct_ifc__refs(&positions, w, item, "CrossSectionPositions"));
    if (positions.n != sections.n)
        return ct_fail(CT_GEOM, "%zu cross sections at %zu places", sections.n, positions.n);
    const bool surface = ct_ifc__kind_of(w, item) == CT_IFC__K_SECTIONED_SURFACE;
    CT_TRY(read_profiles(&told, surface, w, &sections));
    CT_TRY(ct_ifc__need_ref(&directrix, w, item, "Directrix"));
    CT_TRY(ct_ifc__course_read(&c, w, directrix));
    const size_t room = sections.n + c.line.n;
    ct_geom *area = ct_arena_alloc(w->arena, room * sizeof *area);
    ct_affine *at = ct_arena_alloc(w->arena, room * sizeof *at);
    if (!area || !at) return CT_NOMEM;
    ct_ifc__station before = {0}, now;
    for (size_t i = 0; i < sections.n; i++) {
        CT_TRY(ct_ifc__station_read(&now, w, positions.at[i]));
        if (i && !(now.distance > before.distance))
            return ct_fail(CT_GEOM, "cross sections that do not follow each other");
        const ct_ifc__station ends[] = {before, now};
        CT_TRY(ct_ifc__spend(w, c.line.n));
        if (i) CT_TRY(put_between(area, at, &n, w, &c, &told[i - 1], ends));
        area[n] = told[i];
        at[n++] = frame_at(&c, &now);
        before = now;
    }
    return sweep_all(out, w, area, at, n, surface);
}

ct_err ct_ifc__sectioned(ct_ifc__solid *out, ct_ifc__work *w, uint32_t item) {
    return ct_ifc__kind_of(w, item) == CT_IFC__K_SECTIONED_SPINE ? spine(out, w, item)
                                                                 : horizontal(out, w, item);
}
