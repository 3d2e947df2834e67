// Sections of a case: lines across which the discharge is told.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cases/case_private.h"

#define MAX_SECTIONS 1000

typedef struct gathering {
    const ct_flood_case *c;
    const ct_geom *line;
    ct_flood_face *faces; // NULL = they are only counted
    size_t count;
} gathering;

// The piece of a line that is nearest to a place, and how far a vector there points to its left.
typedef struct nearest {
    double away, left;
} nearest;

static void look(nearest *n, const double *a, const double *b, const double p[2],
                 const double v[2]) {
    const double dx = b[0] - a[0], dy = b[1] - a[1], square = dx * dx + dy * dy;
    if (!(square > 0)) return;
    const double share = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square;
    const double t = fmin(1, fmax(0, share));
    const double away = hypot(a[0] + t * dx - p[0], a[1] + t * dy - p[1]);
    if (away < n->away) *n = (nearest){away, (dx * v[1] - dy * v[0]) / sqrt(square)};
}

// Whether the way from one cell to the other leads to the left of the line.
static bool leads_left(const ct_geom *line, const double p[2], const double v[2]) {
    nearest n = {HUGE_VAL, 0};
    const int stride = ct_geom_stride(line);
    for (uint32_t ring = 0; ring < line->n_rings; ring++) {
        const uint32_t first = ring ? line->ring_end[ring - 1] : 0;
        for (uint32_t i = first + 1; i < line->ring_end[ring]; i++) {
            const double *b = line->xyz + (size_t)i * (size_t)stride;
            look(&n, b - stride, b, p, v);
        }
    }
    return n.left > 0;
}

static void take_face(void *context, uint32_t row, uint32_t column, int side) {
    gathering *g = context;
    const ct_grid *s = &g->c->shape;
    const bool inside = side == 0 ? column + 1 < s->nx : row + 1 < s->ny;
    if (!inside) return;
    if (g->faces) {
        const size_t a = (size_t)row * s->nx + column, b = side == 0 ? a + 1 : a + s->nx;
        const double half = 0.5 * s->cell_m, x = ct_grid_x(s, column), y = ct_grid_y(s, row);
        const double p[2] = {side == 0 ? x + half : x, side == 0 ? y : y - half};
        const double v[2] = {side == 0, side == 0 ? 0 : -1};
        const bool left = leads_left(g->line, p, v);
        g->faces[g->count] = left ? (ct_flood_face){a, b} : (ct_flood_face){b, a};
    }
    g->count++;
}

static int by_cells(const void *a, const void *b) {
    const ct_flood_face *f = a, *g = b;
    const size_t f_low = f->from < f->to ? f->from : f->to,
                 g_low = g->from < g->to ? g->from : g->to;
    const size_t f_sum = f->from + f->to, g_sum = g->from + g->to;
    if (f_low != g_low) return f_low < g_low ? -1 : 1;
    return f_sum < g_sum ? -1 : f_sum > g_sum;
}

// A line that touches itself names a face twice.
static size_t unique(ct_flood_face *faces, size_t n) {
    size_t kept = 0;
    qsort(faces, n, sizeof *faces, by_cells);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || by_cells(&faces[kept - 1], &faces[i]) != 0) faces[kept++] = faces[i];
    return kept;
}

static ct_err read_section(ct_flood_case *c, size_t index, const json_t *json) {
    static const char *const allowed[] = {"name", "line", NULL};
    ct_case__section *section = &c->sections[index];
    const char *name;
    ct_geom line;
    CT_TRY(ct_json_only(json, allowed, "section"));
    CT_TRY(ct_json_get_string(&name, json, "name", "section"));
    if (!ct_case__name_ok(name)) return ct_fail(CT_PARSE, "name: \"%.80s\" is no name", name);
    for (size_t i = 0; i < index; i++)
        if (strcmp(c->sections[i].name, name) == 0)
            return ct_fail(CT_EXISTS, "name: \"%.60s\" is that of a section before", name);
    CT_TRY(
        ct_geom_from_geojson(&line, c->arena, json_object_get(json, "line"), CT_CASE__MAX_CORNERS));
    if (line.type != CT_GEOM_LINESTRING && line.type != CT_GEOM_MULTILINESTRING)
        return ct_fail(CT_PARSE, "line: not a LineString");
    gathering g = {.c = c, .line = &line};
    ct_grid_visit_line_edges(&c->shape, &line, take_face, &g);
    if (g.count == 0) return ct_fail(CT_RANGE, "line: it parts no two cells of the grid");
    g.faces = ct_arena_alloc(c->arena, g.count * sizeof *g.faces);
    section->name = ct_arena_strdup(c->arena, name);
    if (!g.faces || !section->name) return CT_NOMEM;
    g.count = 0;
    ct_grid_visit_line_edges(&c->shape, &line, take_face, &g);
    section->faces = g.faces;
    section->count = unique(g.faces, g.count);
    return CT_OK;
}

ct_err ct_case__sections_read(ct_flood_case *c, const json_t *list) {
    const size_t n = json_array_size(list);
    if (!list) return CT_OK;
    if (!json_is_array(list)) return ct_fail(CT_PARSE, "sections: not a list");
    if (n > MAX_SECTIONS) return ct_fail(CT_LIMIT, "sections: more than %d", MAX_SECTIONS);
    c->sections = ct_arena_calloc(c->arena, n ? n : 1, sizeof *c->sections);
    if (!c->sections) return CT_NOMEM;
    for (size_t i = 0; i < n; i++) {
        CT_TRY(ct_context(read_section(c, i, json_array_get(list, i)), "sections[%zu]", i));
        c->n_sections = i + 1;
    }
    return CT_OK;
}

ct_err ct_case__sections_keep(ct_flood_case *c, const ct_flood *flood, size_t time) {
    for (size_t i = 0; i < c->n_sections; i++) {
        const ct_case__section *s = &c->sections[i];
        CT_TRY(ct_flood_discharge(flood, s->faces, s->count, &c->passed[time * c->n_sections + i]));
    }
    return CT_OK;
}
