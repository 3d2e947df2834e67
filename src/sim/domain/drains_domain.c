// Making the storm-drain engine's arrays from the drainage network: the order of the work, and the
// arrays themselves.
#include "sim/domain/drains_domain.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "sim/domain/drains_build.h"
#include "sim/domain/note.h"

#define ON_M      1.0 // over a pump's node, where its levels are missing
#define OFF_SHARE 0.2 // of it

const char *const ct_drains_domain_classes[] = {"drain_node", "drain_link", "pump", NULL};

const ct_flood_rule_text ct_drains_rule_texts[CT_DRAINS_RULES] = {
    [CT_DRAINS_RULE_NODE_COVERED] = {"drain_node_covered",
                                     "drain nodes lie in buildings or outside the ground: no water "
                                     "passes between them and the surface",
                                     "排水节点位于建筑内或地形范围之外，与地面不交换水量"},
    [CT_DRAINS_RULE_NODE_INVERT] = {"drain_node_without_invert",
                                    "drain nodes have no invert_m, no depth_m and no pipe with an "
                                    "invert: they are left out",
                                    "排水节点缺少井底标高、井深和管底标高，未参与计算"},
    [CT_DRAINS_RULE_NODE_HIGH] = {"drain_node_above_ground",
                                  "the bottoms of drain nodes lie above the ground of their cell: "
                                  "water enters them there only from that height on",
                                  "排水节点井底高于所在网格地面，水位超过井底后才能流入"},
    [CT_DRAINS_RULE_NODE_ALONE] = {"drain_node_unconnected",
                                   "drain nodes have neither pipe nor pump: they are left out",
                                   "排水节点未连接管道或水泵，未参与计算"},
    [CT_DRAINS_RULE_NODE_NO_WAY_OUT] = {"drain_node_without_outfall",
                                        "drain nodes reach neither an outfall nor a pump: what "
                                        "flows in stays or comes up",
                                        "排水节点无法到达排放口或水泵，流入的水滞留或溢出"},
    [CT_DRAINS_RULE_STORAGE_AREA] = {"drain_storage_without_area",
                                     "storages have no area_m2: 50 m2 is taken",
                                     "调蓄设施缺少平面面积，按50平方米计算"},
    [CT_DRAINS_RULE_LINK_NODES] = {"drain_link_nodes",
                                   "drain links do not join two nodes of the storm-water network: "
                                   "they are left out",
                                   "排水管渠两端不是雨水管网的两个节点，未参与计算"},
    [CT_DRAINS_RULE_LINK_SECTION] = {"drain_link_without_section",
                                     "drain links have no section (diameter_m, or width_m and "
                                     "height_m): they are left out",
                                     "排水管渠缺少管径或断面尺寸，未参与计算"},
    [CT_DRAINS_RULE_LINK_SHUT] = {"drain_link_silted_up",
                                  "drain links are full of sediment: nothing passes them",
                                  "排水管渠完全淤塞，水流无法通过"},
    [CT_DRAINS_RULE_LINK_LENGTH] = {"drain_link_without_length",
                                    "drain links have no length: they are left out",
                                    "排水管渠长度为零，未参与计算"},
    [CT_DRAINS_RULE_LINK_UNDER_BOTTOM] = {"drain_link_below_node",
                                          "drain links lie below the bottom of their node, which "
                                          "is taken as deep as they are",
                                          "排水管渠低于节点井底，井底按管底标高计算"},
    [CT_DRAINS_RULE_PUMP_NODES] = {"pump_nodes",
                                   "pumps do not stand at a node of the storm-water network: they "
                                   "are left out",
                                   "水泵不在雨水管网的节点上，未参与计算"},
    [CT_DRAINS_RULE_PUMP_CAPACITY] = {"pump_without_capacity",
                                      "pumps have no capacity_m3s: they are left out",
                                      "水泵缺少设计流量，未参与计算"},
    [CT_DRAINS_RULE_PUMP_LEVELS] =
        {"pump_without_levels",
         "pumps have no switch-on and switch-off levels that follow "
         "each other over the bottom of their node: usual ones are taken",
         "水泵缺少合理的启停水位，按常用水位计算"},
};

ct_err ct_build__warn(ct_build *b, ct_drains_rule rule, const char *id) {
    return ct_domain__note(&b->domain->warnings[rule], b->domain->arena, id);
}

bool ct_build__takes_part(const ct_feature *feature) {
    return strcmp(ct_feature_text(feature, "network", "storm"), "foul") != 0;
}

// ---- the arrays ---------------------------------------------------------------------------------
typedef struct arrays {
    ct_build *b;
    ct_drains_node *nodes;
    ct_drains_conduit *conduits;
    ct_drains_pump *pumps;
    ct_drains_exchange *exchanges;
    double *numbers; // of curves of one point: x, then y
    size_t n_numbers;
} arrays;

