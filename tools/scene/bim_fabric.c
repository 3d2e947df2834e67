// What a storey is built of: walls with their layers, railings, slabs with their holes.
#include <string.h>

#include "bim_write.h"

static const char *const names[FP_WALL_KINDS] = {
    "Exterior wall", "Core wall", "Party wall", "Balcony wall", "Partition", "Parapet", "Railing"};
static const double k_railing_m = 1.1, k_parapet_m = 1.2;

static void wall_kind(bim_work *w, fp_wall_kind k) {
    static const bim_layer layers[FP_WALL_KINDS][3] = {
        {{"Mineral wool", "insulation", 0.05}, {"Reinforced concrete C30", "concrete", 0.2}},
        {{"Reinforced concrete C30", "concrete", 0.2}},
        {{"Autoclaved aerated concrete", "block", 0.2}},
        {{"Autoclaved aerated concrete", "block", 0.2}},
        {{"Autoclaved aerated concrete", "block", 0.1}},
        {{"Reinforced concrete C30", "concrete", 0.15}},
        {{"Laminated glass", "glass", 0.06}}};
    static const char *const ratings[FP_WALL_KINDS] = {"180 min", "180 min", "120 min", "60 min",
                                                       "60 min",  NULL,      NULL};
    if (w->wall_type[k]) return;
    bim *b = &w->b;
    const bool external = k == FP_WALL_EXTERIOR || k == FP_PARAPET || k == FP_RAILING;
    bim_value v[8] = {
        {"Reference", "IFCIDENTIFIER", names[k], 0},
        {"IsExternal", "IFCBOOLEAN", NULL, external || k == FP_WALL_BALCONY},
        {"LoadBearing", "IFCBOOLEAN", NULL, k <= FP_WALL_CORE},
        {"Combustible", "IFCBOOLEAN", NULL, 0},
        {"Compartmentation", "IFCBOOLEAN", NULL, k == FP_WALL_CORE || k == FP_WALL_PARTY}};
    size_t n = 5;
    if (ratings[k]) v[n++] = (bim_value){"FireRating", "IFCLABEL", ratings[k], 0};
    const char *type_guid = bim_guid(b, "type/wall/%d", (int)k);
    if (k == FP_RAILING) {
        w->wall_type[k] = ct_stepw_put(b->w, "IFCRAILINGTYPE", "srs$$$$$se", type_guid, b->owner,
                                       "Glass railing, 1.1 m", NULL, "GUARDRAIL");
        w->wall_set[k] = bim_set(b, "Pset_RailingCommon", v, 2);
        w->wall_layers[k] = bim_material(b, "Laminated glass", "glass");
        bim_link_to(b, BIM_MATERIAL, w->wall_layers[k], w->wall_type[k]);
        return;
    }
    w->wall_type[k] = ct_stepw_put(b->w, "IFCWALLTYPE", "srs$$$$$se", type_guid, b->owner, names[k],
                                   NULL, k == FP_PARAPET ? "PARAPET" : "SOLIDWALL");
    const ct_step_id set = bim_layers(b, names[k], layers[k], k == FP_WALL_EXTERIOR ? 2 : 1);
    bim_link_to(b, BIM_MATERIAL, set, w->wall_type[k]);
    w->wall_layers[k] = ct_stepw_put(b->w, "IFCMATERIALLAYERSETUSAGE", "reef$", set, "AXIS2",
                                     "POSITIVE", -fp_thickness_m(k) / 2);
    w->wall_set[k] = bim_set(b, "Pset_WallCommon", v, n);
}

// Along x from its lower end on the middle line; made once for all storeys of the plan.
static void sketch_wall(bim_work *w, const bim_story *s, int i) {
    bim_sketch *k = bim_sketch_of(w, s);
    const fp_wall *f = &bim_plan_of(w, s)->walls[i];
    bim *b = &w->b;
    if (k->wall_shape[i]) return;
    const double dx = (f->box.x1 - f->box.x0) / 1000.0, dy = (f->box.y1 - f->box.y0) / 1000.0;
    const double length = f->upright ? dy : dx, thick = f->upright ? dx : dy;
    const double height = f->kind == FP_RAILING   ? k_railing_m
                          : f->kind == FP_PARAPET ? k_parapet_m
                                                  : bim_clear_m(w, s);
    const ct_step_id solid = bim_style(b, bim_box(b, 0, -thick / 2, length, thick / 2, 0, height),
                                       f->kind == FP_RAILING         ? BIM_GLASS
                                       : f->kind == FP_WALL_EXTERIOR ? BIM_RENDER
                                       : f->kind == FP_WALL_CORE     ? BIM_CONCRETE
                                                                     : BIM_PLASTER);
    const ct_step_id body = bim_body(b, &solid, 1);
    k->wall_shape[i] = bim_shape(b, body, f->kind == FP_RAILING ? 0 : bim_axis(b, length));
    const double x = f->upright ? (f->box.x0 + f->box.x1) / 2000.0 : f->box.x0 / 1000.0;
    const double y = f->upright ? f->box.y0 / 1000.0 : (f->box.y0 + f->box.y1) / 2000.0;
    k->wall_frame[i] = bim_frame(b, x, y, 0, f->upright);
    const bim_value q[] = {{"Length", "IFCQUANTITYLENGTH", NULL, length},
                           {"Width", "IFCQUANTITYLENGTH", NULL, thick},
                           {"Height", "IFCQUANTITYLENGTH", NULL, height},
                           {"GrossSideArea", "IFCQUANTITYAREA", NULL, length * height},
                           {"GrossVolume", "IFCQUANTITYVOLUME", NULL, length * thick * height}};
    k->wall_sizes[i] = bim_quantities(
        b, f->kind == FP_RAILING ? "Qto_RailingBaseQuantities" : "Qto_WallBaseQuantities", q,
        f->kind == FP_RAILING ? 1 : BIM_COUNT(q));
}

