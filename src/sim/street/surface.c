// What drains and storages see of the surface: the cells of each place, less what others owe of
// them.
#include <math.h>

#include "sim/street/state.h"

ct_err ct_street__look(ct_street *s) {
    for (size_t k = 0; k < s->slot_count; k++)
        CT_TRY(ct_flood_look(s->flood, s->slots[k].cell, &s->slots[k].spot));
    return CT_OK;
}

static double held(const ct_street *s, const ct_street__place *place) {
    double volume = 0;
    for (size_t k = 0; k < place->count; k++) volume += s->slots[place->slots[k]].spot.volume_m3;
    return volume;
}

// What a place owes of one of its cells: by what they hold, evenly where they hold nothing.
static double owed(const ct_street *s, size_t place, size_t k, double all_m3) {
    const ct_street__place *p = &s->places[place];
    const double debt = fmax(0, -s->passed[place].under_way_m3);
    const double here = s->slots[p->slots[k]].spot.volume_m3;
    return debt * (all_m3 > 0 ? here / all_m3 : 1 / (double)p->count);
}

void ct_street__reckon_debts(ct_street *s) {
    for (size_t k = 0; k < s->slot_count; k++) s->slots[k].owed_m3 = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (!(s->passed[i].under_way_m3 < 0)) continue;
        const double all_m3 = held(s, &s->places[i]);
        for (size_t k = 0; k < s->places[i].count; k++)
            s->slots[s->places[i].slots[k]].owed_m3 += owed(s, i, k, all_m3);
    }
}

// What the others owe of a place's cells.
static double owed_by_others(const ct_street *s, size_t place) {
    const ct_street__place *p = &s->places[place];
    const double all_m3 = held(s, p);
    double sum = 0;
    for (size_t k = 0; k < p->count; k++)
        sum += s->slots[p->slots[k]].owed_m3 - owed(s, place, k, all_m3);
    return sum;
}

// Its level is that of the wet cells, by depth, so that a film on higher ground beside it does not
// raise it.
ct_drains_surface ct_street__at_exchange(const ct_street *s, size_t place) {
    const ct_street__place *p = &s->places[place];
    double depths = 0, levels = 0, volume = 0, flow = 0, lowest = HUGE_VAL;
    for (size_t k = 0; k < p->count; k++) {
        const ct_flood_spot *spot = &s->slots[p->slots[k]].spot;
        lowest = fmin(lowest, spot->bed_m);
        depths += spot->depth_m;
        levels += spot->depth_m * (spot->bed_m + spot->depth_m);
        volume += spot->volume_m3;
        const double speed = hypot(spot->velocity_x_ms, spot->velocity_y_ms);
        flow = fmax(flow, spot->depth_m * speed * s->cell_m);
    }
    // What the cells owe is not theirs any more.
    volume += fmin(0, s->passed[place].under_way_m3) - owed_by_others(s, place);
    return (ct_drains_surface){.level_m = depths > 0 ? levels / depths : lowest,
                               .area_m2 = (double)p->count * s->cell_m * s->cell_m,
                               .volume_m3 = fmax(0, volume),
                               .flow_m3s = flow};
}

// A pool whose depth is the mean by depth: dry cells beside it are none of its area, so that its
// floor is the wet ones' ground. Its level answers over what waves reach around it within the step,
// at most one and a half times the cells: were they a pool by themselves, more than twice their
// area would throw its level to and fro.
ct_storage_surface ct_street__at_storage(const ct_street *s, size_t place, double dt_s) {
    const ct_street__place *p = &s->places[place];
    const double cell_m2 = s->cell_m * s->cell_m;
    double depths = 0, squares = 0, levels = 0, volume = 0, lowest = HUGE_VAL;
    for (size_t k = 0; k < p->count; k++) {
        const ct_street__slot *slot = &s->slots[p->slots[k]];
        const ct_flood_spot *spot = &slot->spot;
        lowest = fmin(lowest, spot->bed_m);
        depths += spot->depth_m;
        squares += spot->depth_m * spot->depth_m;
        levels += spot->depth_m * (spot->bed_m + spot->depth_m);
        volume += spot->volume_m3 / slot->sharers;
    }
    volume += fmin(0, s->passed[place].under_way_m3) - owed_by_others(s, place);
    if (!(squares > 0)) return (ct_storage_surface){lowest, cell_m2, 0, lowest};
    const double depth_m = squares / depths, level_m = levels / depths;
    const double wet_m2 = cell_m2 * depths / depth_m;
    const double reach = sqrt(CT_FLOOD_GRAVITY * depth_m / wet_m2) * dt_s; // in sides
    return (ct_storage_surface){.level_m = level_m,
                                .area_m2 = fmax(1e-6, wet_m2 * fmin(1.5, 1 + 2 * reach)),
                                .volume_m3 = fmax(0, volume),
                                .floor_m = level_m - depth_m};
}
