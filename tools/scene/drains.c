// The storm sewers: mains along the streets laid to fall towards the river, manholes, inlets,
// outfalls, and the pumped sump of the underpass. Pipes are sized by the rational method for full
// flow (Manning).
#include <math.h>

#include "base/mem.h"
#include "town.h"

#define MANNING_N  0.013
#define NODE_GAP_M 18.0 // no manhole nearer to a crossing, but the one in it
#define INLET_M    0.9  // depth of an inlet
#define ROW_SIDE_M 3.0  // mains lie beside the centreline

typedef struct node {
    char id[64];
    const char *kind;
    sc_point at;
    double ground_m, invert_m, area_m2,
        width_m;               // area drained to here; section of the pipe that leaves
    double kerb_m, off_m;      // inlets on both kerbs, half a carriageway from the centreline (0 =
                               // none), which lies
    double across_x, across_y; // off_m from the node against the direction across the street
    int next;                  // downstream; -1 at an outfall
    bool silted;               // the pipe that leaves has sediment
} node;

typedef struct net {
    sc_town *town;
    node *nodes;
    int n, cap;
    int *crossing; // node in the crossing [column * n_rows + row]
} net;

static const double DIAMETERS[] = {0.3, 0.4,  0.5, 0.6, 0.8, 1.0, 1.2, 1.35,
                                   1.5, 1.65, 1.8, 2.0, 2.2, 2.4, 2.6, 3.0};

static int add_node(net *s, const char *kind, sc_point at) {
    if (sc_world_status(s->town->world) != CT_OK) return 0;
    if (s->n == s->cap) {
        sc_world_stick(s->town->world, ct_fail(CT_LIMIT, "more than %d drain nodes", s->cap));
        return 0;
    }
    s->nodes[s->n] =
        (node){.kind = kind, .at = at, .ground_m = sc_ground_z(s->town->ground, at), .next = -1};
    return s->n++;
}

// How far the main of a column's street lies east of its centreline: beside the trough where there
// is one.
static double column_side(const sc_plan *plan, int column) {
    const sc_params *p = plan->params;
    return sc_plan_is_underpass(plan, column) ? p->underpass.width_m / 2 + 2.5 : ROW_SIDE_M;
}

static sc_point crossing_point(const sc_plan *plan, int column, int row) {
    sc_point at = sc_plan_node(plan, column, row);
    at.x += column_side(plan, column);
    at.y += ROW_SIDE_M;
    return at;
}

// Land that drains to the streets around a block, a quarter to each.
static double quarter_area(const sc_plan *plan, int column, int row) {
    if (column < 0 || row < 0 || column >= plan->n_columns - 1 || row >= plan->n_rows - 1) return 0;
    const sc_block *b = &plan->blocks[column * (plan->n_rows - 1) + row];
    sc_ring ring = {.n = 4, .at = {b->corner[0], b->corner[1], b->corner[2], b->corner[3]}};
    return sc_ring_area(&ring) / 4;
}

// Manholes between crossings a and b, chained so that those before `split` run to a and the others
// to b.
static void lay_segment(net *s, int a, int b, const char *name, double area_m2, const sc_axis *axis,
                        double off_m, double split) {
    const sc_params *p = s->town->world->params;
    sc_point from = s->nodes[a].at, to = s->nodes[b].at;
    double length = sc_distance(from, to);
    int count = (int)floor((length - 2 * NODE_GAP_M) / p->manhole_spacing_m) + 1, before = a;
    if (count < 1) count = 1;
    double step = (length - 2 * NODE_GAP_M) / (count > 1 ? count - 1 : 1);
    int first = s->n;
    for (int k = 0; k < count; k++) {
        double t = count > 1 ? (NODE_GAP_M + k * step) / length : 0.5;
        int i = add_node(s, "manhole",
                         (sc_point){from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t});
        node *m = &s->nodes[i];
        snprintf(m->id, sizeof m->id, "mh-%s-%02d", name, k + 1);
        m->area_m2 = area_m2 / count;
        m->kerb_m = axis->carriageway_m / 2;
        m->off_m = off_m;
        m->across_x = (to.y - from.y) / length;
        m->across_y = -(to.x - from.x) / length;
        if (t < split) {
            m->next = before;
            before = i;
        }
    }
    int after = b;
    for (int i = s->n - 1; i >= first && s->nodes[i].next < 0; i--) {
        s->nodes[i].next = after;
        after = i;
    }
}

