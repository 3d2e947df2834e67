// Sections of a case: lines across which the discharge is told.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/cases/case_private.h"

#define MAX_SECTIONS 1000

// A face as the line passes it, once.
typedef struct passed {
    size_t a, b; // its cells, a < b
    int sense;   // 1: from a to b is to the left
} passed;

typedef struct gathering {
    const ct_grid *shape;
    passed *faces; // NULL = they are only counted
    size_t count;
} gathering;

static void take_face(void *context, uint32_t row, uint32_t column, int side, int sense) {
    gathering *g = context;
    const size_t nx = g->shape->nx, a = (size_t)row * nx + column;
    if (g->faces) g->faces[g->count] = (passed){a, side == 0 ? a + 1 : a + nx, sense};
    g->count++;
}

static int by_cells(const void *a, const void *b) {
    const passed *f = a, *g = b;
    if (f->a != g->a) return f->a < g->a ? -1 : 1;
    return f->b < g->b ? -1 : f->b > g->b;
}

// What a line passes back and forth cancels; what it passes twice the same way counts twice.
static size_t add_up(ct_flood_face *out, passed *faces, size_t n) {
    size_t kept = 0;
    qsort(faces, n, sizeof *faces, by_cells);
    for (size_t i = 0, next; i < n; i = next) {
        int sum = 0;
        for (next = i; next < n && by_cells(&faces[i], &faces[next]) == 0; next++)
            sum += faces[next].sense;
        for (int k = 0; k < abs(sum); k++) {
            out[kept++] = sum > 0 ? (ct_flood_face){faces[i].a, faces[i].b}
                                  : (ct_flood_face){faces[i].b, faces[i].a};
        }
    }
    return kept;
}

// The faces that a line runs along. CT_RANGE where there are none.
static ct_err gather(ct_case__section *section, ct_flood_case *c, const ct_geom *line) {
    gathering g = {.shape = &c->shape};
    ct_grid_visit_line_edges(&c->shape, line, take_face, &g);
    const size_t n = g.count;
    ct_flood_face *faces = ct_arena_alloc(c->arena, (n + 1) * sizeof *faces);
    g.faces = ct_alloc((n + 1) * sizeof *g.faces);
    if (!faces || !g.faces) {
        ct_free(g.faces);
        return CT_NOMEM;
    }
    g.count = 0;
    ct_grid_visit_line_edges(&c->shape, line, take_face, &g);
    section->faces = faces;
    section->count = add_up(faces, g.faces, n);
    ct_free(g.faces);
    return section->count ? CT_OK : ct_fail(CT_RANGE, "line: it parts no two cells of the grid");
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
    section->name = ct_arena_strdup(c->arena, name);
    return section->name ? gather(section, c, &line) : CT_NOMEM;
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
