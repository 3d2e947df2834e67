// Helpers of the public blocks, and which block is laid by which function.
#include "campus.h"

#include <math.h>

#include "base/mem.h"

sc_building *sc_stand(sc_yard *y, const sc_design *d, double p, double q, sc_facing face,
                      double target) {
    sc_building *b = sc_build(y->town, y->block, d, p, q, face);
    double half = d->depth_m / 2 + (d->form == SC_FORM_SLAB ? 1.2 : 0), reach = 0;
    switch (face) {
    case SC_FACE_NORTH: reach = target - (q + half); break;
    case SC_FACE_SOUTH: reach = q - half - target; break;
    case SC_FACE_EAST: reach = target - (p + half); break;
    case SC_FACE_WEST: reach = p - half - target; break;
    }
    sc_yard_doors(y, b, reach);
    return b;
}

void sc_campus_open(sc_yard *y, double share) {
    double w = y->width, d = y->depth, in = SC_CAMPUS_WALK_M;
    const sc_way_in ways[4] = {{.side = SC_SOUTH, .along = w * share, .path_from = in},
                               {.side = SC_EAST, .along = d * share, .path_from = w - in},
                               {.side = SC_NORTH, .along = w * share, .path_from = d - in},
                               {.side = SC_WEST, .along = d * share, .path_from = in}};
    for (int k = 0; k < 4; k++) sc_yard_way_in(y, &ways[k]);
}

void sc_campus_enclose(sc_yard *y, double p0, double q0, double p1, double q1, double gate_p,
                       const char *en, const char *zh) {
    sc_world *w = y->town->world;
    const sc_frame *f = &y->frame;
    const double gap = 1.5;
    sc_point at[6] = {sc_at(f, gate_p - gap, q1), sc_at(f, p0, q1), sc_at(f, p0, q0),
                      sc_at(f, p1, q0),           sc_at(f, p1, q1), sc_at(f, gate_p + gap, q1)};
    ct_feature *fence = sc_add(w, "barrier", "fence-%02d%d-a", y->block->column, y->block->row);
    sc_text(w, fence, "kind", "fence");
    sc_number(w, fence, "height_m", 1.8);
    sc_number(w, fence, "permeable", 1);
    sc_text(w, fence, "name", "%s, railing", en);
    sc_text(w, fence, "name_zh", "%s围栏", zh);
    sc_set_line(w, fence, at, 6, 0);
    sc_gate *g = sc_town_new_gate(y->town);
    if (!g) return;
    snprintf(g->id, sizeof g->id, "gate-%02d%d-%d", y->block->column, y->block->row, ++y->n_gates);
    g->block = y->block->index;
    g->at = sc_at(f, gate_p, q1);
    g->heading_deg = fmod(360 - atan2(f->sine, f->cosine) * 57.29577951308232, 360);
    ct_feature *gate = sc_add(w, "gate", "%s", g->id);
    sc_text(w, gate, "kind", "pedestrian");
    sc_number(w, gate, "width_m", 2 * gap);
    sc_number(w, gate, "open", 1);
    sc_number(w, gate, "heading_deg", g->heading_deg);
    sc_text(w, gate, "name", "%s, gate", en);
    sc_text(w, gate, "name_zh", "%s大门", zh);
    sc_set_point(w, gate, g->at, 0);
}

static void (*const LAY[SC_BLOCK_KINDS])(sc_yard *) = {
    [SC_SCHOOL] = sc_lay_school,         [SC_KINDERGARTEN] = sc_lay_kindergarten,
    [SC_HEALTH] = sc_lay_health,         [SC_MARKET] = sc_lay_market,
    [SC_PLAZA] = sc_lay_plaza,           [SC_OFFICE] = sc_lay_office,
    [SC_COMMERCIAL] = sc_lay_commercial, [SC_PARK] = sc_lay_park,
    [SC_SPORTS] = sc_lay_sports,
};

void sc_lay_public(sc_town *town, const sc_block *block) {
    sc_yard *yard = ct_alloc(sizeof *yard);
    if (!yard) {
        sc_world_stick(town->world, CT_NOMEM);
        return;
    }
    sc_yard_open(yard, town, block);
    LAY[block->programme->kind](yard);
    bool fenced = block->programme->kind == SC_SCHOOL || block->programme->kind == SC_HEALTH;
    sc_yard_close(yard, fenced ? SC_FENCE_RAILING : SC_FENCE_NONE);
    ct_free(yard);
}