static void lay_outfall(net *s, int column) {
    const sc_params *p = s->town->world->params;
    sc_point at = s->nodes[s->crossing[column * s->town->plan->n_rows]].at;
    double canal_y = sc_dike_y(p, at.x) + p->dike.canal_offset_m + p->dike.canal_top_m / 2 + 3;
    int drop = add_node(s, "manhole", (sc_point){at.x, canal_y});
    snprintf(s->nodes[drop].id, sizeof s->nodes[drop].id, "mh-d%02d", column);
    int out = add_node(s, "outfall", (sc_point){at.x, sc_shore_y(p, at.x) - 4});
    snprintf(s->nodes[out].id, sizeof s->nodes[out].id, "out-%02d", column);
    s->nodes[s->crossing[column * s->town->plan->n_rows]].next = drop;
    s->nodes[drop].next = out;
}

static bool is_silted(const sc_plan *plan, int column) {
    const int first = plan->params->silted_column;
    return first >= 0 && column % sc_plan_period(plan) == first;
}

static void lay_mains(net *s) {
    const sc_plan *plan = s->town->plan;
    char name[32];
    for (int i = 0; i < plan->n_columns; i++)
        for (int j = 0; j < plan->n_rows; j++) {
            int k = add_node(s, "manhole", crossing_point(plan, i, j));
            snprintf(s->nodes[k].id, sizeof s->nodes[k].id, "mh-n%02d%d", i, j);
            s->nodes[k].silted = j > 0 && is_silted(plan, i);
            s->crossing[i * plan->n_rows + j] = k;
            if (j > 0) s->nodes[k].next = s->crossing[i * plan->n_rows + j - 1];
        }
    for (int i = 0; i < plan->n_columns; i++) {
        lay_outfall(s, i);
        for (int j = 0; j < plan->n_rows - 1; j++) {
            int low = s->crossing[i * plan->n_rows + j],
                high = s->crossing[i * plan->n_rows + j + 1];
            int first = s->n;
            snprintf(name, sizeof name, "c%02d%d", i, j);
            lay_segment(s, low, high, name, quarter_area(plan, i - 1, j) + quarter_area(plan, i, j),
                        sc_plan_column(plan, i), column_side(plan, i), 2);
            s->nodes[high].next = s->n > first ? s->n - 1 : low; // all run south
            for (int k = first; k < s->n; k++) s->nodes[k].silted = is_silted(plan, i);
        }
    }
    for (int j = 0; j < plan->n_rows; j++)
        for (int i = 0; i < plan->n_columns - 1; i++) {
            snprintf(name, sizeof name, "r%d%02d", j, i);
            lay_segment(s, s->crossing[i * plan->n_rows + j],
                        s->crossing[(i + 1) * plan->n_rows + j], name,
                        quarter_area(plan, i, j - 1) + quarter_area(plan, i, j),
                        &plan->params->rows[j], -ROW_SIDE_M, 0.5);
        }
}

// Smallest section that carries the design flow of the area at the slope (full pipe, Manning;
// rational method).
static double section_for(const sc_params *p, double area_m2, double slope) {
    double flow = p->runoff * p->storm_mm_h / 3.6e6 * area_m2;
    double wanted = pow(flow * MANNING_N / (0.3117 * sqrt(slope)), 3.0 / 8);
    const size_t n = sizeof DIAMETERS / sizeof DIAMETERS[0];
    for (size_t k = 1; k < n; k++) // mains from 400 mm
        if (DIAMETERS[k] >= wanted) return DIAMETERS[k];
    return DIAMETERS[n - 1];
}

