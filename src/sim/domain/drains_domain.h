// The passage from the model to the storm-drain engine's arrays, and what a run of it did: nodes,
// links and pumps of the drainage network, placed into the cells of the flood's grid.
//
// What the features lack:
// - Network "storm", "combined" or none named takes part; "foul" does not.
// - The ground of a node is that of its cell: where water stands on it, it enters. Its bottom is
//   `invert_m`, else the ground less `depth_m`, else its lowest pipe; never above its lowest pipe.
// - Manholes and storages pass water both ways through `opening_m` (0.7 m: the clear opening of a
//   cover), as if the cover were off. Inlets follow HEC-22 by the depth in their cell; a grate of
//   0.75 m by 0.45 m, a curb opening of 1 m by 0.15 m, a slot of 3 m by 0.05 m.
// - A shaft has 1.13 m2 in plan, an inlet's box 0.34 m2, a joint 0.1 m2, a storage 50 m2.
// - A pipe has Manning's n of 0.013, lies on its nodes' bottoms, and is as long as its line.
//   Sediment narrows it from below: a round pipe to a segment, a box to a lower box.
// - An outfall in standing water has that water's level, as it is at the start; others fall free.
//   What the level stands over is full of still water at the start.
// - A pump without `to_node` lifts out of the network; without levels it starts 1 m over its node's
//   bottom (at half the depth of a shallow one) and stops at a fifth of that.
#ifndef CT_SIM_DOMAIN_DRAINS_DOMAIN_H
#define CT_SIM_DOMAIN_DRAINS_DOMAIN_H

#include "base/buf.h"
#include "cimtwin/street.h"
#include "sim/domain/flood_domain.h"

// What the network does not show as the maker of the model or of the edits may expect.
typedef enum ct_drains_rule {
    CT_DRAINS_RULE_NODE_COVERED,      // in a building or outside the ground: closed at the top
    CT_DRAINS_RULE_NODE_INVERT,       // neither a bottom nor a pipe that gives one: left out
    CT_DRAINS_RULE_NODE_HIGH,         // its bottom lies above the ground of its cell
    CT_DRAINS_RULE_NODE_ALONE,        // no pipe, no pump: left out
    CT_DRAINS_RULE_NODE_NO_WAY_OUT,   // neither an outfall nor a pump is reached
    CT_DRAINS_RULE_STORAGE_AREA,      // a storage without an area
    CT_DRAINS_RULE_LINK_NODES,        // a node that is not in the network, twice the same, or all
                                      // outfalls: left out
    CT_DRAINS_RULE_LINK_SECTION,      // no section: left out
    CT_DRAINS_RULE_LINK_SHUT,         // full of sediment: left out
    CT_DRAINS_RULE_LINK_LENGTH,       // no length: left out
    CT_DRAINS_RULE_LINK_UNDER_BOTTOM, // below its node's bottom, which is lowered to it
    CT_DRAINS_RULE_PUMP_NODES,        // a node that is not in the network: left out
    CT_DRAINS_RULE_PUMP_CAPACITY,     // no capacity: left out
    CT_DRAINS_RULE_PUMP_LEVELS,       // no levels, or the wrong way round
    CT_DRAINS_RULES
} ct_drains_rule;
extern const ct_flood_rule_text ct_drains_rule_texts[CT_DRAINS_RULES];

typedef struct ct_drains_domain {
    ct_drains_params params; // start_s is 0
    ct_street_place *places; // of each exchange
    // Ids of features, in the order of the parameters. The last nodes are where pumps lift out of
    // the network: they have their pump's id and are no features.
    const char **node_ids, **conduit_ids, **pump_ids;
    size_t own_nodes;      // those that are features
    double *full_height_m; // of each conduit: how deep the water is where it runs full
    ct_flood_warning warnings[CT_DRAINS_RULES];
    ct_arena *arena; // owns everything above
} ct_drains_domain;

// Reads the drainage network through `reader`, with `edits` laid over, onto the flood's domain.
// *out = NULL where there is none. CT_NOMEM, and those of the store. Free with
// ct_drains_domain_free.
CT_CHECKED ct_err ct_drains_domain_make(ct_drains_domain **out, ct_store *store, ct_reader *reader,
                                        const ct_changeset *edits, const ct_flood_domain *ground);
void ct_drains_domain_free(ct_drains_domain *domain); // NULL is fine

// Names of the classes whose features the engine sees; ends with NULL.
extern const char *const ct_drains_domain_classes[];

// ---- back to the model

// From this volume on a node counts as one that surcharged onto the street.
#define CT_DRAINS_SURCHARGED_M3 0.1

// What is summed while the coupling goes its way.
typedef struct ct_drains_gauge {
    const ct_drains_domain *domain;
    double *full_s;    // of each conduit: how long it ran full
    double *pumped_m3; // of each pump, so far
    double *running_s; // of each pump, in whole steps
} ct_drains_gauge;

CT_CHECKED ct_err ct_drains_gauge_new(ct_drains_gauge **out, const ct_drains_domain *domain);
void ct_drains_gauge_free(ct_drains_gauge *gauge); // NULL is fine
// Advances the coupling to exactly until_s, step by step, and sums. Errors are the coupling's.
CT_CHECKED ct_err ct_drains_gauge_advance(ct_drains_gauge *gauge, ct_street *street,
                                          double until_s);

typedef struct ct_drains_indicators {
    int64_t nodes_surcharged;   // that let CT_DRAINS_SURCHARGED_M3 or more up to the street
    double surcharge_volume_m3; // of all nodes
    int64_t links_full;         // conduits that ran full over their whole length
    double drained_volume_m3;   // taken from the street
    double outfall_volume_m3;   // left through outfalls and by pumps, less what came back
    double pumped_volume_m3;    // by all pumps
} ct_drains_indicators;
CT_CHECKED ct_err ct_drains_domain_indicators(ct_drains_indicators *out,
                                              const ct_drains_gauge *gauge, ct_street *street);

// Appends rows of drains.csv: what nodes, conduits and pumps do now; the head first where `out` is
// empty. Levels over datum and depths in m; flows and exchanges in m3/s, the means of
// the last step, exchanges into the drains positive; volumes in m3 since the start.
CT_CHECKED ct_err ct_drains_domain_rows(ct_buf *out, const ct_drains_domain *domain,
                                        ct_street *street);

#endif
