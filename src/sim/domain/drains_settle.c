// The network as a whole: bottoms of nodes by their pipes, who is left out, still water from the
// outfalls on, parts without a way out.
#include <math.h>
#include <string.h>

#include "sim/domain/drains_build.h"

#define SLIGHT_M 0.01 // a pipe that much under its node's bottom is rounding

// ---- bottoms ------------------------------------------------------------------------------------
static void lowest(double *least, double invert_m) {
    if (!isnan(invert_m) && !(*least <= invert_m)) *least = invert_m;
}

// A node lies no higher than its pipes.
static ct_err lower_node(ct_build *b, const ct_build_link *l, size_t node, double invert_m) {
    ct_build_node *n = &b->nodes[node];
    if (isnan(invert_m) || n->invert_m <= invert_m) return CT_OK;
    const bool told = n->invert_m > invert_m + SLIGHT_M;
    n->invert_m = invert_m;
    return told ? ct_build__warn(b, CT_DRAINS_RULE_LINK_UNDER_BOTTOM, l->id) : CT_OK;
}

static ct_err lower_nodes(ct_build *b) {
    // First those without a bottom of their own: their lowest pipe gives it.
    bool *given = ct_arena_calloc(b->arena, b->n_nodes ? b->n_nodes : 1, sizeof *given);
    if (!given) return CT_NOMEM;
    for (size_t i = 0; i < b->n_nodes; i++) given[i] = !isnan(b->nodes[i].invert_m);
    for (size_t i = 0; i < b->n_links; i++) {
        const ct_build_link *l = &b->links[i];
        if (!given[l->from]) lowest(&b->nodes[l->from].invert_m, l->from_invert_m);
        if (!given[l->to]) lowest(&b->nodes[l->to].invert_m, l->to_invert_m);
    }
    for (size_t i = 0; i < b->n_links; i++) {
        const ct_build_link *l = &b->links[i];
        CT_TRY(lower_node(b, l, l->from, l->from_invert_m));
        CT_TRY(lower_node(b, l, l->to, l->to_invert_m));
    }
    return CT_OK;
}

// ---- who is left out ----------------------------------------------------------------------------
static ct_err drop_without_bottom(ct_build *b) {
    for (size_t i = 0; i < b->n_nodes; i++)
        if (isnan(b->nodes[i].invert_m))
            CT_TRY(ct_build__warn(b, CT_DRAINS_RULE_NODE_INVERT, b->nodes[i].id));
    for (size_t i = 0; i < b->n_links; i++) {
        ct_build_link *l = &b->links[i];
        if (!isnan(b->nodes[l->from].invert_m) && !isnan(b->nodes[l->to].invert_m)) {
            b->nodes[l->from].links++;
            b->nodes[l->to].links++;
            continue;
        }
        l->from = CT_BUILD_NONE;
        CT_TRY(ct_build__warn(b, CT_DRAINS_RULE_LINK_NODES, l->id));
    }
    for (size_t i = 0; i < b->n_pumps; i++) {
        ct_build_pump *p = &b->pumps[i];
        if (isnan(b->nodes[p->from].invert_m) ||
            (p->to != CT_BUILD_NONE && isnan(b->nodes[p->to].invert_m))) {
            p->from = CT_BUILD_NONE;
            CT_TRY(ct_build__warn(b, CT_DRAINS_RULE_PUMP_NODES, p->id));
            continue;
        }
        b->nodes[p->from].pumps++;
        if (p->to != CT_BUILD_NONE) b->nodes[p->to].pumps++;
    }
    return CT_OK;
}

static bool is_used(const ct_build_node *n) {
    return n->links + n->pumps > 0;
}

ct_err ct_build__settle(ct_build *b) {
    CT_TRY(lower_nodes(b));
    CT_TRY(drop_without_bottom(b));
    for (size_t i = 0; i < b->n_nodes; i++) {
        const ct_build_node *n = &b->nodes[i];
        if (isnan(n->invert_m) || is_used(n)) continue;
        CT_TRY(ct_build__warn(b, CT_DRAINS_RULE_NODE_ALONE, n->id));
    }
    return CT_OK;
}

// ---- what is joined to what ---------------------------------------------------------------------
// Passes over the links until none changes anything more: each goes forth and back, so that long
// chains need few. Of still water the higher level counts.
static void spread_level(ct_build *b) {
    bool changed = true;
    for (size_t pass = 0; changed; pass++) {
        changed = false;
        for (size_t k = 0; k < b->n_links; k++) {
            const ct_build_link *l = &b->links[pass % 2 ? b->n_links - 1 - k : k];
            if (l->from == CT_BUILD_NONE) continue;
            ct_build_node *ends[2] = {&b->nodes[l->from], &b->nodes[l->to]};
            const double beds[2] = {fmax(l->from_invert_m, ends[0]->invert_m),
                                    fmax(l->to_invert_m, ends[1]->invert_m)};
            for (int side = 0; side < 2; side++) {
                const ct_build_node *wet = ends[side];
                ct_build_node *next = ends[1 - side];
                const double level_m = wet->start_m;
                if (!(level_m > beds[0] + l->sediment_m) || !(level_m > beds[1] + l->sediment_m))
                    continue;
                // A flap keeps out what stands below it.
                if (l->conduit.flap && side == 1) continue;
                if (next->kind == CT_BUILD_OUTFALL || next->start_m >= level_m) continue;
                next->start_m = level_m;
                changed = true;
            }
        }
    }
}

static void spread_way_out(const ct_build *b, bool *out) {
    bool changed = true;
    for (size_t pass = 0; changed; pass++) {
        changed = false;
        for (size_t k = 0; k < b->n_links; k++) {
            const ct_build_link *l = &b->links[pass % 2 ? b->n_links - 1 - k : k];
            if (l->from == CT_BUILD_NONE || out[l->from] == out[l->to]) continue;
            out[l->from] = out[l->to] = changed = true;
        }
    }
}

ct_err ct_build__trace(ct_build *b) {
    bool *out = ct_arena_calloc(b->arena, b->n_nodes ? b->n_nodes : 1, sizeof *out);
    if (!out) return CT_NOMEM;
    for (size_t i = 0; i < b->n_nodes; i++) {
        ct_build_node *n = &b->nodes[i];
        if (n->kind != CT_BUILD_OUTFALL) continue;
        out[i] = true;
        if (!n->flap) n->start_m = n->level_m;
    }
    for (size_t i = 0; i < b->n_pumps; i++)
        if (b->pumps[i].from != CT_BUILD_NONE) out[b->pumps[i].from] = true;
    spread_level(b);
    spread_way_out(b, out);
    for (size_t i = 0; i < b->n_nodes; i++)
        if (!out[i] && is_used(&b->nodes[i]))
            CT_TRY(ct_build__warn(b, CT_DRAINS_RULE_NODE_NO_WAY_OUT, b->nodes[i].id));
    return CT_OK;
}
