// [COORDINATES] and [VERTICES]: where nodes lie and how links run, in map units.
#include <math.h>

#include "base/mem.h"
#include "sim/swmm/reader.h"

static ct_err read_place(ct_swmm_place *out, ct_swmm__reader *r, const ct_swmm_line *line) {
    CT_TRY(ct_swmm__number(&out->x, r, line, 1, "x coordinate"));
    return ct_swmm__number(&out->y, r, line, 2, "y coordinate");
}

static ct_err read_coordinates(ct_swmm__reader *r) {
    const ct_swmm_line *line;
    for (size_t at = 0; (line = ct_swmm__next(r, CT_SWMM_COORDINATES, &at));) {
        uint32_t node;
        if (ct_swmm_find_node(&node, r->net, line->words[0]))
            CT_TRY(read_place(&r->net->nodes[node].place, r, line));
        else
            ct_swmm__find(r, line, "swmm-place", "there is no node \"%.60s\"", line->words[0]);
    }
    return CT_OK;
}

// Twice over the lines: counting, then filling.
static ct_err read_vertices(ct_swmm__reader *r, bool fill) {
    const ct_swmm_line *line;
    for (size_t at = 0; (line = ct_swmm__next(r, CT_SWMM_VERTICES, &at));) {
        ct_swmm_link_kind kind;
        uint32_t index;
        if (!ct_swmm_find_link(&kind, &index, r->net, line->words[0])) {
            if (fill)
                ct_swmm__find(r, line, "swmm-place", "there is no link \"%.60s\"", line->words[0]);
            continue;
        }
        ct_swmm_link *link = &r->net->links[kind][index];
        if (fill) {
            ct_swmm_place *places = (ct_swmm_place *)link->vertices;
            CT_TRY(read_place(&places[link->vertex_count], r, line));
        }
        link->vertex_count++;
    }
    return CT_OK;
}

static ct_err make_room(ct_swmm__reader *r) {
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++) {
        for (size_t i = 0, n = ct_swmm_link_count(r->net, (ct_swmm_link_kind)k); i < n; i++) {
            ct_swmm_link *link = &r->net->links[k][i];
            if (link->vertex_count == 0) continue;
            link->vertices = ct_arena_calloc(r->arena, link->vertex_count, sizeof *link->vertices);
            if (!link->vertices) return CT_NOMEM;
            link->vertex_count = 0;
        }
    }
    return CT_OK;
}

ct_err ct_swmm__read_places(ct_swmm__reader *r) {
    CT_TRY(read_coordinates(r));
    CT_TRY(read_vertices(r, false));
    CT_TRY(make_room(r));
    return read_vertices(r, true);
}
