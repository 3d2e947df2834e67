// A SWMM 5 project file (.inp) as a document: its lines with their sections and words. What is not
// changed is written back as it was read, to the byte: comments, blanks, unknown sections. What the
// lines mean is told by sim/swmm/network.h.
//
// A line is words parted by blanks and tabs; "quoted words" may have blanks in them; a semicolon
// begins a comment. A section begins with its name in brackets, in any case of letters, and may be
// shortened as SWMM allows ([JUNC]).
#ifndef CT_INGEST_SWMM_DOCUMENT_H
#define CT_INGEST_SWMM_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define CT_SWMM_MAX_BYTES ((size_t)512 << 20)
#define CT_SWMM_MAX_WORDS 1000 // of a line

// name, the shortest form that is understood
#define CT_SWMM_SECTION_LIST(X)                                                                    \
    X(TITLE, "TITLE")                                                                              \
    X(OPTIONS, "OPTION")                                                                           \
    X(REPORT, "REPORT")                                                                            \
    X(FILES, "FILE")                                                                               \
    X(RAINGAGES, "RAINGAGE")                                                                       \
    X(EVAPORATION, "EVAP")                                                                         \
    X(TEMPERATURE, "TEMPERATURE")                                                                  \
    X(ADJUSTMENTS, "ADJUSTMENT")                                                                   \
    X(SUBCATCHMENTS, "SUBCATCHMENT")                                                               \
    X(SUBAREAS, "SUBAREA")                                                                         \
    X(INFILTRATION, "INFIL")                                                                       \
    X(LID_CONTROLS, "LID_CONTROL")                                                                 \
    X(LID_USAGE, "LID_USAGE")                                                                      \
    X(AQUIFERS, "AQUIFER")                                                                         \
    X(GROUNDWATER, "GROUNDWATER")                                                                  \
    X(GWF, "GWF")                                                                                  \
    X(SNOWPACKS, "SNOWPACK")                                                                       \
    X(JUNCTIONS, "JUNC")                                                                           \
    X(OUTFALLS, "OUTFALL")                                                                         \
    X(DIVIDERS, "DIVIDER")                                                                         \
    X(STORAGE, "STORAGE")                                                                          \
    X(CONDUITS, "CONDUIT")                                                                         \
    X(PUMPS, "PUMP")                                                                               \
    X(ORIFICES, "ORIFICE")                                                                         \
    X(WEIRS, "WEIR")                                                                               \
    X(OUTLETS, "OUTLET")                                                                           \
    X(XSECTIONS, "XSECT")                                                                          \
    X(TRANSECTS, "TRANSECT")                                                                       \
    X(STREETS, "STREET")                                                                           \
    X(INLETS, "INLET")                                                                             \
    X(INLET_USAGE, "INLET_USAGE")                                                                  \
    X(LOSSES, "LOSS")                                                                              \
    X(CONTROLS, "CONTROL")                                                                         \
    X(POLLUTANTS, "POLLUT")                                                                        \
    X(LANDUSES, "LANDUSE")                                                                         \
    X(COVERAGES, "COVERAGE")                                                                       \
    X(LOADINGS, "LOADING")                                                                         \
    X(BUILDUP, "BUILDUP")                                                                          \
    X(WASHOFF, "WASHOFF")                                                                          \
    X(TREATMENT, "TREATMENT")                                                                      \
    X(INFLOWS, "INFLOW")                                                                           \
    X(DWF, "DWF")                                                                                  \
    X(RDII, "RDII")                                                                                \
    X(HYDROGRAPHS, "HYDROGRAPH")                                                                   \
    X(CURVES, "CURVE")                                                                             \
    X(TIMESERIES, "TIMESERIES")                                                                    \
    X(PATTERNS, "PATTERN")                                                                         \
    X(EVENTS, "EVENT")                                                                             \
    X(MAP, "MAP")                                                                                  \
    X(POLYGONS, "POLYGON")                                                                         \
    X(COORDINATES, "COORDINATE")                                                                   \
    X(VERTICES, "VERTICES")                                                                        \
    X(LABELS, "LABEL")                                                                             \
    X(SYMBOLS, "SYMBOL")                                                                           \
    X(BACKDROP, "BACKDROP")                                                                        \
    X(TAGS, "TAG")                                                                                 \
    X(PROFILES, "PROFILE")

