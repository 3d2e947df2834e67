// Points of whole numbers, each kept once.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "export/city/city.h"
#include "export/city/room.h"

ct_err ct_cityout__quantise(ct_cityout__point *out, const double xyz[3]) {
    const double farthest_m = 1e9;
    for (int k = 0; k < 3; k++) {
        if (!(fabs(xyz[k]) <= farthest_m))
            return ct_fail(CT_RANGE, "a coordinate of %g m cannot be written", xyz[k]);
        out->at[k] = llround(xyz[k] * CT_CITYOUT__STEPS_A_METRE);
    }
    return CT_OK;
}

static size_t hash_of(const ct_cityout__point *p) {
    uint64_t h = 0;
    for (int k = 0; k < 3; k++) {
        h = (h ^ (uint64_t)p->at[k]) * 0x9E3779B97F4A7C15U;
        h ^= h >> 29;
    }
    return (size_t)h;
}

static uint32_t *slot_of(const ct_cityout__points *p, const ct_cityout__point *point) {
    size_t i = hash_of(point) & (p->n_slots - 1);
    while (p->slots[i] && memcmp(&p->all[p->slots[i] - 1], point, sizeof *point) != 0)
        i = (i + 1) & (p->n_slots - 1);
    return &p->slots[i];
}

static ct_err grow_slots(ct_cityout__points *p) {
    const size_t wanted = p->n_slots ? 2 * p->n_slots : 256;
    uint32_t *slots = ct_calloc(wanted, sizeof *slots);
    if (!slots) return CT_NOMEM;
    ct_free(p->slots);
    p->slots = slots;
    p->n_slots = wanted;
    for (size_t i = 0; i < p->n; i++) *slot_of(p, &p->all[i]) = (uint32_t)i + 1;
    return CT_OK;
}

ct_err ct_cityout__number(uint32_t *out, ct_cityout__points *p, const ct_cityout__point *point) {
    if (p->n >= UINT32_MAX - 1) return ct_fail(CT_LIMIT, "more points than can be counted");
    if (2 * p->n >= p->n_slots) CT_TRY(grow_slots(p));
    uint32_t *slot = slot_of(p, point);
    if (!*slot) {
        CT_TRY(ct_cityout__room(&p->all, &p->room, p->n, 1, sizeof *p->all));
        p->all[p->n++] = *point;
        *slot = (uint32_t)p->n;
    }
    *out = *slot - 1;
    return CT_OK;
}

void ct_cityout__points_reset(ct_cityout__points *p) {
    enum { FEW = 4096 };
    if (p->n_slots > FEW && 16 * p->n < p->n_slots) { // one large thing shall not slow the many
        ct_free(p->slots);
        p->slots = NULL;
        p->n_slots = 0;
    }
    if (p->n_slots) memset(p->slots, 0, p->n_slots * sizeof *p->slots);
    p->n = 0;
}

void ct_cityout__points_fini(ct_cityout__points *p) {
    ct_free(p->all);
    ct_free(p->slots);
    *p = (ct_cityout__points){0};
}