static double least_depth(const net *s, const node *m) {
    const sc_params *p = s->town->world->params;
    if (m->next >= 0 &&
        s->nodes[m->next].next < 0) // the last manhole: its pipe passes under the canal
        return m->ground_m - (p->dike.canal_bed_m - 0.6 - m->width_m);
    return p->cover_m + m->width_m;
}

// Downstream order by repeated passes over the tree: areas, then sections and inverts, from the
// upper ends down.
static void size_net(net *s) {
    const sc_params *p = s->town->world->params;
    int *inflows = ct_calloc((size_t)s->n, sizeof *inflows),
        *order = ct_calloc((size_t)s->n, sizeof *order), n = 0;
    if (!inflows || !order) sc_world_stick(s->town->world, CT_NOMEM);
    if (inflows && order && sc_world_status(s->town->world) == CT_OK) {
        for (int i = 0; i < s->n; i++)
            if (s->nodes[i].next >= 0) inflows[s->nodes[i].next]++;
        for (int i = 0; i < s->n; i++)
            if (inflows[i] == 0) order[n++] = i;
        for (int k = 0; k < n; k++) {
            int next = s->nodes[order[k]].next;
            if (next >= 0 && --inflows[next] == 0) order[n++] = next;
        }
        for (int i = 0; i < s->n; i++) s->nodes[i].invert_m = INFINITY;
        for (int k = 0; k < n; k++) {
            node *m = &s->nodes[order[k]];
            m->width_m = fmax(m->width_m, section_for(p, m->area_m2, p->min_slope));
            if (m->next < 0) { // an outfall lies in the bank below the water
                m->invert_m = fmin(m->invert_m, m->ground_m - 0.3);
                continue;
            }
            m->invert_m = fmin(m->invert_m, m->ground_m - least_depth(s, m));
            node *to = &s->nodes[m->next];
            to->area_m2 += m->area_m2;
            to->width_m = fmax(to->width_m, m->width_m);
            to->invert_m =
                fmin(to->invert_m, m->invert_m - p->min_slope * sc_distance(m->at, to->at));
        }
    }
    ct_free(inflows);
    ct_free(order);
}

static ct_feature *write_node(sc_world *w, const char *id, const char *kind, sc_point at,
                              double ground, double invert) {
    ct_feature *f = sc_add(w, "drain_node", "%s", id);
    sc_text(w, f, "kind", "%s", kind);
    sc_number(w, f, "invert_m", invert);
    sc_number(w, f, "ground_m", ground);
    sc_number(w, f, "depth_m", ground - invert);
    sc_text(w, f, "network", "storm");
    sc_set_point(w, f, at, ground);
    return f;
}

typedef struct pipe {
    const char *from, *to;
    sc_point a, b;
    double from_m, to_m, width_m;
    double silted; // share of the height
} pipe;

static void write_pipe(sc_world *w, const pipe *t) {
    ct_feature *f = sc_add(w, "drain_link", "pipe-%s", t->from);
    const sc_point at[2] = {t->a, t->b};
    const double z[2] = {t->from_m, t->to_m};
    sc_text(w, f, "from_node", "%s", t->from);
    sc_text(w, f, "to_node", "%s", t->to);
    if (t->width_m > 2.0) {
        sc_text(w, f, "shape", "rectangular");
        sc_number(w, f, "width_m", t->width_m);
        sc_number(w, f, "height_m", t->width_m * 0.8);
    } else {
        sc_text(w, f, "shape", "circular");
        sc_number(w, f, "diameter_m", t->width_m);
    }
    sc_number(w, f, "length_m", sc_distance(t->a, t->b));
    sc_number(w, f, "from_invert_m", t->from_m);
    sc_number(w, f, "to_invert_m", t->to_m);
    sc_number(w, f, "roughness_manning", MANNING_N);
    if (t->silted > 0)
        sc_number(w, f, "sediment_m", t->silted * (t->width_m > 2.0 ? 0.8 : 1) * t->width_m);
    sc_text(w, f, "network", "storm");
    sc_set_line_z(w, f, at, z, 2);
}