typedef enum ct_swmm_section {
#define CT_SWMM_SECTION_ENUM(name, stem) CT_SWMM_##name,
    CT_SWMM_SECTION_LIST(CT_SWMM_SECTION_ENUM)
#undef CT_SWMM_SECTION_ENUM
        CT_SWMM_UNKNOWN, // a section of another name
    CT_SWMM_BEFORE,      // what stands before the first section: comments only
    CT_SWMM_SECTIONS
} ct_swmm_section;

typedef struct ct_swmm_line {
    const char *text; // without its end
    const char *end;  // "\n", "\r\n" or "" (the last)
    size_t number;    // from 1
    ct_swmm_section section;
    bool header;              // [SECTION]
    size_t count;             // of words; 0 = blank or comment
    const char *const *words; // without quotes
} ct_swmm_line;

typedef struct ct_swmm_document ct_swmm_document; // one thread at a time

// Errors name file and line: CT_PARSE (no section before the first words, a quotation without end,
// a NUL), CT_LIMIT, CT_NOTFOUND, CT_IO, CT_NOMEM.
CT_CHECKED ct_err ct_swmm_read(ct_swmm_document **out, const char *path);
// `name` goes into messages; a path, where files named inside are to be found beside it.
CT_CHECKED ct_err ct_swmm_parse(ct_swmm_document **out, const char *name, const char *text,
                                size_t length);
void ct_swmm_free(ct_swmm_document *document); // NULL is fine

const char *ct_swmm_name(const ct_swmm_document *document);
// The lines in the order of the file; borrowed until the next change.
const ct_swmm_line *ct_swmm_lines(const ct_swmm_document *document, size_t *count);
const char *ct_swmm_section_name(ct_swmm_section section); // "CONDUITS"; "" for the last two

// Changes: one word of a line, whose other words, blanks and comment stay; a line of words behind
// the last one of a section, which is made at the end where it is missing; a line taken out.
// CT_ARG: no such line or word, a text that is not one line or (set) one word. CT_NOMEM.
CT_CHECKED ct_err ct_swmm_set(ct_swmm_document *document, size_t line, size_t word,
                              const char *text);
CT_CHECKED ct_err ct_swmm_add(ct_swmm_document *document, ct_swmm_section section,
                              const char *text);
CT_CHECKED ct_err ct_swmm_remove(ct_swmm_document *document, size_t line);

void ct_swmm_put(ct_buf *out, const ct_swmm_document *document); // the whole file
CT_CHECKED ct_err ct_swmm_write(const ct_swmm_document *document, const char *path);

// `err` with the message "FILE line N, [SECTION]: ...".
CT_CHECKED ct_err ct_swmm_fail(const ct_swmm_document *document, const ct_swmm_line *line,
                               ct_err err, const char *format, ...) CT_PRINTF(4, 5);
#if defined(__GNUC__)
// As with ct_fail: the compiler sees that the error comes back.
#define ct_swmm_fail(document, line, err, ...)                                                     \
    (__extension__({                                                                               \
        const ct_err ct_swmm_err_ = (err);                                                         \
        const ct_err ct_swmm_same_ = ct_swmm_fail(document, line, ct_swmm_err_, __VA_ARGS__);      \
        (void)ct_swmm_same_;                                                                       \
        ct_swmm_err_;                                                                              \
    }))
#endif
// "FILE line N, [SECTION]" alone, at most `room` bytes.
void ct_swmm_where(char *out, size_t room, const ct_swmm_document *document,
                   const ct_swmm_line *line);

#endif
