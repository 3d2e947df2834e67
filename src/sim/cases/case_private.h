// What the files of this module share: a case in memory. Everything lies in the case's arena.
#ifndef CT_SIM_CASES_CASE_PRIVATE_H
#define CT_SIM_CASES_CASE_PRIVATE_H

#include "base/arena.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "cimtwin/flood.h"
#include "cimtwin/street.h"
#include "geo/grid.h"
#include "sim/cases/flood_case.h"
#include "sim/cases/formula.h"
#include "sim/swmm/network.h"

typedef struct ct_case__point {
    const char *name;
    size_t cell;
    double x_m, y_m;
} ct_case__point;

// Faces that a line runs along, each from its right to its left.
typedef struct ct_case__section {
    const char *name;
    const ct_flood_face *faces;
    size_t count;
} ct_case__section;

// What a check looks at. The order is that of the names in checks.c.
typedef enum ct_case__quantity {
    CT_CASE_DEPTH,
    CT_CASE_LEVEL,
    CT_CASE_SPEED,
    CT_CASE_VELOCITY_X,
    CT_CASE_VELOCITY_Y,
    CT_CASE_MAX_DEPTH,
    CT_CASE_MAX_LEVEL,
    CT_CASE_MAX_SPEED,
    CT_CASE_MAX_HAZARD,
    CT_CASE_ARRIVAL,
    CT_CASE_VOLUME,        // in the model
    CT_CASE_VOLUME_ERROR,  // share of all water that was ever there
    CT_CASE_SOURCE_IN,     // m3 that sources, or one of them, have brought
    CT_CASE_SOURCE_OUT,    // and taken
    CT_CASE_DRAINED,       // m3 that passed from the surface into the drains, of all or of a node
    CT_CASE_SURCHARGED,    // and the other way
    CT_CASE_NODE_LEVEL,    // m, of the water in a node of the drains
    CT_CASE_DISCHARGE,     // through a section
    CT_CASE_STORAGE_LEVEL, // m, of the water in a storage
    CT_CASE_STORAGE_VOLUME,
    CT_CASE_STORAGE_MAX_LEVEL, // so far
    CT_CASE_CONNECTION_FLOW,   // m3/s, of the last step
    CT_CASE_FORWARD,           // m3 that passed a connection so far
    CT_CASE_BACKWARD,          // and the other way
    CT_CASE_QUANTITIES
} ct_case__quantity;

typedef enum ct_case__norm { CT_CASE_MEAN, CT_CASE_RMS, CT_CASE_LARGEST } ct_case__norm;

// Where `formula` is given the whole field is compared with it; else the point's value; else the
// largest value of the field.
typedef struct ct_case__check {
    ct_case__quantity quantity;
    const ct_case__point *point; // NULL = no point
    int64_t section;             // -1 = none
    int64_t source;              // index; -1 = all of them
    int64_t node;                // of the drains, likewise
    int64_t storage, connection; // -1 = none
    double at_s;
    ct_formula *formula, *where; // in x, y, t; where: only cells where it is not 0; NULL = all
    ct_case__norm norm;
    bool relative;
    double value;             // expected; NaN = only limits are given
    double at_least, at_most; // NaN = none
    double bound;
    double got, error; // after the run
    bool ok, done;
} ct_case__check;

// The drains below a case.
typedef struct ct_case__drains {
    ct_swmm_document *document;
    ct_swmm_network *network;
    ct_diagnostics *findings;
    const char *file;      // as named
    ct_drains_node *nodes; // the network's; those with exchanges are coupled
    ct_drains_exchange *exchanges;
    ct_street_place *places;
    size_t count;              // of exchanges
    size_t left;               // junctions beside the grid or below buildings: as the file has them
    ct_street_report *reports; // after the run
} ct_case__drains;

// The storages beside a case and their connections.
typedef struct ct_case__storages {
    ct_storage_area *areas;
    const char **area_names;
    size_t area_count;
    ct_storage_connection *connections;
    const char **connection_names;
    size_t connection_count;
    ct_storage_outside *outsides;
    size_t outside_count;
    ct_street_place *places;
    size_t place_count;
    // n_times rows: level and volume of each storage, flow of each connection
    double *pools, *flows;
    // after the run
    ct_storage_area_report *area_reports;
    ct_storage_flow_report *flow_reports;
} ct_case__storages;

struct ct_flood_case {
    ct_arena *arena;
    const char *path, *folder; // of the file
    const char *title, *source, *crs;
    ct_grid shape;          // v is NULL
    const uint8_t *outside; // where the terrain ends; NULL = nowhere
    bool may_end;           // while the terrain is read: NaN where there is none
    ct_flood_params params;
    ct_flood_source *sources; // params.source_count of them
    const char **source_names;
    ct_case__drains *drains;     // NULL = none
    ct_case__storages *storages; // NULL = none
    double step_s;               // between surface, drains and storages
    ct_street *street;           // that couples them, while it runs; NULL = nothing to couple
    double duration_s;
    ct_case__point *points;
    size_t n_points;
    ct_case__section *sections;
    size_t n_sections;
    ct_case__check *checks;
    size_t n_checks;
    double *times_s; // where the run stops, ascending, the start and the end included
    size_t n_times;
    size_t rows, bytes; // of tables, read so far
    double *seen;       // n_times * n_points * CT_CASE__SEEN
    double *passed;     // n_times * n_sections, m3/s
    // after the run
    uint64_t steps, hash[2];
    ct_flood_ledger ledger;
    ct_street_ledger street_ledger;
    double *source_m3; // what each source brought and took
};

