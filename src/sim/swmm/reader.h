// What the files of this module share while a network is read.
#ifndef CT_SIM_SWMM_READER_H
#define CT_SIM_SWMM_READER_H

#include "base/strmap.h"
#include "sim/swmm/network.h"

// A curve, in the file's units.
typedef struct ct_swmm__table {
    const char *name;
    const char *kind; // "STORAGE"; of a time series NULL
    size_t line;      // where it begins
    size_t count;
    double *x, *y; // a time series: s since the start
} ct_swmm__table;

typedef struct ct_swmm__tables {
    size_t count;
    ct_swmm__table *tables;
    ct_strmap *map;
} ct_swmm__tables;

typedef enum ct_swmm__pattern_kind {
    CT_SWMM__MONTHLY,
    CT_SWMM__DAILY,
    CT_SWMM__HOURLY,
    CT_SWMM__WEEKEND,
    CT_SWMM__PATTERN_KINDS
} ct_swmm__pattern_kind;

typedef struct ct_swmm__pattern {
    const char *name;
    ct_swmm__pattern_kind kind;
    size_t count; // of the factors given
    double factors[24];
} ct_swmm__pattern;

// A TRANSECT or STREET: a section of the engine in SI, and the Manning of its channel.
typedef struct ct_swmm__profile {
    const char *name;
    ct_drains_section section;
    double manning;
} ct_swmm__profile;

typedef struct ct_swmm__profiles {
    size_t count;
    ct_swmm__profile *profiles;
    ct_strmap *map;
} ct_swmm__profiles;

typedef struct ct_swmm__reader {
    const ct_swmm_document *document;
    const ct_swmm_line *lines;
    size_t count;
    ct_swmm_network *net;
    ct_arena *arena;
    ct_swmm_units units;
    ct_diagnostics *findings;
    ct_swmm__tables curves, series;
    size_t pattern_count;
    ct_swmm__pattern *patterns;
    ct_strmap *pattern_map;
    ct_swmm__profiles transects, streets;
    // the engine's arrays while they are made
    ct_drains_node *nodes;
    ct_drains_conduit *conduits;
    ct_drains_pump *pumps;
    ct_drains_orifice *orifices;
    ct_drains_weir *weirs;
    ct_drains_outlet *outlets;
    bool *sectioned[CT_SWMM_LINK_KINDS]; // links that [XSECTIONS] told of
    bool *dummies;                       // conduits that are
    double *max_depth;                   // of nodes, as given, m
    double *surcharge;                   // of nodes, m
    struct {                             // runoff of subcatchments by node, m3/s
        uint32_t node;
        ct_swmm__table table;
    } * runoff;
    size_t runoff_count;
} ct_swmm__reader;

// reader.c ---------------------------------------------------------------------------------------

// The next line with words of a section, from *at on, which moves behind it; NULL = none.
const ct_swmm_line *ct_swmm__next(const ct_swmm__reader *r, ct_swmm_section section, size_t *at);
size_t ct_swmm__count(const ct_swmm__reader *r, ct_swmm_section section); // of such lines
size_t ct_swmm__index(const ct_swmm__reader *r, const ct_swmm_line *line);

bool ct_swmm__is(const char *word, const char *keyword);          // in any case of letters
const char *ct_swmm__word(const ct_swmm_line *line, size_t word); // "" where it is missing
bool ct_swmm__has(const ct_swmm_line *line, size_t word);         // not missing, "" or "*"
ct_err ct_swmm__need(const ct_swmm__reader *r, const ct_swmm_line *line, size_t words);
// A number: of a word; `what` names it in messages.
ct_err ct_swmm__number(double *out, const ct_swmm__reader *r, const ct_swmm_line *line, size_t word,
                       const char *what);
ct_err ct_swmm__number_or(double *out, const ct_swmm__reader *r, const ct_swmm_line *line,
                          size_t word, double otherwise, const char *what);
