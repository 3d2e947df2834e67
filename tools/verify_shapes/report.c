// What the reader makes of a case, and the lines of the report.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/ifc/shape/work.h"
#include "verify.h"
#include "verify_line/line.h"

#define BOUND 0.007 // of a volume or an area

void family_begin(verify *v, const char *name) {
    v->family = name;
    v->n = v->n_volume = v->n_area = v->volume_ok = v->area_ok = 0;
    v->worst_volume = v->worst_area = 0;
    v->number = 0;
    v->seed = 1;
}

static void line(verify *v, const char *quantity, double expected, double got, double bound) {
    const verify_line l = {.suite = "shapes",
                           .name = v->family,
                           .quantity = quantity,
                           .expected = expected,
                           .got = got,
                           .error = fabs(got - expected),
                           .bound = bound};
    v->checked++;
    v->failed += !verify_line_print(&l, v->json);
}

void family_end(verify *v) {
    if (v->n_volume) {
        line(v, "volumes within 0.7 %", v->n_volume, v->volume_ok, 0);
        line(v, "worst error of a volume", 0, v->worst_volume, BOUND);
    }
    if (v->n_area) {
        line(v, "areas within 0.7 %", v->n_area, v->area_ok, 0);
        line(v, "worst error of an area", 0, v->worst_area, BOUND);
    }
}

// ---- the reader

typedef struct measure {
    double volume, area;
    size_t n_open; // parts that are not closed
    const char *finding;
} measure;

// The item itself or, mirrored, as a mapped one.
static uint32_t wrapped(verify *v, uint32_t item) {
    if (!v->mirrored) return item;
    const uint32_t context =
        put(v, "IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#%u,$)", put_at(v, 0, 0, 0));
    const uint32_t shape =
        put(v, "IFCSHAPEREPRESENTATION(#%u,'Body','SolidModel',(#%u))", context, item);
    const uint32_t map = put(v, "IFCREPRESENTATIONMAP(#%u,#%u)", put_at(v, 0, 0, 0), shape);
    const uint32_t x = put_direction(v, 1, 0, 0), y = put_direction(v, 0, -1, 0);
    const uint32_t z = put_direction(v, 0, 0, 1), o = put_point3(v, 0, 0, 0);
    const uint32_t op =
        put(v, "IFCCARTESIANTRANSFORMATIONOPERATOR3D(#%u,#%u,#%u,$,#%u)", x, y, o, z);
    return put(v, "IFCMAPPEDITEM(#%u,#%u)", map, op);
}

static ct_err shape_of(measure *out, ct_ifc__work *w, const uint32_t *items, int n,
                       const uint32_t *openings, int n_openings) {
    ct_ifc__solid product = {0};
    ct_ifc__solid *cuts = ct_arena_calloc(w->arena, (size_t)n_openings + 1, sizeof *cuts);
    if (!cuts) return CT_NOMEM;
    for (int i = 0; i < n; i++)
        CT_TRY(ct_ifc__make_item(&product, w, ct_step__find(w->m->step, items[i])));
    for (int i = 0; i < n_openings; i++)
        CT_TRY(ct_ifc__make_item(&cuts[i], w, ct_step__find(w->m->step, openings[i])));
    CT_TRY(ct_ifc__cut_openings(&product, w, 0, cuts, (size_t)n_openings));
    for (size_t i = 0; i < product.n; i++) {
        const ct_mesh *mesh;
        CT_TRY(ct_ifc__placed_mesh(&mesh, w, &product.parts[i]));
        out->volume += ct_mesh_volume_m3(mesh);
        out->area += ct_mesh_area_m2(mesh);
        out->n_open += !product.parts[i].closed;
    }
    if (w->n_findings) out->finding = ct_strdup(w->findings[0].text);
    return CT_OK;
}

static ct_err read(measure *out, verify *v, const uint32_t *items, int n, const uint32_t *openings,
                   int n_openings) {
    ct_ifc__model m = {0};
    ct_ifc__units units;
    ct_ifc__work w = {0};
    uint8_t *kinds = NULL;
    ct_arena *arena = ct_arena_new(1 << 16, 0);
    ct_diagnostics *found = ct_diagnostics_new(100);
    ct_buf_printf(&v->text, "ENDSEC;\nEND-ISO-10303-21;\n");
    ct_err err = arena && found ? ct_buf_status(&v->text) : CT_NOMEM;
    if (!err) err = ct_ifc__open(&m, v->text.data, v->text.len, "case", false, found);
    if (!err) err = ct_ifc__units_read(&units, &m, arena);
    if (!err) err = ct_ifc__kinds_new(&kinds, &m);
    if (!err) err = ct_ifc__work_init(&w, &m, &units, kinds);
    if (!err) err = shape_of(out, &w, items, n, openings, n_openings);
    ct_ifc__work_fini(&w);
    ct_free(kinds);
    ct_ifc__close(&m);
    ct_arena_free(arena);
    ct_diagnostics_free(found);
    return err;
}

// 0 where both are 0.
static double relative(double got, double expected) {
    if (fabs(expected) < 1e-12) return fabs(got) < 1e-9 ? 0 : HUGE_VAL;
    return fabs(got - expected) / fabs(expected);
}

void expect_cut(verify *v, const uint32_t *items, int n, const uint32_t *openings, int n_openings,
                double volume_m3, double area_m2) {
    uint32_t own[64] = {0}, holes[256] = {0};
    for (int i = 0; i < n; i++) own[i] = wrapped(v, items[i]);
    for (int i = 0; i < n_openings; i++) holes[i] = wrapped(v, openings[i]);
    measure got = {0};
    const ct_err err = read(&got, v, own, n, holes, n_openings);
    if (err) got.volume = got.area = NAN;
    const double volume = relative(got.volume, volume_m3), area = relative(got.area, area_m2);
    const bool volume_ok = volume <= BOUND && got.n_open == 0, area_ok = area <= BOUND;
    v->n++;
    if (!isnan(volume_m3)) {
        v->n_volume++;
        v->volume_ok += volume_ok;
        v->worst_volume = err ? HUGE_VAL : fmax(v->worst_volume, volume);
    }
    if (!isnan(area_m2)) {
        v->n_area++;
        v->area_ok += area_ok;
        v->worst_area = err ? HUGE_VAL : fmax(v->worst_area, area);
    }
    if (v->cases || (!volume_ok && !isnan(volume_m3)) || (!area_ok && !isnan(area_m2)))
        fprintf(stderr, "%s, case %d: volume %.9g for %.9g, area %.9g for %.9g; %zu open; %s\n",
                v->family, v->number, got.volume, volume_m3, got.area, area_m2, got.n_open,
                err           ? ct_err_message()
                : got.finding ? got.finding
                              : "no finding");
    ct_free((void *)(uintptr_t)got.finding);
}

void expect_item(verify *v, uint32_t item, double volume_m3, double area_m2) {
    expect_cut(v, &item, 1, NULL, 0, volume_m3, area_m2);
}
