// The drainage network while it is read: features with what they say, before what does not fit is
// left out. Private to sim/domain.
#ifndef CT_SIM_DOMAIN_DRAINS_BUILD_H
#define CT_SIM_DOMAIN_DRAINS_BUILD_H

#include "base/strmap.h"
#include "sim/domain/drains_domain.h"
#include "sim/domain/merged.h"

#define CT_BUILD_NONE SIZE_MAX

typedef enum ct_build_kind {
    CT_BUILD_MANHOLE,
    CT_BUILD_INLET,
    CT_BUILD_OUTFALL,
    CT_BUILD_STORAGE,
    CT_BUILD_JUNCTION
} ct_build_kind;

typedef struct ct_build_node {
    const char *id;
    ct_build_kind kind;
    double x_m, y_m;             // NaN: no geometry
    int64_t cell;                // under it, open; -1 = none
    double ground_m;             // NaN: unknown
    double invert_m;             // likewise
    double area_m2;              // in plan
    double level_m;              // outfall: of the water outside; NaN = a free fall
    bool sealed, flap;           // nothing passes the top; an outfall lets nothing back
    ct_drains_exchange exchange; // `node` and `level_m` come later
    size_t links, pumps;         // that keep it
    double start_m;              // level of still water at the start; NaN = dry
    uint32_t index;              // in the parameters
} ct_build_node;

typedef struct ct_build_link {
    const char *id;
    size_t from, to;                   // among the nodes; from CT_BUILD_NONE = left out
    double from_invert_m, to_invert_m; // of the pipe's wall; NaN: that of the node
    double sediment_m;
    ct_drains_conduit conduit;
    double full_height_m;
} ct_build_link;

typedef struct ct_build_pump {
    const char *id;
    size_t from, to; // to CT_BUILD_NONE: out of the network; from CT_BUILD_NONE: left out
    double capacity_m3s, on_level_m, off_level_m; // levels: NaN where it has none
    bool failed;
} ct_build_pump;

typedef struct ct_build {
    ct_drains_domain *domain;
    const ct_flood_domain *ground;
    const ct_catalogue *catalogue;
    ct_reader *reader;
    const ct_changeset *edits;
    ct_arena *arena; // scratch; ids are the domain's
    ct_strmap *by_id;
    ct_build_node *nodes;
    size_t n_nodes, cap_nodes;
    ct_build_link *links;
    size_t n_links, cap_links;
    ct_build_pump *pumps;
    size_t n_pumps, cap_pumps;
} ct_build;

// Of features, in the order of the twin.
CT_CHECKED ct_err ct_build__nodes(ct_build *b);
CT_CHECKED ct_err ct_build__links(ct_build *b); // conduits and pumps
// Bottoms of nodes, and who is left out.
CT_CHECKED ct_err ct_build__settle(ct_build *b);
// Still water from the outfalls on, and parts without a way out.
CT_CHECKED ct_err ct_build__trace(ct_build *b);
// The parameters' arrays.
CT_CHECKED ct_err ct_build__compose(ct_build *b);

CT_CHECKED ct_err ct_build__warn(ct_build *b, ct_drains_rule rule, const char *id);
// Whether the feature's network takes part.
bool ct_build__takes_part(const ct_feature *feature);

#endif
