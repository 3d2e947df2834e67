// [JUNCTIONS], [OUTFALLS], [DIVIDERS] and [STORAGE].
#include <math.h>
#include <string.h>

#include "sim/core/curve.h"
#include "sim/swmm/reader.h"

enum { MAX_TIDES = 1000000 }; // points of a level: what the engine takes

static const double k_pi = 3.14159265358979323846;

static ct_err new_node(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_node **out) {
    size_t index;
    ct_swmm_network *net = r->net;
    const char *name = line->words[0];
    if (ct_swmm__name_get(&index, net->node_map, name)) {
        const ct_swmm_line *first = &r->lines[net->nodes[index].line];
        return ct_swmm_fail(r->document, line, CT_EXISTS,
                            "there is a node %.60s already, on line %zu", name, first->number);
    }
    index = net->drains.node_count++;
    net->nodes[index] = (ct_swmm_node){
        .name = name, .line = ct_swmm__index(r, line), .place = {(double)NAN, (double)NAN}};
    CT_TRY(ct_swmm__name_put(r, net->node_map, name, index));
    *out = &r->nodes[index];
    double invert;
    CT_TRY(ct_swmm__number(&invert, r, line, 1, "elevation"));
    (*out)->invert_m = invert * r->units.length_m;
    return CT_OK;
}

static ct_err depths(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_node *node,
                     size_t max_word, size_t initial_word, size_t surcharge_word) {
    double most, initial, surcharge;
    const size_t index = (size_t)(node - r->nodes);
    CT_TRY(ct_swmm__number_or(&most, r, line, max_word, 0, "maximum depth"));
    CT_TRY(ct_swmm__number_or(&initial, r, line, initial_word, 0, "initial depth"));
    CT_TRY(ct_swmm__number_or(&surcharge, r, line, surcharge_word, 0, "surcharge depth"));
    if (most < 0 || initial < 0 || surcharge < 0)
        return ct_swmm_fail(r->document, line, CT_RANGE, "%s: a depth is negative", line->words[0]);
    r->max_depth[index] = most * r->units.length_m;
    r->surcharge[index] = surcharge * r->units.length_m;
    node->depth_m = initial * r->units.length_m;
    return CT_OK;
}

// As large as the node is wide: water that reaches the rim leaves.
double ct_swmm__opening(double area_m2) {
    return fmin(100, fmax(0.6, sqrt(4 * area_m2 / k_pi)));
}

static void open_top(ct_drains_node *node, double area_m2) {
    node->top = CT_DRAINS_OPEN;
    node->opening_m = ct_swmm__opening(area_m2);
}

static ct_err shaft(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_node *node,
                    size_t ponded_word) {
    double ponded;
    node->kind = CT_DRAINS_JUNCTION;
    node->area_m2 = r->net->options.min_area_m2;
    CT_TRY(ct_swmm__number_or(&ponded, r, line, ponded_word, 0, "ponded area"));
    open_top(node, node->area_m2);
    if (r->net->options.ponding && ponded > 0) {
        node->top = CT_DRAINS_PONDED;
        node->ponded_area_m2 = ponded * r->units.length_m * r->units.length_m;
    }
    return CT_OK;
}

static ct_err take_junction(ct_swmm__reader *r, const ct_swmm_line *line) {
    ct_drains_node *node;
    CT_TRY(new_node(r, line, &node));
    CT_TRY(depths(r, line, node, 2, 3, 4));
    return shaft(r, line, node, 5);
}

// Name elevation link type [parameters] depths: how many parameters tells the type.
static ct_err take_divider(ct_swmm__reader *r, const ct_swmm_line *line) {
    ct_drains_node *node;
    const char *type = ct_swmm__word(line, 3);
    size_t word = 0;
    if (ct_swmm__is(type, "OVERFLOW")) word = 4;
    if (ct_swmm__is(type, "CUTOFF") || ct_swmm__is(type, "TABULAR")) word = 5;
    if (ct_swmm__is(type, "WEIR")) word = 7;
    if (word == 0) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is no kind of divider",
                            line->words[0], type);
    }
    CT_TRY(new_node(r, line, &node));
    CT_TRY(depths(r, line, node, word, word + 1, word + 2));
    ct_swmm__tell(r, line, "swmm-divider", "%s: taken as a junction, as a dynamic wave does",
                  line->words[0]);
    return shaft(r, line, node, word + 3);
}

