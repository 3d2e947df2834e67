// Which elements may be inside a building, as what, and on which levels.
#include <string.h>

#include "ingest/osm_indoor/inside.h"

static bool one_of(const char *text, const char *const *list) {
    for (; text && *list; list++)
        if (strcmp(text, *list) == 0) return true;
    return false;
}

static bool is_yes(const ct_osm__element *e, const char *key) {
    const char *text = ct_osm__get(e, key);
    return text && strcmp(text, "no") != 0;
}

// Whether something is an area by its tags, where a ring could be a line too.
static bool is_area(const ct_osm__element *e) {
    return e->kind == 'r' || (ct_osm__is_closed(e) && ct_osm__has(e, "area", "yes"));
}

// ---- kinds --------------------------------------------------------------------------------------

static ct_osm__kind node_kind(const ct_osm__element *e) {
    if (ct_osm__has(e, "highway", "elevator")) return CT_OSM__LIFT;
    if (ct_osm__get(e, "door") || is_yes(e, "entrance") || ct_osm__has(e, "indoor", "door"))
        return CT_OSM__DOOR;
    return is_yes(e, "window") || ct_osm__has(e, "indoor", "window") ? CT_OSM__WINDOW
                                                                     : CT_OSM__NOTHING;
}

// Ways for people by their highway=*: lines unless they say that they are areas.
static ct_osm__kind highway_kind(const ct_osm__element *e, bool *area) {
    static const char *const ways[] = {"corridor",   "footway", "path",
                                       "pedestrian", "service", NULL};
    const char *highway = ct_osm__get(e, "highway");
    const bool steps = highway && strcmp(highway, "steps") == 0;
    if (!steps && !one_of(highway, ways)) return CT_OSM__NOTHING;
    if (!steps && strcmp(highway, "corridor") != 0 && !ct_osm__get(e, "level"))
        return CT_OSM__NOTHING;
    *area = is_area(e);
    if (*area) return CT_OSM__SPACE;
    if (e->kind == 'r') return CT_OSM__NOTHING;
    return steps ? CT_OSM__STEPS : CT_OSM__WALKLINE;
}

static ct_osm__kind area_kind(const ct_osm__element *e, ct_osm__thing *t) {
    static const char *const open[] = {"area", "corridor", NULL};
    static const char *const parts[] = {"room", "corridor", "hall", "verticalpassage", NULL};
    static const char *const columns[] = {"column", "pillar", NULL};
    const char *indoor = ct_osm__get(e, "indoor"), *part = ct_osm__get(e, "buildingpart");
    const bool ring = e->kind == 'r' || ct_osm__is_closed(e);
    bool area = false;
    if (indoor && strcmp(indoor, "level") == 0) return CT_OSM__LEVEL;
    if (indoor && strcmp(indoor, "wall") == 0) return CT_OSM__WALL;
    if (one_of(indoor, columns)) return CT_OSM__COLUMN;
    t->walls = !one_of(indoor, open) && !(part && strcmp(part, "corridor") == 0);
    if (indoor && strcmp(indoor, "corridor") == 0 && !ring)
        return e->kind == 'w' ? CT_OSM__WALKLINE : CT_OSM__NOTHING;
    if (indoor && (one_of(indoor, open) || strcmp(indoor, "room") == 0)) return CT_OSM__SPACE;
    if (one_of(part, parts) || (ring && is_yes(e, "room")) || (ring && t->lift))
        return CT_OSM__SPACE;
    if (ring && t->stairs && !ct_osm__get(e, "highway")) return CT_OSM__SPACE;
    const ct_osm__kind kind = highway_kind(e, &area);
    if (area || kind == CT_OSM__WALKLINE) t->walls = false;
    return kind;
}

static void look_at(ct_osm__thing *t, const ct_osm__element *e) {
    static const char *const stairs[] = {"stairs",    "stair",     "steps",
                                         "staircase", "stairwell", NULL};
    static const char *const lifts[] = {"elevator", "lift", NULL};
    const char *room = ct_osm__get(e, "room"),
               *part = ct_osm__get(e, "buildingpart:verticalpassage");
    *t = (ct_osm__thing){.of = e, .building = CT_OSM__NONE};
    t->stairs = is_yes(e, "stairs") || one_of(room, stairs) || one_of(part, stairs) ||
                (is_area(e) && ct_osm__has(e, "highway", "steps"));
    t->lift = is_yes(e, "elevator") || one_of(room, lifts) || one_of(part, lifts) ||
              ct_osm__has(e, "highway", "elevator");
    if (e->kind == 'r' && !ct_osm__has(e, "type", "multipolygon")) return;
    t->kind = e->kind == 'n' ? node_kind(e) : area_kind(e, t);
}

