// Links of the drainage network: pipes and culverts with their sections, and pumps.
#include <math.h>
#include <string.h>

#include "base/grow.h"
#include "sim/domain/drains_build.h"

#define CONCRETE_N 0.013 // Manning's n
#define SHORTEST_M 0.1
#define SMALLEST_M 0.01 // section
#define MOST_FULL  0.95 // sediment over height from which nothing passes

static size_t find_node(const ct_build *b, const ct_feature *f, const char *attr) {
    const char *id = ct_feature_text(f, attr, NULL);
    size_t found;
    return id && ct_strmap_get(&found, b->by_id, id) ? found : CT_BUILD_NONE;
}

// The rule that it breaks; CT_DRAINS_RULES = none.
static ct_drains_rule section(ct_build_link *l, const ct_feature *f) {
    ct_drains_section *s = &l->conduit.section;
    const double diameter_m = ct_feature_number(f, "diameter_m", 0),
                 width_m = ct_feature_number(f, "width_m", 0),
                 height_m = ct_feature_number(f, "height_m", 0);
    const bool box =
        strcmp(ct_feature_text(f, "shape", diameter_m > 0 ? "circular" : "rectangular"),
               "rectangular") == 0;
    const double full_m = box ? height_m : diameter_m;
    if (full_m < SMALLEST_M || (box && width_m < SMALLEST_M)) return CT_DRAINS_RULE_LINK_SECTION;
    l->sediment_m = ct_feature_number(f, "sediment_m", 0);
    if (l->sediment_m > 0 && (l->sediment_m >= MOST_FULL * full_m || full_m - l->sediment_m < 1e-3))
        return CT_DRAINS_RULE_LINK_SHUT;
    l->full_height_m = full_m - l->sediment_m;
    if (box)
        *s = (ct_drains_section){
            .shape = CT_DRAINS_RECT_CLOSED, .height_m = l->full_height_m, .width_m = width_m};
    else if (l->sediment_m > 0)
        *s = (ct_drains_section){
            .shape = CT_DRAINS_FILLED_CIRCULAR, .height_m = full_m, .fill_m = l->sediment_m};
    else
        *s = (ct_drains_section){.shape = CT_DRAINS_CIRCULAR, .height_m = full_m};
    return CT_DRAINS_RULES;
}

static ct_drains_rule length(const ct_build *b, ct_build_link *l, const ct_feature *f) {
    const ct_build_node *from = &b->nodes[l->from], *to = &b->nodes[l->to];
    double length_m = ct_feature_number(f, "length_m", 0);
    if (!(length_m >= SHORTEST_M) && f->geom.type != CT_GEOM_NONE)
        length_m = ct_geom_length_m(&f->geom);
    if (!(length_m >= SHORTEST_M)) length_m = hypot(to->x_m - from->x_m, to->y_m - from->y_m);
    l->conduit.length_m = length_m;
    return length_m >= SHORTEST_M && length_m <= 1e5 ? CT_DRAINS_RULES : CT_DRAINS_RULE_LINK_LENGTH;
}

static ct_drains_rule ends(const ct_build *b, ct_build_link *l, const ct_feature *f) {
    l->from = find_node(b, f, "from_node");
    l->to = find_node(b, f, "to_node");
    if (l->from == CT_BUILD_NONE || l->to == CT_BUILD_NONE || l->from == l->to)
        return CT_DRAINS_RULE_LINK_NODES;
    return b->nodes[l->from].kind == CT_BUILD_OUTFALL && b->nodes[l->to].kind == CT_BUILD_OUTFALL
               ? CT_DRAINS_RULE_LINK_NODES
               : CT_DRAINS_RULES;
}

static ct_err visit_link(void *context, const ct_feature *f) {
    ct_build *b = context;
    if (!ct_build__takes_part(f)) return CT_OK;
    ct_build_link l = {.conduit.barrels = 1};
    ct_drains_rule broken = ends(b, &l, f);
    if (broken == CT_DRAINS_RULES) broken = section(&l, f);
    if (broken == CT_DRAINS_RULES) broken = length(b, &l, f);
    if (broken != CT_DRAINS_RULES) return ct_build__warn(b, broken, f->id);
    l.id = ct_arena_strdup(b->domain->arena, f->id);
    if (!l.id) return CT_NOMEM;
    l.conduit.manning = ct_feature_number(f, "roughness_manning", 0);
    if (!(l.conduit.manning > 0)) l.conduit.manning = CONCRETE_N;
    l.conduit.flap = ct_feature_bool(f, "flap", false);
    l.from_invert_m = ct_feature_number(f, "from_invert_m", (double)NAN);
    l.to_invert_m = ct_feature_number(f, "to_invert_m", (double)NAN);
    CT_TRY(ct_grow(&b->links, &b->cap_links, b->n_links + 1, sizeof *b->links));
    b->links[b->n_links++] = l;
    return CT_OK;
}

static ct_err visit_pump(void *context, const ct_feature *f) {
    ct_build *b = context;
    const bool lifts_out = !ct_feature_text(f, "to_node", NULL);
    if (!*ct_feature_text(f, "node", "")) return CT_OK; // of a garage: storage_domain.h
    ct_build_pump p = {.from = find_node(b, f, "node"), .to = find_node(b, f, "to_node")};
    if (p.from == CT_BUILD_NONE || (p.to == CT_BUILD_NONE && !lifts_out) || p.from == p.to ||
        b->nodes[p.from].kind == CT_BUILD_OUTFALL)
        return ct_build__warn(b, CT_DRAINS_RULE_PUMP_NODES, f->id);
    p.capacity_m3s = ct_feature_number(f, "capacity_m3s", 0);
    if (!(p.capacity_m3s > 0)) return ct_build__warn(b, CT_DRAINS_RULE_PUMP_CAPACITY, f->id);
    p.on_level_m = ct_feature_number(f, "on_level_m", (double)NAN);
    p.off_level_m = ct_feature_number(f, "off_level_m", (double)NAN);
    p.failed = strcmp(ct_feature_text(f, "state", "running"), "failed") == 0;
    p.id = ct_arena_strdup(b->domain->arena, f->id);
    if (!p.id) return CT_NOMEM;
    CT_TRY(ct_grow(&b->pumps, &b->cap_pumps, b->n_pumps + 1, sizeof *b->pumps));
    b->pumps[b->n_pumps++] = p;
    return CT_OK;
}

ct_err ct_build__links(ct_build *b) {
    CT_TRY(ct_merged_each(b->reader, b->edits, ct_catalogue_by_name(b->catalogue, "drain_link"),
                          visit_link, b));
    return ct_merged_each(b->reader, b->edits, ct_catalogue_by_name(b->catalogue, "pump"),
                          visit_pump, b);
}
