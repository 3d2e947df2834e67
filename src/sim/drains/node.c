// What a node holds at a head: shafts, tanks by table or function, and what stands above the rim.
#include <math.h>

#include "base/mem.h"
#include "sim/drains/state.h"

// Of a tank's table: areas linear between its depths, the last one above, the first one below.
static double table_volume(const ct_drains__node *node, double depth, double *area) {
    const ct_curve *t = &node->area;
    size_t k = t->count - 1;
    while (k > 0 && t->x[k] > depth) k--;
    double over = depth - t->x[k];
    double slope = k + 1 < t->count ? (t->y[k + 1] - t->y[k]) / (t->x[k + 1] - t->x[k]) : 0;
    *area = t->y[k] + slope * over;
    return node->area_volume[k] + (t->y[k] + 0.5 * slope * over) * over;
}

static double below_rim(const ct_drains__node *node, double depth, double *area) {
    const ct_drains_node *what = &node->what;
    if (what->kind == CT_DRAINS_JUNCTION) {
        *area = what->area_m2;
        return what->area_m2 * depth;
    }
    if (node->area.count > 0) return table_volume(node, depth, area);
    double power = pow(depth, what->area_exponent);
    *area = what->area_base_m2 + what->area_factor * power;
    return what->area_base_m2 * depth +
           what->area_factor * power * depth / (what->area_exponent + 1);
}

double ct_drains__node_volume(const ct_drains *d, size_t index, double head, double *area) {
    const ct_drains__node *node = &d->nodes[index];
    if (node->what.kind == CT_DRAINS_OUTFALL) {
        *area = 0;
        return 0;
    }
    double depth = fmax(0, head - node->what.invert_m);
    double over = head - node->what.rim_m;
    if (!(over > 0)) return below_rim(node, depth, area);
    *area = node->rim_area;
    return node->rim_volume_m3 + node->rim_area * over;
}

ct_err ct_drains__node_prepare(const ct_drains *d, ct_drains__node *node) {
    size_t n = node->area.count;
    if (n > 0) {
        node->area_volume = ct_calloc(n, sizeof *node->area_volume);
        if (!node->area_volume) return CT_NOMEM;
        for (size_t k = 1; k < n; k++) {
            node->area_volume[k] =
                node->area_volume[k - 1] + 0.5 * (node->area.y[k] + node->area.y[k - 1]) *
                                               (node->area.x[k] - node->area.x[k - 1]);
        }
    }
    if (node->what.kind == CT_DRAINS_OUTFALL) return CT_OK;
    double area;
    node->rim_volume_m3 = below_rim(node, node->what.rim_m - node->what.invert_m, &area);
    node->rim_area = area;
    if (node->what.top == CT_DRAINS_PONDED) node->rim_area = node->what.ponded_area_m2;
    if (node->what.top == CT_DRAINS_SEALED) {
        // Elastic, as full pipes are: what a metre of head adds to the volume below the cover.
        double elastic = CT_DRAINS_GRAVITY / (d->wave_ms * d->wave_ms);
        node->rim_area = elastic * fmax(node->rim_volume_m3, 0.1 * area);
    }
    return CT_OK;
}