static ct_err make_room(arrays *a) {
    ct_build *b = a->b;
    ct_drains_domain *d = b->domain;
    const size_t nodes = b->n_nodes + b->n_pumps + 1, links = b->n_links + 1,
                 pumps = b->n_pumps + 1;
    a->nodes = ct_arena_calloc(d->arena, nodes, sizeof *a->nodes);
    a->conduits = ct_arena_calloc(d->arena, links, sizeof *a->conduits);
    a->pumps = ct_arena_calloc(d->arena, pumps, sizeof *a->pumps);
    a->exchanges = ct_arena_calloc(d->arena, nodes, sizeof *a->exchanges);
    a->numbers = ct_arena_calloc(d->arena, 2 * (nodes + pumps), sizeof *a->numbers);
    d->places = ct_arena_calloc(d->arena, nodes, sizeof *d->places);
    d->node_ids = ct_arena_calloc(d->arena, nodes, sizeof *d->node_ids);
    d->conduit_ids = ct_arena_calloc(d->arena, links, sizeof *d->conduit_ids);
    d->pump_ids = ct_arena_calloc(d->arena, pumps, sizeof *d->pump_ids);
    d->full_height_m = ct_arena_calloc(d->arena, links, sizeof *d->full_height_m);
    return a->nodes && a->conduits && a->pumps && a->exchanges && a->numbers && d->places &&
                   d->node_ids && d->conduit_ids && d->pump_ids && d->full_height_m
               ? CT_OK
               : CT_NOMEM;
}

static ct_drains_curve constant(arrays *a, double y) {
    double *point = &a->numbers[a->n_numbers];
    a->n_numbers += 2;
    point[1] = y;
    return (ct_drains_curve){1, point, point + 1};
}

// The exchange of a node with its cell; the water enters at the ground of the cell.
static ct_err place_exchange(arrays *a, ct_build_node *n, ct_drains_node *node) {
    ct_build *b = a->b;
    ct_drains_params *p = &b->domain->params;
    node->top = CT_DRAINS_SEALED;
    node->rim_m = fmax(isnan(n->ground_m) ? n->invert_m : n->ground_m, n->invert_m);
    if (n->sealed) return CT_OK;
    if (n->cell < 0) return ct_build__warn(b, CT_DRAINS_RULE_NODE_COVERED, n->id);
    uint32_t *cell = ct_arena_alloc(b->domain->arena, sizeof *cell);
    if (!cell) return CT_NOMEM;
    *cell = (uint32_t)n->cell;
    const double bed_m = b->ground->bed_m[n->cell];
    if (bed_m < n->invert_m) CT_TRY(ct_build__warn(b, CT_DRAINS_RULE_NODE_HIGH, n->id));
    node->top = CT_DRAINS_COUPLED;
    node->rim_m = fmax(bed_m, n->invert_m);
    n->exchange.node = n->index;
    n->exchange.level_m = node->rim_m;
    b->domain->places[p->exchange_count] = (ct_street_place){cell, 1};
    a->exchanges[p->exchange_count++] = n->exchange;
    return CT_OK;
}

static ct_err compose_node(arrays *a, ct_build_node *n) {
    ct_drains_domain *d = a->b->domain;
    if (n->links + n->pumps == 0) return CT_OK;
    n->index = (uint32_t)d->params.node_count;
    d->node_ids[d->params.node_count] = n->id;
    ct_drains_node *node = &a->nodes[d->params.node_count++];
    node->invert_m = n->invert_m;
    if (n->kind == CT_BUILD_OUTFALL) {
        node->kind = CT_DRAINS_OUTFALL;
        node->flap = n->flap;
        node->outfall = isnan(n->level_m) ? CT_DRAINS_FREE : CT_DRAINS_LEVEL;
        if (!isnan(n->level_m)) node->level = constant(a, n->level_m);
        return CT_OK;
    }
    node->kind = n->kind == CT_BUILD_STORAGE ? CT_DRAINS_STORAGE : CT_DRAINS_JUNCTION;
    node->area_m2 = node->area_base_m2 = n->area_m2;
    CT_TRY(place_exchange(a, n, node));
    // Under a closed cover water may stand over it.
    const double most_m = node->top == CT_DRAINS_COUPLED ? node->rim_m : HUGE_VAL;
    if (n->start_m > n->invert_m) node->depth_m = fmin(n->start_m, most_m) - n->invert_m;
    return CT_OK;
}

