// What a device observes at a time.
#include "values.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "curves.h"

enum { // purposes of random numbers; each kind of event takes three
    NOISE = 1,
    WANDER = 2,
    FACTOR = 3,
    PHASE = 4,
    CHOICE = 5,
    FAULT = 10,
    SILENCE = 20,
    TROUBLE = 30
};

#define DAY_S 86400.0

static const char *const k_names[] = {
    [DS_WATER_LEVEL] = "water_level",         [DS_RAIN_GAUGE] = "rain_gauge",
    [DS_SMOKE_DETECTOR] = "smoke_detector",   [DS_DOOR_SENSOR] = "door_sensor",
    [DS_TEMPERATURE] = "temperature",         [DS_CAMERA_AI] = "camera_ai",
    [DS_PUMP_CONTROLLER] = "pump_controller", [DS_ELECTRICITY_METER] = "electricity_meter",
    [DS_AIR_QUALITY] = "air_quality",         [DS_LIFT_MONITOR] = "lift_monitor",
    [DS_BIKE_CHARGER] = "bike_charger",       [DS_LIGHT] = "light",
};

ds_kind ds_kind_of(const char *name) {
    for (int i = 0; i < DS_OTHER; i++)
        if (strcmp(k_names[i], name) == 0) return (ds_kind)i;
    return DS_OTHER;
}

// ---- the kinds
// ---------------------------------------------------------------------------------------------------

typedef struct moment { // all that a curve may depend on
    ds_source source;
    const ds_device *device;
    double time_s, hour; // hour: of the local day
    double factor;       // 0 to 1, the device's own
    double noise;        // about 1 strong
} moment;

static double bell(const moment *m, double centre_h, double width_h) {
    return ds_bell(m->hour, centre_h, width_h);
}

static double wander(const moment *m, double period_s) {
    return ds_wander(m->source, m->time_s, period_s, WANDER);
}

// What is normal is a part of where the yellow alarm rings; where none does, of `otherwise`.
static double scale_of(const ds_device *d, double otherwise) {
    if (!isnan(d->yellow) && d->yellow > 0) return d->yellow;
    return !isnan(d->red) && d->red > 0 ? d->red : otherwise;
}

// Whether a chance is met in the report that this moment belongs to.
static bool happens(const moment *m, double chance) {
    return ct_rng_unit(m->source.seed, m->source.entity, (uint32_t)(int64_t)m->time_s, CHOICE) <
           chance;
}

static double water(const moment *m) {
    const ds_device *d = m->device;
    const double wet = ds_wetness(m->source.seed, m->time_s) * (0.6 + 0.8 * m->factor);
    const double top = scale_of(d, 1),
                 span = isnan(d->red) || isnan(d->yellow) || d->red <= d->yellow
                            ? 0.5 * top
                            : d->red - d->yellow;
    double level;
    if (!d->depth) // a river or a pond, above a datum
        level = top - 2 * span + 2.6 * span * wet + 0.04 * span * wander(m, 5400);
    else if (top >= 0.5) // a sewer: what people use, and the rain
        level = top * (0.08 + 0.07 * bell(m, 7.5, 1.5) + 0.09 * bell(m, 20, 2) + 0.8 * wet) +
                0.01 * wander(m, 900);
    else // a road: dry unless it pours
        level = wet > 0.3 ? top * 1.1 * (wet - 0.3) : 0;
    if (level <= 0 && d->depth) return 0;
    return level + (level > 0.02 ? 0.004 * m->noise : 0);
}

static double rain(const moment *m) {
    const double mm_h = ds_rain_mm_h(m->source.seed, m->time_s - 240 * m->factor);
    return mm_h < 0.2 ? 0 : mm_h * (0.85 + 0.3 * m->factor) * (1 + 0.06 * m->noise);
}

static double temperature(const moment *m) {
    const double year = m->time_s / (365.2425 * DAY_S);
    const double season_cel = 17 + 11 * cos(6.283185307179586 * (year - 0.55)); // warmest in July
    const double outdoors_cel =
        season_cel + 4 * cos(6.283185307179586 * (m->hour - 15) / 24) +
        1.5 * ds_wander((ds_source){m->source.seed, 0}, m->time_s, 21600, WANDER);
    if (!m->device->indoors) return outdoors_cel + m->factor - 0.5 + 0.1 * m->noise;
    return 22.5 + 0.25 * (outdoors_cel - 17) + 2 * (m->factor - 0.5) + 0.4 * wander(m, 3600) +
           0.05 * m->noise;
}

