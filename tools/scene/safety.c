// Along the streets and in buildings: hydrants, fire equipment, cameras' posts are elsewhere;
// lamps, trees, covers, benches and signs.
#include <math.h>

#include "town.h"

typedef void stop_fn(sc_town *town, sc_point at, const char *street, int number);

typedef struct stride {  // how a street is walked
    double spacing, gap; // metres: from stop to stop, from the crossings
    double kerb;         // metres beside the carriageway
    bool both;           // sides
    stop_fn *stop;
} stride;

// One piece of a street, from crossing a to crossing b; numbers go on over the street's pieces.
static void along_piece(sc_town *town, const stride *s, double carriageway_m, sc_point a,
                        sc_point b, const char *street, int *number) {
    double length = sc_distance(a, b), run = length - 2 * s->gap, off = carriageway_m / 2 + s->kerb;
    int n = (int)ceil(run / s->spacing);
    for (int i = 0; i <= n; i++) {
        double t = (s->gap + run * i / n) / length;
        for (int side = 0; side < (s->both ? 2 : 1); side++) {
            double d = side ? -off : off;
            s->stop(town,
                    (sc_point){a.x + (b.x - a.x) * t + (b.y - a.y) / length * d,
                               a.y + (b.y - a.y) * t - (b.x - a.x) / length * d},
                    street, ++*number);
        }
    }
}

// Calls `stop` at even steps along each piece of every street.
static void along_streets(sc_town *town, double spacing, double gap, double kerb, bool both,
                          stop_fn *stop) {
    const sc_plan *plan = town->plan;
    const stride how = {spacing, gap, kerb, both, stop};
    for (int upright = 0; upright < 2; upright++) {
        int streets = upright ? plan->n_columns : plan->n_rows,
            pieces = (upright ? plan->n_rows : plan->n_columns) - 1;
        for (int s = 0; s < streets; s++) {
            const sc_axis *axis = upright ? sc_plan_column(plan, s) : &plan->params->rows[s];
            char name[16];
            int number = 0;
            snprintf(name, sizeof name, upright ? "c%02d" : "r%d", s);
            for (int k = 0; k < pieces; k++) {
                sc_point a = upright ? sc_plan_node(plan, s, k) : sc_plan_node(plan, k, s);
                sc_point b = upright ? sc_plan_node(plan, s, k + 1) : sc_plan_node(plan, k + 1, s);
                along_piece(town, &how, axis->carriageway_m, a, b, name, &number);
            }
        }
    }
}

static bool near_lane(const sc_town *town, sc_point at, double reach) {
    for (size_t k = 0; k < town->n_joins; k++) {
        double dx = town->joins[k].at.x - at.x, dy = town->joins[k].at.y - at.y;
        if (fabs(town->joins[k].on_column ? dy : dx) < reach && hypot(dx, dy) < 30) return true;
    }
    return false;
}

static void add_hydrant(sc_town *town, sc_point at, const char *street, int number) {
    sc_world *w = town->world;
    uint64_t entity = (uint64_t)(at.x * 10) * 1000003u + (uint64_t)(at.y * 10);
    ct_feature *f = sc_add(w, "hydrant", "hyd-%s-%02d", street, number);
    sc_text(w, f, "kind", "pillar");
    sc_number(w, f, "flow_m3s", 0.015); // GB 50974: 10 to 15 L/s each
    sc_number(w, f, "pressure_pa",
              round(sc_range(w, entity, SC_DRAW_PRESSURE, 160000, 260000) / 100) * 100);
    sc_text(w, f, "name", "Hydrant %s-%02d", street, number);
    sc_text(w, f, "name_zh", "消火栓%s-%02d", street, number);
    sc_set_point(w, f, at, 0);
}

static void add_component(sc_town *town, const char *kind, sc_point at, const char *id,
                          int number) {
    static const char *const condition[] = {"good", "worn", "damaged"};
    sc_world *w = town->world;
    uint64_t entity = sc_world_layer(w, "component")->count;
    double u = sc_unit(w, entity, SC_DRAW_CONDITION);
    ct_feature *f = sc_add(w, "component", "%s-%03d", id, number);
    sc_text(w, f, "kind", "%s", kind);
    sc_text(w, f, "condition", "%s", condition[u < 0.9 ? 0 : u < 0.985 ? 1 : 2]);
    sc_set_point(w, f, at, 0);
}