// ---- outfalls ----------------------------------------------------------------------------------

// A curve of hours of a day, every day of the run and its ends; the last value holds to midnight.
static ct_err tide(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_curve *out,
                   const ct_swmm__table *t) {
    const ct_swmm_options *o = &r->net->options;
    const double first_s = (double)((o->start_s % 86400 + 86400) % 86400); // into its day
    const double days = ceil((o->duration_s + first_s) / 86400) + 1;
    const double jump_h = 0.01 / 3600, midnight = ct_curve_linear(t->x, t->y, t->count, 0);
    const double unit = r->units.length_m;
    if (days * (double)(t->count + 2) > MAX_TIDES) {
        return ct_swmm_fail(r->document, line, CT_LIMIT,
                            "%s: curve %s has more than %d points in a run of %.0f days",
                            line->words[0], t->name, MAX_TIDES, days - 1);
    }
    double *x = ct_arena_calloc(r->arena, 2 * (size_t)days * (t->count + 2), sizeof *x);
    if (!x) return CT_NOMEM;
    double *y = x + (size_t)days * (t->count + 2);
    size_t n = 0;
    for (size_t d = 0; d < (size_t)days; d++) {
        const double day_s = (double)d * 86400 - first_s;
        x[n] = day_s;
        y[n++] = midnight * unit;
        for (size_t k = 0; k < t->count; k++) {
            if (!(t->x[k] > 0 && t->x[k] < 24 - jump_h)) continue;
            x[n] = day_s + t->x[k] * 3600;
            if (x[n] <= x[n - 1]) continue;
            y[n++] = t->y[k] * unit;
        }
        x[n] = day_s + (24 - jump_h) * 3600;
        const double last = ct_curve_linear(t->x, t->y, t->count, 24);
        if (last == midnight || x[n] <= x[n - 1]) continue;
        y[n++] = last * unit;
    }
    *out = (ct_drains_curve){n, x, y};
    return CT_OK;
}

static ct_err fixed(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_curve *out) {
    double stage;
    CT_TRY(ct_swmm__number(&stage, r, line, 3, "stage"));
    double *x = ct_arena_calloc(r->arena, 2, sizeof *x);
    if (!x) return CT_NOMEM;
    x[1] = stage * r->units.length_m;
    *out = (ct_drains_curve){1, x, x + 1};
    return CT_OK;
}

static ct_err outfall_level(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_node *node) {
    const ct_swmm__table *t;
    const char *type = line->words[2];
    node->outfall = CT_DRAINS_LEVEL;
    if (ct_swmm__is(type, "FIXED")) return fixed(r, line, &node->level);
    if (ct_swmm__is(type, "TIDAL")) {
        CT_TRY(ct_swmm__curve(&t, r, line, 3, "TIDAL"));
        return tide(r, line, &node->level, t);
    }
    if (ct_swmm__is(type, "TIMESERIES")) {
        CT_TRY(ct_swmm__one_series(&t, r, line, 3));
        return ct_swmm__scaled(&node->level, r, t, 1, r->units.length_m);
    }
    return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is no kind of outfall",
                        line->words[0], type);
}

static ct_err take_outfall(ct_swmm__reader *r, const ct_swmm_line *line) {
    ct_drains_node *node;
    CT_TRY(new_node(r, line, &node));
    CT_TRY(ct_swmm__need(r, line, 3));
    node->kind = CT_DRAINS_OUTFALL;
    size_t word = 4; // of the gate: behind the stage, where there is one
    if (ct_swmm__is(line->words[2], "FREE") || ct_swmm__is(line->words[2], "NORMAL")) {
        node->outfall = ct_swmm__is(line->words[2], "FREE") ? CT_DRAINS_FREE : CT_DRAINS_NORMAL;
        word = 3;
        // older files leave a place for the stage
        const char *next = ct_swmm__word(line, 3);
        if (line->count > 4 && !ct_swmm__is(next, "YES") && !ct_swmm__is(next, "NO")) word = 4;
    } else {
        CT_TRY(outfall_level(r, line, node));
    }
    CT_TRY(ct_swmm__yes_or(&node->flap, r, line, word, false));
    if (ct_swmm__has(line, word + 1)) {
        ct_swmm__find(r, line, "swmm-route-to",
                      "%s: what leaves is not routed on to subcatchment %.60s", line->words[0],
                      line->words[word + 1]);
    }
    return CT_OK;
}

