// Levels as tags write them: "0", "-1", "0.5", "0;1", "0-3", "-3--1".
#ifndef CT_INGEST_OSM_INDOOR_LEVELS_H
#define CT_INGEST_OSM_INDOOR_LEVELS_H

#include <stdbool.h>
#include <stddef.h>

// The catalogue's limits of a storey's level.
#define CT_OSM__LOWEST  (-30)
#define CT_OSM__HIGHEST 300

enum { CT_OSM__MOST_LEVELS = 400 };

typedef struct ct_osm__levels {
    size_t n;
    double at[CT_OSM__MOST_LEVELS]; // ascending, each once
} ct_osm__levels;

// Lists (; or ,) of numbers and of ranges, whose steps are of 1. False where the text is none, or
// tells levels beyond the catalogue's limits; `out` is then empty.
bool ct_osm__levels_read(ct_osm__levels *out, const char *text);
bool ct_osm__levels_have(const ct_osm__levels *levels, double level);
// Adds one, in its place; false where there is no room.
bool ct_osm__levels_add(ct_osm__levels *levels, double level);

#endif
