// Curves that the values of devices are made of. All are functions of the seed, the entity and the
// time, and of nothing else: two simulators with the same seed agree at every moment.
#ifndef TOOLS_DEVSIM_CURVES_H
#define TOOLS_DEVSIM_CURVES_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ds_source { // whose curve it is
    uint64_t seed, entity;
} ds_source;

// A bell of height 1 around a time of day, `width_h` hours to either side; midnight is no edge.
double ds_bell(double hour, double centre_h, double width_h);
// A wandering number, mean 0, about 1 strong, that turns in about `period_s` seconds; within +-2.5.
double ds_wander(ds_source source, double time_s, double period_s, uint32_t purpose);
// One draw from a bell curve, within +-2.5, a new one each second.
double ds_noise(ds_source source, double time_s, uint32_t purpose);
// A number in [0, 1) that stays with the entity.
double ds_trait(ds_source source, uint32_t purpose);

// Something that happens now and then: once a period with this chance, at any time that leaves room
// for all of it. It grows for rise_s, stays for hold_s (drawn from the range) and fades for fall_s.
typedef struct ds_kind_of_event {
    double period_s, chance, rise_s, hold_min_s, hold_max_s, fall_s;
    uint32_t purpose; // three numbers from here on
} ds_kind_of_event;

typedef struct ds_event {
    double strength; // 0 = nothing is going on, 1 = in full
    double size;     // of this one: in [0, 1)
    double start_s;
} ds_event;

ds_event ds_event_at(ds_source source, double time_s, const ds_kind_of_event *kind);

// The weather of the whole place: showers. `entity` is not used.
double ds_rain_mm_h(uint64_t seed, double time_s);
// How wet it is: rain of the last hours, older rain counting less. 1 = 30 mm/h for long.
double ds_wetness(uint64_t seed, double time_s);

#endif