static double meter(const moment *m) {
    const double part =
        0.16 + 0.16 * bell(m, 7.5, 1.2) + 0.12 * bell(m, 12.5, 1.5) + 0.42 * bell(m, 19.8, 2.2);
    return scale_of(m->device, 100) * part * (0.7 + 0.5 * m->factor) *
           (1 + 0.05 * wander(m, 1800) + 0.02 * m->noise);
}

static double air(const moment *m) {
    const double city = ds_wander((ds_source){m->source.seed, 1}, m->time_s, 28800, WANDER);
    const double traffic = bell(m, 8, 1.3) + bell(m, 18.5, 1.6);
    return scale_of(m->device, 75) *
           (0.38 * exp(0.25 * city) + (0.05 + 0.06 * m->factor) * traffic + 0.02 * m->noise + 0.02);
}

static double lift(const moment *m) {
    const double use =
        0.04 + 0.3 * bell(m, 7.7, 0.9) + 0.18 * bell(m, 12.3, 1.5) + 0.32 * bell(m, 18.3, 1.6);
    return happens(m, use) ? scale_of(m->device, 2.9) * (0.6 + 0.05 * m->noise) : 0;
}

static double charger(const moment *m) {
    const double busy = 0.06 + 0.72 * bell(m, 21.5, 2.3) + 0.25 * bell(m, 1.5, 2.5);
    const double amps = scale_of(m->device, 38) * busy * (0.6 + 0.35 * m->factor);
    return amps * (1 + 0.08 * wander(m, 1200) + 0.02 * m->noise);
}

static double lamp(const moment *m) {
    const double watts = 0.75 * scale_of(m->device, 150);
    const double dusk_h = 18.6 + 0.3 * m->factor, dawn_h = 5.4 + 0.3 * m->factor;
    if (m->hour > dawn_h && m->hour < dusk_h) return 0.4;
    const bool late = m->hour < dawn_h || m->hour > 23.5; // dimmed
    return watts * (late ? 0.6 : 1) * (1 + 0.006 * m->noise);
}

static double people(const moment *m) {
    const double crowd =
        0.02 + 0.25 * bell(m, 8, 1.2) + 0.18 * bell(m, 12, 1.5) + 0.42 * bell(m, 18.8, 2);
    const double count = scale_of(m->device, 150) * crowd * (0.3 + 0.9 * m->factor) *
                         (1 + 0.2 * wander(m, 900) + 0.1 * m->noise);
    return count < 0 ? 0 : rint(count);
}

static double pump(const moment *m) {
    const double amps = 0.7 * scale_of(m->device, 46);
    const double wet = ds_wetness(m->source.seed, m->time_s);
    const double turn = fmod(m->time_s / 2400 + m->factor, 1); // seepage: a while in 40 minutes
    return turn < 0.12 + 1.5 * wet ? amps * (1 + 0.01 * m->noise) : 0;
}

static double normal_value(const moment *m) {
    switch (m->device->kind) {
    case DS_WATER_LEVEL: return water(m);
    case DS_RAIN_GAUGE: return rain(m);
    case DS_SMOKE_DETECTOR:
        return scale_of(m->device, 1.5) > 1 ? 0.05 + 0.04 * m->factor + 0.01 * m->noise : 0;
    case DS_DOOR_SENSOR:
        return happens(m, 0.02 + 0.2 * bell(m, 8, 1.5) + 0.2 * bell(m, 18.5, 2)) ? 1 : 0;
    case DS_TEMPERATURE: return temperature(m);
    case DS_CAMERA_AI: return people(m);
    case DS_PUMP_CONTROLLER: return pump(m);
    case DS_ELECTRICITY_METER: return meter(m);
    case DS_AIR_QUALITY: return air(m);
    case DS_LIFT_MONITOR: return lift(m);
    case DS_BIKE_CHARGER: return charger(m);
    case DS_LIGHT: return lamp(m);
    case DS_OTHER: break;
    }
    return scale_of(m->device, 1) * (0.5 + 0.05 * wander(m, 3600));
}

static int decimals_of(ds_kind kind) {
    static const int k_decimals[] = {
        [DS_WATER_LEVEL] = 3, [DS_RAIN_GAUGE] = 1,      [DS_SMOKE_DETECTOR] = 2,
        [DS_TEMPERATURE] = 1, [DS_PUMP_CONTROLLER] = 1, [DS_ELECTRICITY_METER] = 1,
        [DS_AIR_QUALITY] = 1, [DS_LIFT_MONITOR] = 2,    [DS_BIKE_CHARGER] = 1,
        [DS_LIGHT] = 1,       [DS_OTHER] = 3,
    };
    return k_decimals[kind];
}