void bim_put_walls(bim_work *w, bim_story *s) {
    const fp_plan *p = bim_plan_of(w, s);
    const bim_sketch *k = bim_sketch_of(w, s);
    bim *b = &w->b;
    for (int i = 0; i < p->n_walls; i++) {
        const fp_wall *f = &p->walls[i];
        char name[48];
        wall_kind(w, f->kind);
        sketch_wall(w, s, i);
        (void)snprintf(name, sizeof name, "%s %03d", names[f->kind], i + 1);
        const ct_step_id at = bim_put_at(b, s->place, k->wall_frame[i]);
        const char *guid = bim_guid(b, "%d/wall/%d", s->level, i);
        s->walls[i] = ct_stepw_put(b->w, f->kind == FP_RAILING ? "IFCRAILING" : "IFCWALL",
                                   "srs$$rr$e", guid, b->owner, name, at, k->wall_shape[i],
                                   f->kind == FP_RAILING   ? "GUARDRAIL"
                                   : f->kind == FP_PARAPET ? "PARAPET"
                                                           : "SOLIDWALL");
        bim_link_to(b, BIM_CONTAINED, s->id, s->walls[i]);
        bim_link_to(b, BIM_TYPE, w->wall_type[f->kind], s->walls[i]);
        bim_link_to(b, BIM_SET, w->wall_set[f->kind], s->walls[i]);
        bim_link_to(b, BIM_SET, k->wall_sizes[i], s->walls[i]);
        if (f->kind != FP_RAILING)
            bim_link_to(b, BIM_MATERIAL, w->wall_layers[f->kind], s->walls[i]);
    }
}

// ---- slabs --------------------------------------------------------------------------------------

// Corners of the building's footprint in its own axes.
static int outline(bim_xy *at, const sc_building *b) {
    for (int i = 0; i < b->ring.n; i++) {
        const double dx = b->ring.at[i].x - b->centre.x, dy = b->ring.at[i].y - b->centre.y;
        at[i] = (bim_xy){round((b->out_y * dx - b->out_x * dy) * 1000) / 1000,
                         round((b->out_x * dx + b->out_y * dy) * 1000) / 1000};
    }
    return b->ring.n;
}

static void slab_kind(bim_work *w) {
    static const bim_layer layers[] = {{"Cement screed", "screed", 0.03},
                                       {"Reinforced concrete C30", "concrete", 0.12}};
    bim *b = &w->b;
    if (w->slab_type) return;
    w->slab_type = ct_stepw_put(b->w, "IFCSLABTYPE", "srs$$$$$se", bim_guid(b, "type/slab"),
                                b->owner, "Floor slab", NULL, "FLOOR");
    const ct_step_id set = bim_layers(b, "Floor slab", layers, BIM_COUNT(layers));
    bim_link_to(b, BIM_MATERIAL, set, w->slab_type);
    w->slab_layers = ct_stepw_put(b->w, "IFCMATERIALLAYERSETUSAGE", "reef$", set, "AXIS3",
                                  "NEGATIVE", w->h->slab_m);
    const bim_value v[] = {
        {"Reference", "IFCIDENTIFIER", "Floor slab", 0}, {"IsExternal", "IFCBOOLEAN", NULL, 0},
        {"LoadBearing", "IFCBOOLEAN", NULL, 1},          {"Combustible", "IFCBOOLEAN", NULL, 0},
        {"Compartmentation", "IFCBOOLEAN", NULL, 1},     {"FireRating", "IFCLABEL", "90 min", 0}};
    w->slab_set = bim_set(b, "Pset_SlabCommon", v, BIM_COUNT(v));
}

