// Curves that the values of devices are made of.
#include "curves.h"

#include <math.h>

#include "base/rng.h"

enum { PURPOSE_SHOWER = 1000 }; // and the two behind it

static double within(double value, double limit) {
    return value < -limit ? -limit : value > limit ? limit : value;
}

static double smooth(double x) { // 0 to 1, level at both ends
    return x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x);
}

double ds_bell(double hour, double centre_h, double width_h) {
    double off = fabs(hour - centre_h);
    if (off > 12) off = 24 - off;
    return exp(-0.5 * (off / width_h) * (off / width_h));
}

double ds_wander(ds_source source, double time_s, double period_s, uint32_t purpose) {
    const double place = time_s / period_s + ds_trait(source, purpose); // not all turn at once
    const double whole = floor(place);
    const double from = ct_rng_normal(source.seed, source.entity, (uint32_t)whole, purpose);
    const double to = ct_rng_normal(source.seed, source.entity, (uint32_t)whole + 1, purpose);
    return within(from + (to - from) * smooth(place - whole), 2.5);
}

double ds_noise(ds_source source, double time_s, uint32_t purpose) {
    return within(ct_rng_normal(source.seed, source.entity, (uint32_t)(int64_t)time_s, purpose),
                  2.5);
}

double ds_trait(ds_source source, uint32_t purpose) {
    return ct_rng_unit(source.seed, source.entity, UINT32_MAX, purpose);
}

// ---- events
// ------------------------------------------------------------------------------------------------------

static double strength_at(double since_s, const ds_kind_of_event *kind, double hold_s) {
    if (since_s < 0) return 0;
    if (since_s < kind->rise_s) return smooth(since_s / kind->rise_s);
    if (since_s < kind->rise_s + hold_s) return 1;
    return 1 - smooth((since_s - kind->rise_s - hold_s) / kind->fall_s);
}

ds_event ds_event_at(ds_source source, double time_s, const ds_kind_of_event *kind) {
    const double period = floor(time_s / kind->period_s);
    const uint32_t step = (uint32_t)period;
    const double luck = ct_rng_unit(source.seed, source.entity, step, kind->purpose);
    if (luck >= kind->chance) return (ds_event){0};
    const double hold_s =
        kind->hold_min_s + luck / kind->chance * (kind->hold_max_s - kind->hold_min_s);
    const double room_s = kind->period_s - kind->rise_s - hold_s - kind->fall_s;
    const double when = ct_rng_unit(source.seed, source.entity, step, kind->purpose + 1);
    const double start_s = period * kind->period_s + when * room_s;
    return (ds_event){strength_at(time_s - start_s, kind, hold_s),
                      ct_rng_unit(source.seed, source.entity, step, kind->purpose + 2), start_s};
}

// ---- weather
// -----------------------------------------------------------------------------------------------------

double ds_rain_mm_h(uint64_t seed, double time_s) {
    static const ds_kind_of_event k_shower = {
        .period_s = 10800,
        .chance = 0.3,
        .rise_s = 900,
        .hold_min_s = 300,
        .hold_max_s = 2400,
        .fall_s = 1200,
        .purpose = PURPOSE_SHOWER,
    };
    const ds_event shower = ds_event_at((ds_source){seed, 0}, time_s, &k_shower);
    return shower.strength * (3 + 57 * pow(shower.size, 2.5)); // most are small
}

double ds_wetness(uint64_t seed, double time_s) {
    enum { STEPS = 24 };
    const double step_s = 240, fade_s = 1800;
    double sum = 0;
    for (int i = 0; i < STEPS; i++)
        sum += ds_rain_mm_h(seed, time_s - i * step_s) * exp(-i * step_s / fade_s);
    return sum * step_s / fade_s / 30;
}