// Inlet at one of the two kerbs beside the manhole.
static void write_inlet(net *s, const node *m, int side) {
    char id[80];
    double reach = (side ? -1 : 1) * (m->kerb_m - 0.4) - m->off_m;
    sc_point at = {m->at.x + m->across_x * reach, m->at.y + m->across_y * reach};
    double ground = sc_ground_z(s->town->ground, at), invert = ground - INLET_M;
    double end = fmax(m->invert_m, invert - 0.02 * fmax(1, fabs(reach)));
    if (end >= invert) invert = end + 0.05;
    snprintf(id, sizeof id, "in-%s%c", m->id + 3, side ? 'b' : 'a');
    write_node(s->town->world, id, "inlet", at, ground, invert);
    write_pipe(s->town->world, &(pipe){id, m->id, at, m->at, invert, end, 0.3, 0});
}

static void write_net(net *s) {
    for (int i = 0; i < s->n; i++) {
        const node *m = &s->nodes[i];
        write_node(s->town->world, m->id, m->kind, m->at, m->ground_m, m->invert_m);
        if (m->next >= 0) {
            const node *to = &s->nodes[m->next];
            write_pipe(s->town->world,
                       &(pipe){m->id, to->id, m->at, to->at, m->invert_m, to->invert_m, m->width_m,
                               m->silted ? s->town->world->params->silted_share : 0});
        }
        if (m->kerb_m <= 0) continue;
        write_inlet(s, m, 0);
        write_inlet(s, m, 1);
    }
}

// The underpass: a channel at its lowest point, a sump beside it, and pumps.
static void lay_sump(sc_town *town, int community) {
    const sc_plan *plan = town->plan;
    const sc_params *p = plan->params;
    sc_world *w = town->world;
    int column = community * sc_plan_period(plan) + p->underpass.column;
    sc_point low = sc_plan_node(plan, column, p->underpass.row),
             sump = {low.x - p->underpass.width_m / 2 - 3, low.y};
    double bed = sc_ground_z(town->ground, low), ground = sc_ground_z(town->ground, sump);
    char inlet[64], store[64];
    snprintf(inlet, sizeof inlet, "in-u%02d", column);
    snprintf(store, sizeof store, "sump-u%02d", column);
    write_node(w, inlet, "inlet", low, bed, bed - 0.6);
    ct_feature *tank = write_node(w, store, "storage", sump, ground, bed - 3);
    sc_number(w, tank, "area_m2", p->sump_area_m2);
    write_pipe(w, &(pipe){inlet, store, low, sump, bed - 0.6, bed - 0.8, 0.6, 0});

    for (int k = 0; k < 2; k++) {
        ct_feature *f = sc_add(w, "pump", "pump-u%02d-%d", column, k + 1);
        sc_number(w, f, "capacity_m3s", 0.25);
        sc_number(w, f, "on_level_m", bed - (k ? 1.2 : 1.6));
        sc_number(w, f, "off_level_m", bed - 2.6);
        sc_text(w, f, "node", "%s", store);
        sc_text(w, f, "name", "Underpass pump %d", k + 1);
        sc_text(w, f, "name_zh", "下穿通道%d号泵", k + 1);
        sc_set_point(w, f, sump, 0);
    }
}

void sc_lay_drains(sc_town *town) {
    const sc_plan *plan = town->plan;
    net s = {.town = town, .cap = plan->n_columns * plan->n_rows * 48};
    s.nodes = ct_calloc((size_t)s.cap, sizeof *s.nodes);
    s.crossing = ct_calloc((size_t)plan->n_columns * (size_t)plan->n_rows, sizeof *s.crossing);
    if (s.nodes && s.crossing) {
        lay_mains(&s);
        size_net(&s);
        write_net(&s);
        for (int c = 0; c < plan->params->factor; c++) lay_sump(town, c);
    } else {
        sc_world_stick(town->world, CT_NOMEM);
    }
    ct_free(s.nodes);
    ct_free(s.crossing);
}
