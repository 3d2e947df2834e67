// What the files of a drains case share.
#ifndef CT_SIM_CASES_DRAINS_PRIVATE_H
#define CT_SIM_CASES_DRAINS_PRIVATE_H

#include "sim/cases/drains_case.h"
#include "sim/swmm/network.h"

typedef struct ct_drains__peak {
    double value, at_s; // at_s: since the start; NaN where there was none
} ct_drains__peak;

typedef struct ct_drains__node_seen {
    ct_drains__peak depth;
    double flooded_m3, flooded_from_s; // NaN = never
} ct_drains__node_seen;

typedef struct ct_drains__link_seen {
    ct_drains__peak flow;     // the largest by amount, with its sign
    ct_drains__peak velocity; // conduits
    ct_drains__peak depth;    // conduits, mean along it
    double volume_m3;         // that passed, from `from` to `to`
    double running_s;         // with flow
    uint32_t starts;          // from no flow to some
} ct_drains__link_seen;

struct ct_drains_case {
    ct_swmm_document *document;
    ct_swmm_network *network;
    ct_diagnostics *findings;
    ct_drains *drains;
    ct_drains__node_seen *nodes;
    ct_drains__link_seen *links[CT_SWMM_LINK_KINDS];
    ct_drains_ledger ledger;
    uint64_t steps;
    double error;           // of the volume, relative
    double inflow_error_m3; // what flowed in less what was given; 0 where an inflow draws
    double inflow_error;    // relative
};

ct_drains_array ct_drains__flow_array(ct_swmm_link_kind kind);

// drains_files.c: time series in memory, a row a report, and the files.
typedef struct ct_drains__tables ct_drains__tables;
ct_err ct_drains__tables_new(ct_drains__tables **out, const ct_drains_case *c);
void ct_drains__tables_row(ct_drains__tables *tables, const ct_drains_case *c, double time_s);
ct_err ct_drains__tables_write(const ct_drains__tables *tables, const char *folder);
void ct_drains__tables_free(ct_drains__tables *tables); // NULL is fine

#endif