static void compose_link(arrays *a, const ct_build_link *l) {
    ct_drains_domain *d = a->b->domain;
    if (l->from == CT_BUILD_NONE) return;
    const size_t k = d->params.conduit_count++;
    const ct_build_node *from = &a->b->nodes[l->from], *to = &a->b->nodes[l->to];
    ct_drains_conduit *c = &a->conduits[k];
    *c = l->conduit;
    c->from = from->index;
    c->to = to->index;
    // A box lies on its sediment; a filled round pipe on its wall, and the engine raises its bed.
    const double raised_m = c->section.shape == CT_DRAINS_FILLED_CIRCULAR ? 0 : l->sediment_m;
    // fmax passes over an invert that is not given: the pipe lies on its node's bottom.
    c->offset_from_m = fmax(l->from_invert_m, from->invert_m) - from->invert_m + raised_m;
    c->offset_to_m = fmax(l->to_invert_m, to->invert_m) - to->invert_m + raised_m;
    d->conduit_ids[k] = l->id;
    d->full_height_m[k] = l->full_height_m;
}

static ct_err compose_pump(arrays *a, const ct_build_pump *p) {
    ct_drains_domain *d = a->b->domain;
    if (p->from == CT_BUILD_NONE) return CT_OK;
    const size_t k = d->params.pump_count++;
    const ct_build_node *from = &a->b->nodes[p->from];
    const double depth_m = a->nodes[from->index].rim_m - from->invert_m;
    ct_drains_pump *pump = &a->pumps[k];
    d->pump_ids[k] = p->id;
    *pump = (ct_drains_pump){.from = from->index, .kind = CT_DRAINS_PUMP_STEPS, .stopped = true};
    pump->curve = constant(a, p->capacity_m3s);
    if (p->to != CT_BUILD_NONE) {
        pump->to = a->b->nodes[p->to].index;
    } else {
        pump->to = (uint32_t)d->params.node_count;
        d->node_ids[d->params.node_count] = p->id;
        a->nodes[d->params.node_count++] =
            (ct_drains_node){.kind = CT_DRAINS_OUTFALL, .invert_m = a->nodes[from->index].rim_m};
    }
    if (p->failed) return CT_OK; // stopped, and no level starts it
    pump->on_m = p->on_level_m - from->invert_m;
    pump->off_m = p->off_level_m - from->invert_m;
    if (pump->off_m >= 0 && pump->on_m > pump->off_m) return CT_OK;
    pump->on_m = depth_m > 0 ? fmin(ON_M, 0.5 * depth_m) : ON_M;
    pump->off_m = OFF_SHARE * pump->on_m;
    return ct_build__warn(a->b, CT_DRAINS_RULE_PUMP_LEVELS, p->id);
}

ct_err ct_build__compose(ct_build *b) {
    ct_drains_domain *d = b->domain;
    arrays a = {.b = b};
    CT_TRY(make_room(&a));
    for (size_t i = 0; i < b->n_nodes; i++) CT_TRY(compose_node(&a, &b->nodes[i]));
    d->own_nodes = d->params.node_count;
    for (size_t i = 0; i < b->n_links; i++) compose_link(&a, &b->links[i]);
    for (size_t i = 0; i < b->n_pumps; i++) CT_TRY(compose_pump(&a, &b->pumps[i]));
    d->params.nodes = a.nodes;
    d->params.conduits = a.conduits;
    d->params.pumps = a.pumps;
    d->params.exchanges = a.exchanges;
    return CT_OK;
}

// ---- the whole ----------------------------------------------------------------------------------
static ct_err build(ct_build *b) {
    b->arena = ct_arena_new(1 << 18, 0);
    b->by_id = ct_strmap_new(1024);
    if (!b->arena || !b->by_id) return CT_NOMEM;
    CT_TRY(ct_build__nodes(b));
    CT_TRY(ct_build__links(b));
    CT_TRY(ct_build__settle(b));
    CT_TRY(ct_build__trace(b));
    return ct_build__compose(b);
}

ct_err ct_drains_domain_make(ct_drains_domain **out, ct_store *store, ct_reader *reader,
                             const ct_changeset *edits, const ct_flood_domain *ground) {
    ct_drains_domain *d = ct_calloc(1, sizeof *d);
    if (!d) return CT_NOMEM;
    ct_drains_params_init(&d->params);
    ct_build b = {.domain = d,
                  .ground = ground,
                  .catalogue = ct_store_catalogue(store),
                  .reader = reader,
                  .edits = edits};
    d->arena = ct_arena_new(1 << 18, 0);
    const ct_err err = d->arena ? ct_context(build(&b), "drains") : CT_NOMEM;
    const bool none =
        b.n_nodes + b.n_links + b.n_pumps == 0 && !ct_domain__any(d->warnings, CT_DRAINS_RULES);
    ct_strmap_free(b.by_id);
    ct_arena_free(b.arena);
    ct_free(b.nodes);
    ct_free(b.links);
    ct_free(b.pumps);
    if (err != CT_OK || none) {
        ct_drains_domain_free(d);
        d = NULL;
    }
    if (err == CT_OK) *out = d;
    return err;
}

void ct_drains_domain_free(ct_drains_domain *domain) {
    if (!domain) return;
    ct_arena_free(domain->arena);
    ct_free(domain);
}
