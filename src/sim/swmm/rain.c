// [RAINGAGES] and [EVAPORATION]: what falls and what goes, over time.
#include "sim/swmm/rain.h"

#include <math.h>

// ---- gages -------------------------------------------------------------------------------------

static ct_err take_form(ct_swmm__gage *g, const ct_swmm__reader *r, const ct_swmm_line *line) {
    static const char *const forms[] = {"INTENSITY", "VOLUME", "CUMULATIVE"};
    double interval_s;
    for (int i = 0; i < 3; i++)
        if (ct_swmm__is(ct_swmm__word(line, 1), forms[i])) g->form = (ct_swmm__rain_form)i;
    if (!ct_swmm__is(ct_swmm__word(line, 1), forms[g->form])) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is no form of rain",
                            line->words[0], ct_swmm__word(line, 1));
    }
    if (!ct_swmm__read_time(&interval_s, ct_swmm__word(line, 2)) ||
        !(interval_s >= 1 && interval_s <= 1e8)) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is not an interval",
                            line->words[0], ct_swmm__word(line, 2));
    }
    g->interval_s = interval_s;
    return CT_OK;
}

static ct_err take_gage(ct_swmm__rain *rain, ct_swmm__reader *r, const ct_swmm_line *line) {
    size_t other;
    CT_TRY(ct_swmm__need(r, line, 6));
    if (ct_swmm__name_get(&other, rain->gage_map, line->words[0])) {
        return ct_swmm_fail(r->document, line, CT_EXISTS, "there is a rain gage %.60s already",
                            line->words[0]);
    }
    CT_TRY(ct_swmm__name_put(r, rain->gage_map, line->words[0], rain->gage_count));
    ct_swmm__gage *g = &rain->gages[rain->gage_count++];
    CT_TRY(take_form(g, r, line));
    if (ct_swmm__is(line->words[4], "TIMESERIES"))
        return ct_swmm__one_series(&g->series, r, line, 5);
    if (!ct_swmm__is(line->words[4], "FILE")) {
        return ct_swmm_fail(r->document, line, CT_PARSE, "%s: \"%.40s\" is no source of rain",
                            line->words[0], line->words[4]);
    }
    ct_swmm__find(r, line, "swmm-rain-file", "%s: rain of files is not read: it stays dry",
                  line->words[0]);
    return CT_OK;
}

ct_err ct_swmm__read_rain(ct_swmm__rain *out, ct_swmm__reader *r) {
    const ct_swmm_line *line;
    const size_t most = ct_swmm__count(r, CT_SWMM_RAINGAGES);
    out->gages = ct_arena_calloc(r->arena, most + 1, sizeof *out->gages);
    out->gage_map = ct_strmap_new(most);
    if (!out->gages || !out->gage_map) return CT_NOMEM;
    for (size_t at = 0; (line = ct_swmm__next(r, CT_SWMM_RAINGAGES, &at));)
        CT_TRY(take_gage(out, r, line));
    return CT_OK;
}

// The point that holds at a time: the last one not after it; count = none.
static size_t point_at(ct_swmm__gage *g, double time_s) {
    const ct_swmm__table *t = g->series;
    if (g->next > 0 && t->x[g->next - 1] > time_s) g->next = 0;
    while (g->next < t->count && t->x[g->next] <= time_s) g->next++;
    return g->next > 0 ? g->next - 1 : t->count;
}

double ct_swmm__rain_at(ct_swmm__gage *g, const ct_swmm_units *units, double time_s,
                        double *until_s) {
    if (!g->series) return 0;
    const ct_swmm__table *t = g->series;
    const size_t i = point_at(g, time_s);
    const size_t next = i == t->count ? 0 : i + 1;
    if (next < t->count) *until_s = fmin(*until_s, t->x[next]);
    if (i == t->count || time_s >= t->x[i] + g->interval_s) return 0;
    *until_s = fmin(*until_s, t->x[i] + g->interval_s);
    const double value = t->y[i], before = i > 0 ? t->y[i - 1] : 0;
    switch (g->form) {
    case CT_SWMM__INTENSITY: return fmax(0, value) * units->rain_m / 3600;
    case CT_SWMM__VOLUME: return fmax(0, value) * units->rain_m / g->interval_s;
    case CT_SWMM__CUMULATIVE: // one that falls begins anew
        return fmax(0, value >= before ? value - before : value) * units->rain_m / g->interval_s;
    }
    return 0;
}

// ---- evaporation -------------------------------------------------------------------------------

// In the file's units a day; one for each month.
ct_err ct_swmm__read_evaporation(ct_swmm__evaporation *out, ct_swmm__reader *r) {
    const ct_swmm_line *line;
    *out = (ct_swmm__evaporation){.dry_only = false};
    for (size_t at = 0; (line = ct_swmm__next(r, CT_SWMM_EVAPORATION, &at));) {
        const char *key = line->words[0];
        const bool monthly = ct_swmm__is(key, "MONTHLY");
        if (ct_swmm__is(key, "DRY_ONLY")) {
            CT_TRY(ct_swmm__yes_or(&out->dry_only, r, line, 1, false));
        } else if (monthly || ct_swmm__is(key, "CONSTANT")) {
            for (size_t i = 0; i < 12; i++) {
                double rate;
                CT_TRY(ct_swmm__number(&rate, r, line, monthly ? 1 + i : 1, "evaporation"));
                if (rate < 0)
                    return ct_swmm_fail(r->document, line, CT_RANGE, "evaporation is negative");
                out->pattern.factors[i] = rate * r->units.rain_m / 86400;
            }
        } else if (!ct_swmm__is(key, "RECOVERY")) {
            ct_swmm__find(r, line, "swmm-evaporation", "%s is not read: nothing evaporates", key);
        }
    }
    out->pattern.kind = CT_SWMM__MONTHLY;
    return CT_OK;
}
