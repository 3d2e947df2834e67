// [TRANSECTS], in the words of HEC-2 (NC, X1, GR), and [STREETS].
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "sim/swmm/reader.h"

enum { MAX_STATIONS = 2000 };

static ct_err begin(ct_swmm__reader *r, ct_swmm__profiles *all, size_t most) {
    all->profiles = ct_arena_calloc(r->arena, most + 1, sizeof *all->profiles);
    all->map = ct_strmap_new(most);
    return all->profiles && all->map ? CT_OK : CT_NOMEM;
}

static ct_err new_profile(ct_swmm__reader *r, ct_swmm__profiles *all, const ct_swmm_line *line,
                          const char *name, ct_swmm__profile **out) {
    size_t index;
    if (ct_swmm__name_get(&index, all->map, name))
        return ct_swmm_fail(r->document, line, CT_EXISTS, "there is a %.60s already", name);
    index = all->count++;
    *out = &all->profiles[index];
    (*out)->name = name;
    (*out)->section.shape = CT_DRAINS_TRANSECT;
    return ct_swmm__name_put(r, all->map, name, index);
}

// ---- transects ---------------------------------------------------------------------------------

typedef struct survey {
    double left, right, channel; // Manning; they hold until others come
    ct_swmm__profile *profile;   // the one whose stations follow; NULL = none yet
    double *x, *z;
    double width_factor, rise; // of stations; of elevations
    size_t wanted, count;
} survey;

// What is left blank stays what it was.
static ct_err take_roughness(survey *s, ct_swmm__reader *r, const ct_swmm_line *line) {
    double n[3];
    for (size_t i = 0; i < 3; i++)
        CT_TRY(ct_swmm__number_or(&n[i], r, line, 1 + i, 0, "roughness"));
    if (n[0] > 0) s->left = n[0];
    if (n[1] > 0) s->right = n[1];
    if (n[2] > 0) s->channel = n[2];
    return CT_OK;
}

static ct_err finish(survey *s, ct_swmm__reader *r, const ct_swmm_line *line) {
    if (!s->profile) return CT_OK;
    if (s->count != s->wanted || s->count < 2) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "transect %.60s has %zu stations, not %zu",
                            s->profile->name, s->count, s->wanted);
    }
    s->profile->section.table = (ct_drains_curve){s->count, s->x, s->z};
    s->profile = NULL;
    return CT_OK;
}

static ct_err take_head(survey *s, ct_swmm__reader *r, const ct_swmm_line *line) {
    double stations, left, right, factor, meander, rise;
    const double unit = r->units.length_m;
    CT_TRY(ct_swmm__need(r, line, 3));
    CT_TRY(new_profile(r, &r->transects, line, line->words[1], &s->profile));
    CT_TRY(ct_swmm__number(&stations, r, line, 2, "number of stations"));
    CT_TRY(ct_swmm__number_or(&left, r, line, 3, 0, "left bank"));
    CT_TRY(ct_swmm__number_or(&right, r, line, 4, 0, "right bank"));
    CT_TRY(ct_swmm__number_or(&meander, r, line, 7, 0, "factor of meandering"));
    CT_TRY(ct_swmm__number_or(&factor, r, line, 8, 0, "factor of stations"));
    CT_TRY(ct_swmm__number_or(&rise, r, line, 9, 0, "rise of elevations"));
    if (!(stations >= 2 && stations <= MAX_STATIONS))
        return ct_swmm_fail(r->document, line, CT_LIMIT, "%.60s: %g stations, not 2 to %d",
                            line->words[1], stations, MAX_STATIONS);
    if (!(s->channel > 0))
        return ct_swmm_fail(r->document, line, CT_PARSE, "%.60s: no NC line gave its roughness",
                            line->words[1]);
    s->width_factor = (factor == 0 ? 1 : factor) * unit;
    s->rise = rise;
    s->wanted = (size_t)stations;
    s->count = 0;
    s->x = ct_arena_calloc(r->arena, 2 * s->wanted, sizeof *s->x);
    if (!s->x) return CT_NOMEM;
    s->z = s->x + s->wanted;
    s->profile->manning = s->channel;
    s->profile->section.manning_left = s->left;
    s->profile->section.manning_right = s->right;
    s->profile->section.bank_left_m = left * s->width_factor;
    s->profile->section.bank_right_m = right * s->width_factor;
    if (meander != 0 && meander != 1)
        ct_swmm__find(r, line, "swmm-meander", "%s: its channel is as long as its banks",
                      line->words[1]);
    return CT_OK;
}

static ct_err take_stations(survey *s, ct_swmm__reader *r, const ct_swmm_line *line) {
    if (!s->profile)
        return ct_swmm_fail(r->document, line, CT_PARSE, "stations before their X1 line");
    for (size_t word = 1; word < line->count; word += 2) {
        double z, x;
        CT_TRY(ct_swmm__number(&z, r, line, word, "elevation"));
        CT_TRY(ct_swmm__number(&x, r, line, word + 1, "station"));
        if (s->count == s->wanted)
            return ct_swmm_fail(r->document, line, CT_PARSE, "more stations than X1 told of");
        s->x[s->count] = x * s->width_factor;
        s->z[s->count] = (z + s->rise) * r->units.length_m;
        if (s->count > 0 && s->x[s->count] < s->x[s->count - 1])
            return ct_swmm_fail(r->document, line, CT_RANGE, "station %g does not ascend", x);
        s->count++;
    }
    return CT_OK;
}