// ---- storage -----------------------------------------------------------------------------------

enum { STEPS = 256 };

// An area that is quadratic in the depth, as a table.
static ct_err quadratic(ct_swmm__reader *r, ct_drains_node *node, const double a[3],
                        double depth_m) {
    if (a[2] == 0) {
        node->area_base_m2 = a[0];
        node->area_factor = a[1];
        node->area_exponent = 1;
        return CT_OK;
    }
    double *x = ct_arena_calloc(r->arena, 2 * (STEPS + 1), sizeof *x), *y = x + STEPS + 1;
    if (!x) return CT_NOMEM;
    for (size_t i = 0; i <= STEPS; i++) {
        x[i] = fmax(depth_m, 1) * (double)i / STEPS;
        y[i] = fmax(1e-3, a[0] + x[i] * (a[1] + x[i] * a[2]));
    }
    node->area = (ct_drains_curve){STEPS + 1, x, y};
    return CT_OK;
}

// Length, width and slope of the sides, or the height of a paraboloid of that length and width.
static ct_err solid(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_node *node,
                    const double p[3]) {
    const char *shape = line->words[4];
    const double unit = r->units.length_m, l = p[0] * unit, w = p[1] * unit, z = p[2];
    double a[3] = {0, 0, 0};
    if (!(l > 0 && w > 0 && z >= 0)) {
        return ct_swmm_fail(r->document, line, CT_RANGE, "%s: length, width or slope is negative",
                            line->words[0]);
    }
    if (ct_swmm__is(shape, "CYLINDRICAL")) {
        a[0] = k_pi / 4 * l * w;
    } else if (ct_swmm__is(shape, "CONICAL")) {
        a[0] = k_pi / 4 * l * w;
        a[1] = k_pi * w * z;
        a[2] = k_pi * w / l * z * z;
    } else if (ct_swmm__is(shape, "PYRAMIDAL")) {
        a[0] = l * w;
        a[1] = 2 * (l + w) * z;
        a[2] = 4 * z * z;
    } else {
        if (!(z > 0)) {
            return ct_swmm_fail(r->document, line, CT_RANGE, "%s: the height is not positive",
                                line->words[0]);
        }
        a[1] = k_pi / 4 * l * w / (z * unit);
    }
    return quadratic(r, node, a, r->max_depth[node - r->nodes]);
}

static ct_err functional(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_node *node,
                         const double p[3]) {
    const double unit = r->units.length_m;
    node->area_factor = p[0] * pow(unit, 2 - p[1]);
    node->area_exponent = p[1];
    node->area_base_m2 = p[2] * unit * unit;
    if (p[0] >= 0 && p[2] >= 0 && p[1] >= 0) return CT_OK;
    return ct_swmm_fail(r->document, line, CT_RANGE, "%s: a negative coefficient of area",
                        line->words[0]);
}

// From 0 to its first depth it grows evenly; no area is less than the engine takes.
static ct_err tabular(ct_swmm__reader *r, const ct_swmm_line *line, ct_drains_node *node) {
    const ct_swmm__table *t;
    const double unit = r->units.length_m;
    CT_TRY(ct_swmm__curve(&t, r, line, 5, "STORAGE"));
    double *x = ct_arena_calloc(r->arena, 2 * (t->count + 1), sizeof *x), *y = x + t->count + 1;
    if (!x) return CT_NOMEM;
    size_t n = 0;
    if (t->x[0] < 0) {
        return ct_swmm_fail(r->document, line, CT_RANGE, "%s: curve %s has a negative depth",
                            line->words[0], t->name);
    }
    if (t->x[0] > 0) y[n++] = 1e-3;
    for (size_t i = 0; i < t->count; i++) {
        x[n] = t->x[i] * unit;
        y[n++] = fmax(1e-3, t->y[i] * unit * unit);
    }
    node->area = (ct_drains_curve){n, x, y};
    return CT_OK;
}

