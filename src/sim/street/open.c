// Making and unmaking a coupling: the exchanges become sources of the surface.
#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "sim/street/state.h"

void ct_street_params_init(ct_street_params *params) {
    *params = (ct_street_params){0};
    ct_flood_params_init(&params->flood);
    ct_drains_params_init(&params->drains);
}

static ct_err check_place(const ct_flood_params *flood, const ct_street_place *place) {
    if (place->cell_count == 0 || !place->cells) return ct_fail(CT_ARG, "no cells");
    for (size_t k = 0; k < place->cell_count; k++) {
        const uint32_t cell = place->cells[k];
        if (cell >= (uint64_t)flood->nx * flood->ny) {
            return ct_fail(CT_RANGE, "an exchange outside: cell %" PRIu32 " is none of the grid's",
                           cell);
        }
        if (flood->blocked && flood->blocked[cell]) {
            return ct_fail(CT_RANGE,
                           "an exchange outside: row %" PRIu32 ", column %" PRIu32 " is a building",
                           cell / flood->nx, cell % flood->nx);
        }
    }
    return CT_OK;
}

static ct_err check(const ct_street_params *p) {
    if (p->place_count != p->drains.exchange_count || (p->place_count > 0 && !p->places)) {
        return ct_fail(CT_ARG, "street: places: %zu for %zu exchanges", p->place_count,
                       p->drains.exchange_count);
    }
    if (p->flood.start_s != p->drains.start_s) {
        return ct_fail(CT_ARG, "street: start_s: %g s of the surface, %g s of the drains",
                       p->flood.start_s, p->drains.start_s);
    }
    if (p->step_s != 0 && !(p->step_s >= 1e-3 && p->step_s <= 1e5)) {
        return ct_fail(CT_RANGE, "street: step_s: %g is not within 0.001 and 1e5", p->step_s);
    }
    for (size_t k = 0; k < p->place_count; k++) {
        CT_TRY(ct_context(check_place(&p->flood, &p->places[k]), "street: places[%zu]", k));
    }
    return CT_OK;
}

static ct_err copy_places(ct_street *s, const ct_street_params *p) {
    size_t room = p->place_count ? p->place_count : 1;
    s->places = ct_calloc(room, sizeof *s->places);
    s->passed = ct_calloc(room, sizeof *s->passed);
    s->pours_m3s = ct_calloc(room, sizeof *s->pours_m3s);
    if (!s->places || !s->passed || !s->pours_m3s) return CT_NOMEM;
    s->count = p->place_count;
    for (size_t k = 0; k < s->count; k++) {
        const ct_street_place *place = &p->places[k];
        s->places[k].cells = ct_alloc(place->cell_count * sizeof *place->cells);
        if (!s->places[k].cells) return CT_NOMEM;
        memcpy(s->places[k].cells, place->cells, place->cell_count * sizeof *place->cells);
        s->places[k].count = place->cell_count;
    }
    return CT_OK;
}

// The surface with one source more for each exchange, silent until the coupling sets it.
static ct_err open_flood(ct_street *s, const ct_street_params *p) {
    const size_t own = p->flood.source_count, all = own + s->count;
    if (own && !p->flood.sources)
        return ct_fail(CT_ARG, "street: flood.sources: %zu, but no array", own);
    ct_flood_source *sources = ct_calloc(all ? all : 1, sizeof *sources);
    if (!sources) return CT_NOMEM;
    if (own) memcpy(sources, p->flood.sources, own * sizeof *sources);
    for (size_t k = 0; k < s->count; k++) {
        sources[own + k] = (ct_flood_source){s->places[k].cells, s->places[k].count, {0}};
    }
    ct_flood_params flood = p->flood;
    flood.sources = sources;
    flood.source_count = all;
    s->sources = own;
    ct_err err = ct_flood_open(&s->flood, &flood);
    ct_free(sources);
    return err;
}

ct_err ct_street_open(ct_street **out, const ct_street_params *params) {
    CT_TRY(check(params));
    ct_street *s = ct_calloc(1, sizeof *s);
    if (!s) return CT_NOMEM;
    s->cell_m = params->flood.cell_m;
    s->step_s = params->step_s > 0 ? params->step_s : 1;
    s->time_s = params->flood.start_s;
    ct_err err = copy_places(s, params);
    if (err == CT_OK) err = open_flood(s, params);
    if (err == CT_OK) err = ct_drains_open(&s->drains, &params->drains);
    if (err != CT_OK) {
        ct_street_close(s);
        return err;
    }
    *out = s;
    return CT_OK;
}

void ct_street_close(ct_street *street) {
    if (!street) return;
    ct_flood_close(street->flood);
    ct_drains_close(street->drains);
    for (size_t k = 0; k < street->count; k++) ct_free(street->places[k].cells);
    ct_free(street->places);
    ct_free(street->passed);
    ct_free(street->pours_m3s);
    ct_free(street);
}
