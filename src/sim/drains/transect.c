// The outline of a surveyed cross-section, with banks of other roughness.
//
// Banks share the water level, not the velocity: their conveyances A (A / P)^(2/3) / n are added
// (Chow, Open-Channel Hydraulics, 1959, section 6-6), and the outline gets the one perimeter that
// gives their sum with the channel's own Manning.
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sim/drains/shape.h"

enum { LEFT, CHANNEL, RIGHT, ZONES, BETWEEN = 8 }; // BETWEEN: knots from one point's height on

typedef struct zone {
    double area, perimeter;
} zone;

typedef struct points {
    size_t count, level_count;
    double *x, *z, *levels;
    double lowest;
    const ct_drains_section *section;
} points;

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static bool has_banks(const ct_drains_section *s) {
    return s->bank_left_m < s->bank_right_m;
}

static int zone_of(const ct_drains_section *s, double x) {
    if (!has_banks(s)) return CHANNEL;
    if (x < s->bank_left_m) return LEFT;
    return x > s->bank_right_m ? RIGHT : CHANNEL;
}

// The part of a straight piece of bed that lies under a level. A flat piece at the level counts
// only `above` it.
static double add_piece(zone *into, double dx, double z1, double z2, double level, bool above) {
    double low = fmin(z1, z2), high = fmax(z1, z2);
    if (low > level || (low == level && !(above && high == level))) return 0;
    double share = high <= level ? 1 : (level - low) / (high - low);
    double mean_depth = high <= level ? level - 0.5 * (z1 + z2) : 0.5 * (level - low);
    into->area += share * dx * mean_depth;
    into->perimeter += share * hypot(dx, z2 - z1);
    return share * dx;
}

static void add_point(ct_drains__outline *out, const points *p, double manning, double level,
                      bool above) {
    const ct_drains_section *s = p->section;
    zone zones[ZONES] = {{0, 0}, {0, 0}, {0, 0}};
    double width = 0, area = 0, wet = 0, conveyance = 0;
    for (size_t i = 0; i + 1 < p->count; i++) {
        int z = zone_of(s, 0.5 * (p->x[i] + p->x[i + 1]));
        width += add_piece(&zones[z], p->x[i + 1] - p->x[i], p->z[i], p->z[i + 1], level, above);
    }
    size_t last = p->count - 1;
    zones[zone_of(s, p->x[0])].perimeter += fmax(0, level - p->z[0]);
    zones[zone_of(s, p->x[last])].perimeter += fmax(0, level - p->z[last]);
    double banks[ZONES] = {s->manning_left, 0, s->manning_right};
    for (int z = 0; z < ZONES; z++) {
        double rough = banks[z] > 0 && manning > 0 ? banks[z] / manning : 1;
        area += zones[z].area;
        wet += zones[z].perimeter;
        if (zones[z].area > 0) {
            conveyance += pow(zones[z].area, 5.0 / 3) / pow(zones[z].perimeter, 2.0 / 3) / rough;
        }
    }
    bool whole = !has_banks(s) || !(conveyance > 0);
    double perimeter = whole ? wet : pow(pow(area, 5.0 / 3) / conveyance, 1.5);
    ct_drains__outline_add(out, level - p->lowest, width, perimeter);
}

// The point where the bed passes a bank's station, if it lies within the piece that ends at i.
static void add_bank(points *p, double station, double x, double z, const ct_drains_curve *t,
                     size_t i) {
    if (!(station > t->x[i - 1] && station < x)) return;
    double share = (station - t->x[i - 1]) / (x - t->x[i - 1]);
    p->x[p->count] = station;
    p->z[p->count++] = t->y[i - 1] + share * (z - t->y[i - 1]);
}

static ct_err points_new(points *p, const ct_drains_section *s) {
    const ct_drains_curve *t = &s->table;
    size_t room = t->count + 3;
    p->section = s;
    p->x = ct_calloc(3 * room, sizeof *p->x);
    if (!p->x) return CT_NOMEM;
    p->z = p->x + room;
    p->levels = p->z + room;
    for (size_t i = 0; i < t->count; i++) {
        if (i > 0 && has_banks(s)) {
            add_bank(p, s->bank_left_m, t->x[i], t->y[i], t, i);
            add_bank(p, s->bank_right_m, t->x[i], t->y[i], t, i);
        }
        p->x[p->count] = t->x[i];
        p->z[p->count++] = t->y[i];
    }
    for (size_t i = 0; i < p->count; i++) p->levels[i] = p->z[i];
    qsort(p->levels, p->count, sizeof *p->levels, by_value);
    p->lowest = p->levels[0];
    p->level_count = p->count;
    // As much again above the highest point: there the banks' conveyance has yet to grow.
    double highest = p->levels[p->count - 1];
    if (!s->capped) p->levels[p->level_count++] = 2 * highest - p->lowest;
    return CT_OK;
}

ct_err ct_drains__transect_outline(ct_drains__outline *out, const ct_drains_section *in,
                                   double manning) {
    points p = {0};
    ct_err err = points_new(&p, in);
    if (err == CT_OK) err = ct_drains__outline_room(out, (BETWEEN + 2) * (p.count + 1));
    for (size_t i = 0; i < p.level_count && err == CT_OK; i++) {
        if (i > 0 && p.levels[i] == p.levels[i - 1]) continue;
        double here = p.levels[i], next = here;
        for (size_t j = i + 1; j < p.level_count && next == here; j++) next = p.levels[j];
        if (i > 0) add_point(out, &p, manning, here, false);
        add_point(out, &p, manning, here, true);
        for (int k = 1; k < BETWEEN && next > here; k++) {
            double share = (double)k / BETWEEN; // dense where a bank begins to flood
            add_point(out, &p, manning, here + (next - here) * share * share, true);
        }
    }
    ct_free(p.x);
    return err;
}