ct_err ct_swmm__yes_or(bool *out, const ct_swmm__reader *r, const ct_swmm_line *line, size_t word,
                       bool otherwise);
bool ct_swmm__read_number(double *out, const char *word);
bool ct_swmm__read_date(int64_t *days, const char *word);   // M/D/YYYY, days since 1970
bool ct_swmm__read_time(double *seconds, const char *word); // H:M[:S] or hours

void ct_swmm__find(const ct_swmm__reader *r, const ct_swmm_line *line, const char *rule,
                   const char *format, ...) CT_PRINTF(4, 5); // a warning
void ct_swmm__tell(const ct_swmm__reader *r, const ct_swmm_line *line, const char *rule,
                   const char *format, ...) CT_PRINTF(4, 5); // what is good to know

// Names: kept in upper case, borrowed from the arena.
ct_err ct_swmm__name_put(const ct_swmm__reader *r, ct_strmap *map, const char *name, size_t value);
bool ct_swmm__name_get(size_t *value, const ct_strmap *map, const char *name);

// options.c, tables.c, transects.c, nodes.c, links.c, sections.c, inflows.c, places.c ------------
ct_err ct_swmm__read_options(ct_swmm__reader *r);
ct_err ct_swmm__read_curves(ct_swmm__reader *r);
ct_err ct_swmm__read_series(ct_swmm__reader *r);
ct_err ct_swmm__read_patterns(ct_swmm__reader *r);
ct_err ct_swmm__read_transects(ct_swmm__reader *r);
ct_err ct_swmm__read_streets(ct_swmm__reader *r);
ct_err ct_swmm__read_nodes(ct_swmm__reader *r);
ct_err ct_swmm__read_links(ct_swmm__reader *r);
ct_err ct_swmm__read_sections(ct_swmm__reader *r);
ct_err ct_swmm__read_losses(ct_swmm__reader *r);
ct_err ct_swmm__read_runoff(ct_swmm__reader *r); // runoff.c
ct_err ct_swmm__read_inflows(ct_swmm__reader *r);
ct_err ct_swmm__read_places(ct_swmm__reader *r);
void ct_swmm__tell_sections(ct_swmm__reader *r); // what is kept only

// A curve by the name in a word; `kinds` = the types that fit, parted by blanks.
ct_err ct_swmm__curve(const ct_swmm__table **out, const ct_swmm__reader *r,
                      const ct_swmm_line *line, size_t word, const char *kinds);
ct_err ct_swmm__one_series(const ct_swmm__table **out, const ct_swmm__reader *r,
                           const ct_swmm_line *line, size_t word);
// A table times factors, in the arena.
ct_err ct_swmm__scaled(ct_drains_curve *out, const ct_swmm__reader *r, const ct_swmm__table *table,
                       double x_factor, double y_factor);
void ct_swmm__calendar(int64_t days, int *year, int *month, int *yearday); // months and days from 1
// Whether a time is on a Saturday or Sunday, and a pattern's factor then; s since the start.
bool ct_swmm__is_weekend(const ct_swmm__reader *r, double time_s);
double ct_swmm__factor_at(const ct_swmm__reader *r, const ct_swmm__pattern *pattern, double time_s);

// nodes.c: the opening of a top that is open, by the area below it; the area of a storage.
double ct_swmm__opening(double area_m2);
double ct_swmm__storage_area(const ct_drains_node *node, double depth_m);

// shapes.c: a shape that the engine has no formula for, as a table of widths.
ct_err ct_swmm__shape(ct_drains_section *out, bool *known, const ct_swmm__reader *r,
                      const char *shape, const double geometry[4]);
// The standard sizes of pipe makers by their number from 1; m. False: there is none.
bool ct_swmm__standard_ellipse(double code, double *minor_m, double *major_m);
bool ct_swmm__standard_arch(double code, double *height_m, double *width_m);

#endif
