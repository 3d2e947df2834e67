// Making and unmaking a coupling: exchanges and places of storages become sources of the surface.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/street/state.h"

void ct_street_params_init(ct_street_params *params) {
    *params = (ct_street_params){0};
    ct_flood_params_init(&params->flood);
    ct_drains_params_init(&params->drains);
    ct_storage_params_init(&params->storage);
}

static ct_err check_place(const ct_flood_params *flood, const ct_street_place *place,
                          const char *what) {
    if (place->cell_count == 0 || !place->cells) return ct_fail(CT_ARG, "no cells");
    for (size_t k = 0; k < place->cell_count; k++) {
        const uint32_t cell = place->cells[k];
        if (cell >= (uint64_t)flood->nx * flood->ny) {
            return ct_fail(CT_RANGE, "%s outside: cell %" PRIu32 " is none of the grid's", what,
                           cell);
        }
        if (flood->blocked && flood->blocked[cell]) {
            return ct_fail(CT_RANGE,
                           "%s outside: row %" PRIu32 ", column %" PRIu32 " is a building", what,
                           cell / flood->nx, cell % flood->nx);
        }
    }
    return CT_OK;
}

static bool has_drains(const ct_street_params *p) {
    return p->drains.node_count > 0 || p->drains.exchange_count > 0;
}

static bool has_storage(const ct_street_params *p) {
    return p->storage.area_count > 0 || p->storage.place_count > 0;
}

static ct_err check_places(const ct_street_params *p) {
    if (p->place_count != p->drains.exchange_count || (p->place_count > 0 && !p->places)) {
        return ct_fail(CT_ARG, "street: places: %zu for %zu exchanges", p->place_count,
                       p->drains.exchange_count);
    }
    if (p->storage.place_count > 0 && !p->storage_places) {
        return ct_fail(CT_ARG, "street: storage_places: %zu, but no array", p->storage.place_count);
    }
    if (p->storage.place_count > CT_STORAGE_MAX) {
        return ct_fail(CT_LIMIT, "street: storage_places: %zu, at most %u", p->storage.place_count,
                       CT_STORAGE_MAX);
    }
    for (size_t k = 0; k < p->place_count; k++) {
        CT_TRY(ct_context(check_place(&p->flood, &p->places[k], "an exchange"),
                          "street: places[%zu]", k));
    }
    for (size_t k = 0; k < p->storage.place_count; k++) {
        CT_TRY(ct_context(check_place(&p->flood, &p->storage_places[k], "a connection"),
                          "street: storage_places[%zu]", k));
    }
    return CT_OK;
}

static ct_err check(const ct_street_params *p) {
    if (has_drains(p) && p->flood.start_s != p->drains.start_s) {
        return ct_fail(CT_ARG, "street: start_s: %g s of the surface, %g s of the drains",
                       p->flood.start_s, p->drains.start_s);
    }
    if (has_storage(p) && p->flood.start_s != p->storage.start_s) {
        return ct_fail(CT_ARG, "street: start_s: %g s of the surface, %g s of the storages",
                       p->flood.start_s, p->storage.start_s);
    }
    if (p->step_s != 0 && !(p->step_s >= 1e-3 && p->step_s <= 1e5)) {
        return ct_fail(CT_RANGE, "street: step_s: %g is not within 0.001 and 1e5", p->step_s);
    }
    return check_places(p);
}

// ---- places -------------------------------------------------------------------------------------
static ct_err copy_place(ct_street__place *out, const ct_street_place *in) {
    out->cells = ct_alloc(in->cell_count * sizeof *in->cells);
    out->slots = ct_alloc(in->cell_count * sizeof *out->slots);
    if (!out->cells || !out->slots) return CT_NOMEM;
    memcpy(out->cells, in->cells, in->cell_count * sizeof *in->cells);
    out->count = in->cell_count;
    return CT_OK;
}

static ct_err copy_places(ct_street *s, const ct_street_params *p) {
    const size_t n = p->place_count + p->storage.place_count, room = n ? n : 1;
    s->places = ct_calloc(room, sizeof *s->places);
    s->passed = ct_calloc(room, sizeof *s->passed);
    s->pours_m3s = ct_calloc(room, sizeof *s->pours_m3s);
    if (!s->places || !s->passed || !s->pours_m3s) return CT_NOMEM;
    s->exchanges = p->place_count;
    s->count = n;
    for (size_t k = 0; k < n; k++) {
        const bool exchange = k < s->exchanges;
        CT_TRY(copy_place(&s->places[k],
                          exchange ? &p->places[k] : &p->storage_places[k - s->exchanges]));
    }
    return CT_OK;
}

static int by_cell(const void *a, const void *b) {
    const uint32_t x = ((const ct_street__slot *)a)->cell, y = ((const ct_street__slot *)b)->cell;
    return (x > y) - (x < y);
}

// The cells of all places, each once, and where those of each place stand among them.
static ct_err number_slots(ct_street *s) {
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < s->count; i++) n += s->places[i].count;
    s->slots = ct_calloc(n ? n : 1, sizeof *s->slots);
    if (!s->slots) return CT_NOMEM;
    n = 0;
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < s->places[i].count; k++) s->slots[n++].cell = s->places[i].cells[k];
    qsort(s->slots, n, sizeof *s->slots, by_cell);
    for (size_t k = 0; k < n; k++)
        if (k == 0 || s->slots[k].cell != s->slots[kept - 1].cell) s->slots[kept++] = s->slots[k];
    s->slot_count = kept;
    for (size_t i = 0; i < s->count; i++) {
        for (size_t k = 0; k < s->places[i].count; k++) {
            const ct_street__slot key = {.cell = s->places[i].cells[k]};
            ct_street__slot *slot = bsearch(&key, s->slots, kept, sizeof key, by_cell);
            s->places[i].slots[k] = (uint32_t)(slot - s->slots);
            slot->sharers += i >= s->exchanges;
        }
    }
    return CT_OK;
}

// ---- engines ------------------------------------------------------------------------------------
// The surface with one source more for each place, silent until the coupling sets it.
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

static ct_err open_storage(ct_street *s, const ct_street_params *p) {
    ct_storage_params storage = p->storage;
    if (storage.step_s == 0) storage.step_s = s->step_s;
    return ct_storage_open(&s->storage, &storage);
}

ct_err ct_street_open(ct_street **out, const ct_street_params *params) {
    CT_TRY(check(params));
    ct_street *s = ct_calloc(1, sizeof *s);
    if (!s) return CT_NOMEM;
    s->cell_m = params->flood.cell_m;
    s->step_s = params->step_s > 0 ? params->step_s : 1;
    s->time_s = params->flood.start_s;
    ct_err err = copy_places(s, params);
    if (err == CT_OK) err = number_slots(s);
    if (err == CT_OK) err = open_flood(s, params);
    if (err == CT_OK && has_drains(params)) err = ct_drains_open(&s->drains, &params->drains);
    if (err == CT_OK && has_storage(params)) err = open_storage(s, params);
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
    ct_storage_close(street->storage);
    for (size_t k = 0; k < street->count; k++) {
        ct_free(street->places[k].cells);
        ct_free(street->places[k].slots);
    }
    ct_free(street->places);
    ct_free(street->slots);
    ct_free(street->passed);
    ct_free(street->pours_m3s);
    ct_free(street);
}