static void add_lamp(sc_town *town, sc_point at, const char *street, int number) {
    char id[32];
    snprintf(id, sizeof id, "lamp-%s", street);
    if (!near_lane(town, at, 4)) add_component(town, "lamp", at, id, number);
}

static void add_tree(sc_town *town, sc_point at, const char *street, int number) {
    char id[32];
    snprintf(id, sizeof id, "tree-%s", street);
    if (!near_lane(town, at, 6)) add_component(town, "tree", at, id, number);
}

static void add_bin(sc_town *town, sc_point at, const char *street, int number) {
    char id[32];
    snprintf(id, sizeof id, "bin-%s", street);
    if (!near_lane(town, at, 5)) add_component(town, "waste_bin", at, id, number);
}

static void add_covers(sc_town *town) {
    const sc_layer *nodes = sc_world_layer(town->world, "drain_node");
    const sc_params *p = town->world->params;
    for (size_t k = 0; k < nodes->count; k++) {
        const ct_feature *n = &nodes->items[k];
        if (ct_feature_text(n, "kind", "")[0] != 'm') continue;
        char id[48];
        snprintf(id, sizeof id, "cover-%s", n->id + 3);
        add_component(town, "manhole_cover",
                      (sc_point){n->geom.xyz[0] - p->east_m, n->geom.xyz[1] - p->north_m}, id, 1);
    }
}

// An indoor hydrant a storey in high buildings, an extinguisher in each hall of the others.
static void equip(sc_town *town, const sc_building *b) {
    sc_world *w = town->world;
    bool high = b->height_m > 27;
    if (!b->n_entrances) return;
    for (int level = 0; level < (high ? b->storeys : 1); level++) {
        ct_feature *f = sc_add(w, "fire_equipment", "fire-%s-%02d", b->id + 5, level);
        sc_text(w, f, "kind", high ? "indoor_hydrant" : "extinguisher");
        sc_text(w, f, "building", "%s", b->id);
        sc_number(w, f, "storey_level", level);
        // beside the way in
        sc_point at = {b->entrance[0].x - b->out_x * 2 - b->out_y * 1.7,
                       b->entrance[0].y - b->out_y * 2 + b->out_x * 1.7};
        sc_set_point(w, f, at, 0);
    }
    if (!high) return;
    ct_feature *f = sc_add(w, "fire_equipment", "fire-%s-adapter", b->id + 5);
    sc_text(w, f, "kind", "pump_adapter");
    sc_text(w, f, "building", "%s", b->id);
    sc_number(w, f, "storey_level", 0);
    sc_set_point(w, f,
                 (sc_point){b->entrance[0].x + b->out_x * 1.5 + 3 * b->out_y,
                            b->entrance[0].y + b->out_y * 1.5 - 3 * b->out_x},
                 0);
}

static void furnish(sc_town *town, const sc_block *b) {
    bool open = b->programme->kind == SC_PARK || b->programme->kind == SC_PLAZA ||
                b->programme->kind == SC_SPORTS;
    char id[32];
    for (int k = 0; open && k < 24; k++) {
        uint64_t entity = (uint64_t)b->index * 64 + (uint64_t)k;
        double across = b->frame.width * (k + 0.5) / 24;
        snprintf(id, sizeof id, "bench-%02d%d", b->column, b->row);
        double along = sc_range(town->world, entity, SC_DRAW_PLACE, 6, 9);
        add_component(town, "bench",
                      sc_at(&b->frame, across, k % 2 ? along : b->frame.depth - along), id, k + 1);
    }
}

void sc_lay_safety(sc_town *town) {
    along_streets(town, town->world->params->hydrant_spacing_m, 14, 1.0, false, add_hydrant);
    along_streets(town, 32, 20, 0.7, true, add_lamp);
    along_streets(town, 12, 26, 1.4, true, add_tree);
    along_streets(town, 90, 22, 1.8, false, add_bin);
    add_covers(town);
    for (size_t k = 0; k < town->n_buildings; k++) equip(town, &town->buildings[k]);
    for (int k = 0; k < town->plan->n_blocks; k++) furnish(town, &town->plan->blocks[k]);
    for (size_t k = 0; k < town->n_gates; k++)
        add_component(town, "sign",
                      (sc_point){town->gates[k].at.x + 2.5, town->gates[k].at.y + 2.5},
                      town->gates[k].id, 1);
}
