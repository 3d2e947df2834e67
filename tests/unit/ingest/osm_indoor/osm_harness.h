// Shared by the tests of what OpenStreetMap files tell of the inside of buildings: small files in
// metres about a corner at 114 E, 30.5 N.
#ifndef TESTS_INGEST_OSM_HARNESS_H
#define TESTS_INGEST_OSM_HARNESS_H

#include "../harness.h"

#include <math.h>
#include <stdarg.h>

#define OSM(inside) "<osm version=\"0.6\">" inside "</osm>"

static char osm_text[1 << 16];
static size_t osm_n;

static inline void add(const char *format, ...) {
    va_list args;
    va_start(args, format);
    osm_n += (size_t)vsnprintf(osm_text + osm_n, sizeof osm_text - osm_n, format, args);
    va_end(args);
    assert_true(osm_n < sizeof osm_text);
}

static inline void begin_osm(void) {
    osm_n = 0;
    add("<osm version=\"0.6\">\n");
}

// A node `id` at x, y metres; `tags`: pairs "k=v|k=v", or "".
static inline void add_tags(const char *tags) {
    while (*tags) {
        const size_t n = strcspn(tags, "|"), k = strcspn(tags, "=");
        add("<tag k=\"%.*s\" v=\"%.*s\"/>", (int)k, tags, (int)(n - k - 1), tags + k + 1);
        tags += n + (tags[n] == '|');
    }
}

static inline void node(int id, double x, double y, const char *tags) {
    const double m_per_lat = 110852, m_per_lon = 95917; // at 30.5 N
    add("<node id=\"%d\" lat=\"%.9f\" lon=\"%.9f\">", id, 30.5 + y / m_per_lat,
        114 + x / m_per_lon);
    add_tags(tags);
    add("</node>\n");
}

// `refs`: node ids with blanks between.
static inline void way(int id, const char *refs, const char *tags) {
    add("<way id=\"%d\">", id);
    for (const char *at = refs; *at;) {
        char *end;
        const long ref = strtol(at, &end, 10);
        if (end == at) break;
        add("<nd ref=\"%ld\"/>", ref);
        at = end;
    }
    add_tags(tags);
    add("</way>\n");
}

// A box from x0, y0 to x1, y1 as a way with nodes 10 * id .. 10 * id + 3.
static inline void box(int id, double x0, double y0, double x1, double y1, const char *tags) {
    char refs[100];
    const double xy[4][2] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
    for (int i = 0; i < 4; i++) node(10 * id + i, xy[i][0], xy[i][1], "");
    snprintf(refs, sizeof refs, "%d %d %d %d %d", 10 * id, 10 * id + 1, 10 * id + 2, 10 * id + 3,
             10 * id);
    way(id, refs, tags);
}

// `members`: "w12:outer r3:part n4:", by blanks.
static inline void relation(int id, const char *members, const char *tags) {
    add("<relation id=\"%d\">", id);
    for (const char *at = members; *at; at += strcspn(at, " "), at += *at == ' ') {
        const size_t n = strcspn(at, " "), digits = strcspn(at, ":");
        add("<member type=\"%s\" ref=\"%.*s\" role=\"%.*s\"/>",
            *at == 'w'   ? "way"
            : *at == 'r' ? "relation"
                         : "node",
            (int)digits - 1, at + 1, (int)(n - digits - 1), at + digits + 1);
    }
    add_tags(tags);
    add("</relation>\n");
}

static inline ct_err import_osm_as(const char *name, const ct_ingest_options *o) {
    add("</osm>\n");
    must(ct_file_write(in_folder(name), osm_text, osm_n));
    return import(in_folder(name), o);
}

static inline ct_err import_osm(void) {
    const ct_ingest_options o = options_for();
    return import_osm_as("a.osm", &o);
}

static inline size_t count_class(const char *cls) {
    size_t n = 0;
    for (size_t i = 0; i < n_kept; i++) n += strcmp(kept[i].cls->name, cls) == 0;
    return n;
}

static inline bool has_id(const char *id) {
    for (size_t i = 0; i < n_kept; i++)
        if (strcmp(kept[i].id, id) == 0) return true;
    return false;
}

static inline const char *text(const char *id, const char *attr) {
    return ct_feature_text(by_id(id), attr, "");
}

static inline double number(const char *id, const char *attr) {
    return ct_feature_number(by_id(id), attr, -999);
}

#endif