static void hatch(bim_work *w, const bim_story *s, const char *what, const bim_xy *a,
                  const bim_xy *c, int number) {
    bim *b = &w->b;
    const double x0 = fmin(a->x, c->x), x1 = fmax(a->x, c->x), y0 = fmin(a->y, c->y),
                 y1 = fmax(a->y, c->y), deep = w->h->slab_m;
    const ct_step_id solid = bim_box(b, x0, y0, x1, y1, -0.05, deep + 0.05);
    const ct_step_id shape = bim_shape(b, bim_body(b, &solid, 1), 0);
    const ct_step_id place = bim_put_at(b, s->place, bim_frame(b, 0, 0, -deep, 0));
    char name[64];
    (void)snprintf(name, sizeof name, "Slab opening, %s", what);
    const ct_step_id id = ct_stepw_put(b->w, "IFCOPENINGELEMENT", "srs$$rr$e",
                                       bim_guid(b, "%d/hatch/%d", s->level, number), b->owner, name,
                                       place, shape, "OPENING");
    ct_stepw_put(b->w, "IFCRELVOIDSELEMENT", "sr$$rr", bim_guid(b, "%d/void/%d", s->level, number),
                 b->owner, s->slab, id);
}

// Holes for what comes up from the storey below: flights, lifts, shafts.
static void hatches(bim_work *w, const bim_story *s, const bim_story *below) {
    const bim_house *h = w->h;
    int number = 0;
    for (int k = 0; k < h->n_stairs; k++) {
        const bim_run r = bim_run_of(h, &h->stairs[k], below->kind, below->height_m);
        const bim_xy a = bim_run_at(&r, r.landing, 0), c = bim_run_at(&r, r.length, r.width);
        if (r.risers) hatch(w, s, h->stairs[k].room, &a, &c, number++);
    }
    const fp_plan *p = h->plans[below->kind];
    for (int i = 0; s->kind != BIM_ROOF && i < p->n_rooms; i++) {
        const fp_room *room = &p->rooms[i];
        const bool lift = strcmp(room->use, "lift_shaft") == 0,
                   shaft = strcmp(room->use, "service_shaft") == 0;
        if (!lift && !shaft) continue;
        // a shaft's hole leaves a strip to stand on behind its door
        const double in = shaft ? 0.8 : 0;
        const bool east = room->box.x0 > 0;
        const bim_xy a = {room->box.x0 / 1000.0 + (east ? in : 0), room->box.y0 / 1000.0},
                     c = {room->box.x1 / 1000.0 - (east ? 0 : in), room->box.y1 / 1000.0};
        hatch(w, s, room->key, &a, &c, number++);
    }
}

void bim_put_slab(bim_work *w, bim_story *s) {
    bim *b = &w->b;
    bim_xy at[SC_MAX_CORNERS];
    bim_sketch *k = bim_sketch_of(w, s);
    const int n = outline(at, w->h->building);
    const bool base = s == w->storeys, roof = s->kind == BIM_ROOF;
    const double deep = base ? 0.6 : w->h->slab_m;
    const double area = w->h->building->footprint_m2;
    slab_kind(w);
    if (!k->slab_shape || base) {
        const ct_step_id solid = bim_style(b, bim_prism(b, at, n, 0, deep), BIM_CONCRETE);
        const ct_step_id shape = bim_shape(b, bim_body(b, &solid, 1), 0);
        if (!base) k->slab_shape = shape;
        s->slab = shape; // for the moment
    } else {
        s->slab = k->slab_shape;
    }
    const ct_step_id place = bim_put_at(b, s->place, bim_frame(b, 0, 0, -deep, 0));
    s->slab = ct_stepw_put(b->w, "IFCSLAB", "srs$$rr$e", bim_guid(b, "%d/slab", s->level), b->owner,
                           base   ? "Base slab"
                           : roof ? "Roof slab"
                                  : "Floor slab",
                           place, s->slab,
                           base   ? "BASESLAB"
                           : roof ? "ROOF"
                                  : "FLOOR");
    const bim_value q[] = {{"Width", "IFCQUANTITYLENGTH", NULL, deep},
                           {"GrossArea", "IFCQUANTITYAREA", NULL, area},
                           {"GrossVolume", "IFCQUANTITYVOLUME", NULL, area * deep}};
    bim_link_to(b, BIM_SET, bim_quantities(b, "Qto_SlabBaseQuantities", q, BIM_COUNT(q)), s->slab);
    bim_link_to(b, BIM_SET, w->slab_set, s->slab);
    bim_link_to(b, BIM_CONTAINED, s->id, s->slab);
    if (!base) {
        bim_link_to(b, BIM_TYPE, w->slab_type, s->slab);
        bim_link_to(b, BIM_MATERIAL, w->slab_layers, s->slab);
        hatches(w, s, s - 1);
    } else {
        bim_link_to(b, BIM_MATERIAL, bim_material(b, "Reinforced concrete C35", "concrete"),
                    s->slab);
    }
}