// ---- what goes wrong
// ---------------------------------------------------------------------------------------------

// A community of 2,000 devices rings a few times an hour: smoke above a stove, a gully that is
// blocked, a circuit that is overloaded.
static ds_kind_of_event trouble_of(ds_kind kind) {
    ds_kind_of_event e = {2 * DAY_S, 0.08, 600, 300, 1200, 900, TROUBLE};
    if (kind == DS_WATER_LEVEL)
        e = (ds_kind_of_event){DAY_S / 2, 0.5, 1500, 600, 1500, 2400, TROUBLE};
    if (kind == DS_SMOKE_DETECTOR) e = (ds_kind_of_event){DAY_S, 0.1, 150, 300, 900, 400, TROUBLE};
    if (kind == DS_BIKE_CHARGER) e.chance = 0.25;
    return e;
}

static double with_trouble(const moment *m, double extra, double value) {
    const ds_device *d = m->device;
    if (d->kind == DS_RAIN_GAUGE || d->kind == DS_DOOR_SENSOR || d->kind == DS_LIGHT) return value;
    if (isnan(d->yellow) && isnan(d->red)) return value;
    ds_kind_of_event kind = trouble_of(d->kind);
    kind.chance = fmin(1, kind.chance * (1 + extra));
    const ds_event trouble = ds_event_at(m->source, m->time_s, &kind);
    if (trouble.strength <= 0) return value;
    const double first = isnan(d->yellow) ? d->red : d->yellow;
    const double last = isnan(d->red) ? first * 1.3 : d->red;
    const double peak = first + (last - first) * (0.1 + 1.1 * trouble.size);
    return peak > value ? value + trouble.strength * (peak - value) : value;
}

static double good_value(const ds_place *place, const ds_device *d, double time_s) {
    moment m = {.source = {place->seed, d->entity}, .device = d, .time_s = time_s};
    m.hour = fmod(time_s / 3600 + place->utc_offset_h, 24);
    m.factor = ds_trait(m.source, FACTOR);
    m.noise = ds_noise(m.source, time_s, NOISE);
    const double value = with_trouble(&m, place->extra_trouble, normal_value(&m));
    const bool may_be_negative =
        d->kind == DS_TEMPERATURE || (d->kind == DS_WATER_LEVEL && !d->depth);
    return value < 0 && !may_be_negative ? 0 : value;
}

ds_value ds_value_at(const ds_place *place, const ds_device *d, int64_t time_us) {
    static const ds_kind_of_event k_silence = {DAY_S, 0.015, 0, 3600, 6 * 3600, 1, SILENCE};
    static const ds_kind_of_event k_fault = {DAY_S / 2, 0.03, 0, 600, 3600, 1, FAULT};
    const double time_s = (double)time_us * 1e-6;
    const ds_source source = {place->seed, d->entity};
    ds_value out = {.decimals = decimals_of(d->kind)};
    out.silent = ds_event_at(source, time_s, &k_silence).strength > 0;
    const ds_event fault = ds_event_at(source, time_s, &k_fault);
    if (fault.strength > 0) out.quality = 2; // and it is stuck where it was
    out.value = good_value(place, d, out.quality ? fault.start_s : time_s);
    return out;
}

// ---- when it speaks
// ----------------------------------------------------------------------------------------------

// Whole milliseconds, as they are written.
static int64_t report_number(const ds_device *d, int64_t time_us, int64_t *interval_us,
                             int64_t *phase_us) {
    *interval_us = (int64_t)(d->interval_s * 1e3) * 1000;
    if (*interval_us < 1000) *interval_us = 1000;
    // Not by the simulation's seed: another seed gives other values at the same times.
    *phase_us = (int64_t)(ct_rng_unit(0, d->entity, 0, PHASE) * (double)*interval_us) / 1000 * 1000;
    int64_t number = (time_us - *phase_us) / *interval_us;
    if (*phase_us + number * *interval_us > time_us) number--;
    return number;
}

int64_t ds_report_at(const ds_device *d, int64_t time_us) {
    int64_t interval_us, phase_us;
    const int64_t number = report_number(d, time_us, &interval_us, &phase_us);
    return phase_us + number * interval_us;
}

int64_t ds_report_after(const ds_device *d, int64_t time_us) {
    int64_t interval_us, phase_us;
    const int64_t number = report_number(d, time_us, &interval_us, &phase_us);
    return phase_us + (number + 1) * interval_us;
}