enum { CT_CASE__SEEN = 4 };
extern const ct_case__quantity ct_case__seen[CT_CASE__SEEN]; // what is kept of a point at each time

// Of points at all times together; rows and bytes of all tables together.
#define CT_CASE__MAX_SEEN  (1u << 22)
#define CT_CASE__MAX_ROWS  10000000u
#define CT_CASE__MAX_BYTES (1u << 30)

enum { CT_CASE__MAX_CORNERS = 1000000 }; // of a wall or an area

// "x", "y", "t": the variables of formulas.
extern const char *const ct_case__variables[3];

// The path of a file named in the case, beside it; in the arena.
ct_err ct_case__beside(const char **out, const ct_flood_case *c, const char *name);

// fields.c: a value for each cell from a number, a formula, a raster, or a list of those of which
// each later one counts inside its polygon. *out in the arena; `where` names the field. Values
// outside [min, max] are CT_RANGE. While c->may_end, NaN tells that a raster has no value there.
ct_err ct_case__field(double **out, ct_flood_case *c, const json_t *json, const char *where,
                      double min, double max);

// series.c: [[time, value], ...], {"file", "time", "value", ...} or a number.
ct_err ct_case__series(ct_flood_series *out, ct_flood_case *c, const json_t *json,
                       const char *where, double factor, double min, double max);

// Whether a text may head a column.
bool ct_case__name_ok(const char *text);
// sections.c: after the grid.
ct_err ct_case__sections_read(ct_flood_case *c, const json_t *list);
ct_err ct_case__sections_keep(ct_flood_case *c, const ct_flood *flood, size_t time);

// sources.c: after the fields.
ct_err ct_case__sources_read(ct_flood_case *c, const json_t *list);
// The cells without buildings of "x_m", "y_m" and "radius_m" or of an "area", ascending; `cells`
// has room for all of the grid. `what` is said to lie outside where there are none.
ct_err ct_case__cells(uint32_t *cells, size_t *count, const ct_flood_case *c, const json_t *json,
                      const char *what);
// The cells without buildings of a disc about a point, ascending; how many, 0 outside the grid.
size_t ct_case__disc(uint32_t *cells, const ct_flood_case *c, double x_m, double y_m,
                     double radius_m);

// street.c: the drains below, after the sources. rained_on: the surface is, so that the file's own
// catchments are not.
ct_err ct_case__drains_read(ct_flood_case *c, const json_t *json, bool rained_on);
void ct_case__drains_free(ct_flood_case *c);
// After the run: keeps what is told of it.
ct_err ct_case__drains_conclude(ct_flood_case *c);
ct_err ct_case__drains_value(double *out, const ct_flood_case *c, const ct_case__check *check);
void ct_case__drains_json(ct_jsonw *w, const ct_flood_case *c);
void ct_case__drains_text(ct_buf *out, const ct_flood_case *c);

// storages.c: after the drains.
ct_err ct_case__storages_read(ct_flood_case *c, const json_t *storages, const json_t *connections);
ct_err ct_case__storages_plan(ct_flood_case *c); // room for what is kept, once times are known
// The storage or connection that a check names; it must where its quantity is of one.
ct_err ct_case__storages_check(ct_case__check *check, const ct_flood_case *c, const json_t *json);
// storages_report.c
bool ct_case__of_storages(ct_case__quantity quantity);
ct_err ct_case__storages_keep(ct_flood_case *c, size_t time);
ct_err ct_case__storages_conclude(ct_flood_case *c);
ct_err ct_case__storages_value(double *out, const ct_flood_case *c, const ct_case__check *check);
void ct_case__storages_json(ct_jsonw *w, const ct_flood_case *c);
void ct_case__storages_text(ct_buf *out, const ct_flood_case *c);

// coupling.c: what couples the surface with drains and storages, where there are any.
ct_err ct_case__coupling_read(ct_flood_case *c, const json_t *document);
ct_err ct_case__coupling_open(ct_flood_case *c);
// All engines to a time, step by step, as control rules of the drains' file want it.
ct_err ct_case__coupling_advance(ct_flood_case *c, double until_s);
ct_err ct_case__coupling_conclude(ct_flood_case *c);
double ct_case__coupling_error(const ct_flood_case *c); // of the volume, as a share of all water
void ct_case__coupling_json(ct_jsonw *w, const ct_flood_case *c); // the ledger

// rain.c
ct_err ct_case__rain(ct_flood_case *c, const json_t *rain);         // NULL = none
ct_err ct_case__infiltration(ct_flood_case *c, const json_t *json); // likewise

// checks.c
ct_err ct_case__checks_read(ct_flood_case *c, const json_t *list);

// The engine's arrays at one time; borrowed as ct_flood_get says. Those that look back are there
// for checks alone.
typedef struct ct_case__now {
    const double *h, *u, *v, *bed, *max_h, *max_speed, *max_hazard, *arrival;
} ct_case__now;
ct_case__now ct_case__look(const ct_flood *flood);
// A quantity that has a place, at a cell; NaN where it has no value (the level of dry ground, no
// arrival).
double ct_case__value_at(const ct_case__now *now, ct_case__quantity quantity, size_t cell);
// Does the checks that are due at the engine's time.
ct_err ct_case__checks_do(ct_flood_case *c, const ct_flood *flood, ct_case__now *now);
// The name of the point, section, source or node that it looks at; NULL = none of these.
const char *ct_case__check_place(const ct_flood_case *c, const ct_case__check *check);
const char *ct_case__quantity_name(ct_case__quantity quantity);

// files.c
ct_err ct_case__files_write(const ct_flood_case *c, const ct_flood *flood, const char *folder);

#endif