// ---- levels -------------------------------------------------------------------------------------

static ct_err read_levels(ct_osm__run *out, ct_osm__inside *in, const ct_osm__thing *t,
                          const char *key) {
    const char *text = ct_osm__get(t->of, key);
    ct_osm__levels levels;
    if (!text) return CT_OK;
    if (ct_osm__levels_read(&levels, text)) {
        double *at = ct_arena_calloc(in->arena, levels.n, sizeof *at);
        if (!at) return CT_NOMEM;
        memcpy(at, levels.at, levels.n * sizeof *at);
        *out = (ct_osm__run){.n = levels.n, .at = at};
    } else {
        ct_osm__tell(in->d, "level-unreadable", t->of,
                     "%s=\"%.60s\" is no list of levels between %d and %d; %s", key, text,
                     CT_OSM__LOWEST, CT_OSM__HIGHEST,
                     strcmp(key, "level") == 0 ? "it counts as missing" : "there are no copies");
    }
    return CT_OK;
}

// Rooms without a level are on 0, told; doors take that of their rooms; lines are outdoors.
static ct_err take_levels(ct_osm__inside *in, ct_osm__thing *t) {
    static const double ground;
    CT_TRY(read_levels(&t->levels, in, t, "level"));
    CT_TRY(read_levels(&t->repeats, in, t, "repeat_on"));
    const bool indoors = t->kind == CT_OSM__SPACE || t->kind == CT_OSM__LEVEL ||
                         t->kind == CT_OSM__COLUMN || t->kind == CT_OSM__WALL;
    if (t->levels.n || !indoors) return CT_OK;
    if (t->repeats.n) { // the copies are all that is told
        t->levels = (ct_osm__run){.n = 1, .at = t->repeats.at};
        return CT_OK;
    }
    ct_osm__tell(in->d, "level-missing", t->of, "it has no level; it is taken to be on level 0");
    t->levels = (ct_osm__run){.n = 1, .at = &ground};
    return CT_OK;
}

// ---- shapes -------------------------------------------------------------------------------------

static ct_err take_shape(ct_osm__inside *in, ct_osm__thing *t) {
    const ct_osm__element *e = t->of;
    switch (t->kind) {
    case CT_OSM__SPACE:
    case CT_OSM__LEVEL:
    case CT_OSM__COLUMN: CT_TRY(ct_osm__area(&t->geom, in, e, false)); break;
    case CT_OSM__WALL:
        if (is_area(e))
            CT_TRY(ct_osm__area(&t->geom, in, e, false));
        else if (e->kind == 'w')
            CT_TRY(ct_osm__line(&t->geom, in, e));
        break;
    case CT_OSM__WALKLINE:
    case CT_OSM__STEPS:
    case CT_OSM__RAMP: CT_TRY(ct_osm__line(&t->geom, in, e)); break;
    case CT_OSM__LIFT:
    case CT_OSM__DOOR:
    case CT_OSM__WINDOW: CT_TRY(ct_osm__point(&t->geom, in, e)); break;
    case CT_OSM__NOTHING: break;
    }
    if (t->geom.type != CT_GEOM_NONE) ct_osm__middle(t->at, &t->geom);
    return CT_OK;
}

static ct_err take(ct_osm__inside *in, const ct_osm__list *list) {
    for (size_t i = 0; i < list->n; i++) {
        ct_osm__thing t;
        if (!list->at[i].n_tags) continue;
        look_at(&t, &list->at[i]);
        if (t.kind == CT_OSM__NOTHING) continue;
        CT_TRY(take_levels(in, &t));
        if (t.kind == CT_OSM__WALKLINE && t.levels.n > 1) t.kind = CT_OSM__RAMP;
        CT_TRY(take_shape(in, &t));
        if (t.geom.type == CT_GEOM_NONE) continue;
        CT_TRY(ct_osm__room(&in->things, &in->thing_room, in->n_things, sizeof t, in->arena));
        in->things[in->n_things++] = t;
    }
    return CT_OK;
}

ct_err ct_osm__things(ct_osm__inside *in) {
    CT_TRY(take(in, &in->d->ways));
    CT_TRY(take(in, &in->d->relations));
    return take(in, &in->d->nodes);
}