ct_err ct_swmm__read_transects(ct_swmm__reader *r) {
    survey s = {0};
    const ct_swmm_line *line, *last = NULL;
    CT_TRY(begin(r, &r->transects, ct_swmm__count(r, CT_SWMM_TRANSECTS)));
    for (size_t at = 0; (line = ct_swmm__next(r, CT_SWMM_TRANSECTS, &at)); last = line) {
        const char *key = line->words[0];
        if (ct_swmm__is(key, "NC")) {
            CT_TRY(finish(&s, r, line));
            CT_TRY(take_roughness(&s, r, line));
        } else if (ct_swmm__is(key, "X1")) {
            CT_TRY(finish(&s, r, line));
            CT_TRY(take_head(&s, r, line));
        } else if (ct_swmm__is(key, "GR")) {
            CT_TRY(take_stations(&s, r, line));
        } else {
            return ct_swmm_fail(r->document, line, CT_PARSE, "\"%.40s\" is not NC, X1 or GR", key);
        }
    }
    return last ? finish(&s, r, last) : CT_OK;
}

// ---- streets -----------------------------------------------------------------------------------

typedef struct street {
    double crown, curb, slope, roughness; // width from curb to crown, height, rise per run
    double gutter_drop, gutter_width;
    double sides, back_width, back_slope, back_roughness;
} street;

static ct_err read_street(street *s, ct_swmm__reader *r, const ct_swmm_line *line) {
    const double unit = r->units.length_m;
    CT_TRY(ct_swmm__number(&s->crown, r, line, 1, "width to the crown"));
    CT_TRY(ct_swmm__number(&s->curb, r, line, 2, "height of the curb"));
    CT_TRY(ct_swmm__number(&s->slope, r, line, 3, "cross slope"));
    CT_TRY(ct_swmm__number(&s->roughness, r, line, 4, "roughness"));
    CT_TRY(ct_swmm__number_or(&s->gutter_drop, r, line, 5, 0, "depression of the gutter"));
    CT_TRY(ct_swmm__number_or(&s->gutter_width, r, line, 6, 0, "width of the gutter"));
    CT_TRY(ct_swmm__number_or(&s->sides, r, line, 7, 2, "number of sides"));
    CT_TRY(ct_swmm__number_or(&s->back_width, r, line, 8, 0, "width behind the curb"));
    CT_TRY(ct_swmm__number_or(&s->back_slope, r, line, 9, 0, "slope behind the curb"));
    CT_TRY(ct_swmm__number_or(&s->back_roughness, r, line, 10, 0, "roughness behind the curb"));
    if (!(s->crown > 0 && s->curb >= 0 && s->slope > 0 && s->roughness > 0 && s->gutter_drop >= 0 &&
          s->gutter_width >= 0 && s->gutter_width <= s->crown && s->back_width >= 0 &&
          (s->sides == 1 || s->sides == 2)))
        return ct_swmm_fail(r->document, line, CT_RANGE, "%s: these are no dimensions of a street",
                            line->words[0]);
    s->slope /= 100; // percent
    s->back_slope /= 100;
    s->crown *= unit;
    s->curb *= unit;
    s->gutter_drop *= unit;
    s->gutter_width *= unit;
    s->back_width *= unit;
    return CT_OK;
}

// From behind the left curb to the crown; mirrored for the other side, or ended by a wall at the
// crown. Heights are over the curb's foot, the gutter's lowest line. The curb's height is that over
// a gutter that is not depressed.
static ct_err lay_street(ct_swmm__reader *r, const street *s, ct_swmm__profile *p) {
    double x[12], z[12];
    size_t n = 0;
    const double back = s->back_width;
    const double top = s->curb + s->gutter_drop, crown = s->gutter_drop + s->slope * s->crown;
    if (back > 0) {
        x[n] = 0;
        z[n++] = fmax(crown, top + back * s->back_slope); // as high as the crown, as in SWMM
    }
    x[n] = back;
    z[n++] = top;
    x[n] = back;
    z[n++] = 0;
    if (s->gutter_width > 0 && s->gutter_width < s->crown) {
        x[n] = back + s->gutter_width;
        z[n++] = s->gutter_drop + s->slope * s->gutter_width;
    }
    x[n] = back + s->crown;
    z[n++] = crown;
    const double middle = back + s->crown;
    if (s->sides == 2) {
        for (size_t i = n - 1; i-- > 0; n++) {
            x[n] = 2 * middle - x[i];
            z[n] = z[i];
        }
    } else if (z[0] > crown) {
        x[n] = middle;
        z[n++] = z[0];
    }
    double *kept = ct_arena_calloc(r->arena, 2 * n, sizeof *kept);
    if (!kept) return CT_NOMEM;
    memcpy(kept, x, n * sizeof *x);
    memcpy(kept + n, z, n * sizeof *z);
    p->section.table = (ct_drains_curve){n, kept, kept + n};
    p->manning = s->roughness;
    if (back > 0 && s->back_roughness > 0) {
        p->section.bank_left_m = back;
        p->section.bank_right_m = s->sides == 2 ? 2 * middle - back : middle;
        p->section.manning_left = s->back_roughness;
        p->section.manning_right = s->sides == 2 ? s->back_roughness : 0;
    }
    return CT_OK;
}

ct_err ct_swmm__read_streets(ct_swmm__reader *r) {
    const ct_swmm_line *line;
    CT_TRY(begin(r, &r->streets, ct_swmm__count(r, CT_SWMM_STREETS)));
    for (size_t at = 0; (line = ct_swmm__next(r, CT_SWMM_STREETS, &at));) {
        street s;
        ct_swmm__profile *p;
        CT_TRY(read_street(&s, r, line));
        CT_TRY(new_profile(r, &r->streets, line, line->words[0], &p));
        CT_TRY(lay_street(r, &s, p));
    }
    return CT_OK;
}