double ct_swmm__storage_area(const ct_drains_node *n, double depth) {
    if (n->area.count > 0) return n->area.y[n->area.count - 1];
    return n->area_base_m2 + n->area_factor * pow(depth, n->area_exponent);
}

static ct_err take_storage(ct_swmm__reader *r, const ct_swmm_line *line) {
    ct_drains_node *node;
    double p[3] = {0, 0, 0};
    CT_TRY(new_node(r, line, &node));
    CT_TRY(ct_swmm__need(r, line, 6));
    node->kind = CT_DRAINS_STORAGE;
    const char *shape = line->words[4];
    const bool table = ct_swmm__is(shape, "TABULAR"), function = ct_swmm__is(shape, "FUNCTIONAL");
    const bool known = ct_swmm__is(shape, "CYLINDRICAL") || ct_swmm__is(shape, "CONICAL") ||
                       ct_swmm__is(shape, "PARABOLOID") || ct_swmm__is(shape, "PARABOLIC") ||
                       ct_swmm__is(shape, "PYRAMIDAL");
    const size_t after = table ? 6 : 8;
    CT_TRY(depths(r, line, node, 2, 3, after));
    for (size_t i = 0; !table && i < 3; i++)
        CT_TRY(ct_swmm__number_or(&p[i], r, line, 5 + i, 0, "parameter of the shape"));
    if (table)
        CT_TRY(tabular(r, line, node));
    else if (function)
        CT_TRY(functional(r, line, node, p));
    else if (known)
        CT_TRY(solid(r, line, node, p));
    else
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is no shape of storage",
                            line->words[0], shape);
    open_top(node, ct_swmm__storage_area(node, r->max_depth[node - r->nodes]));
    double evaporates;
    CT_TRY(ct_swmm__number_or(&evaporates, r, line, after + 1, 0, "share of evaporation"));
    if (evaporates > 0)
        ct_swmm__tell(r, line, "swmm-evaporation", "%s: nothing evaporates", line->words[0]);
    if (line->count > after + 2)
        ct_swmm__find(r, line, "swmm-seepage", "%s: nothing seeps away", line->words[0]);
    return CT_OK;
}

// ------------------------------------------------------------------------------------------------

ct_err ct_swmm__read_nodes(ct_swmm__reader *r) {
    static const struct {
        ct_swmm_section section;
        ct_err (*take)(ct_swmm__reader *, const ct_swmm_line *);
    } kinds[] = {{CT_SWMM_JUNCTIONS, take_junction},
                 {CT_SWMM_OUTFALLS, take_outfall},
                 {CT_SWMM_DIVIDERS, take_divider},
                 {CT_SWMM_STORAGE, take_storage}};
    size_t most = 1;
    for (size_t k = 0; k < 4; k++) most += ct_swmm__count(r, kinds[k].section);
    r->nodes = ct_arena_calloc(r->arena, most, sizeof *r->nodes);
    r->net->nodes = ct_arena_calloc(r->arena, most, sizeof *r->net->nodes);
    r->max_depth = ct_arena_calloc(r->arena, most, sizeof *r->max_depth);
    r->surcharge = ct_arena_calloc(r->arena, most, sizeof *r->surcharge);
    r->net->node_map = ct_strmap_new(most);
    if (!r->nodes || !r->net->nodes || !r->max_depth || !r->surcharge || !r->net->node_map)
        return CT_NOMEM;
    r->net->drains.nodes = r->nodes;
    for (size_t k = 0; k < 4; k++) {
        for (size_t at = 0;;) {
            const ct_swmm_line *line = ct_swmm__next(r, kinds[k].section, &at);
            if (!line) break;
            CT_TRY(kinds[k].take(r, line));
        }
    }
    if (r->net->drains.node_count > 0) return CT_OK;
    return ct_fail(CT_PARSE, "%s: no [JUNCTIONS], [OUTFALLS] or [STORAGE]: no network",
                   ct_swmm_name(r->document));
}
