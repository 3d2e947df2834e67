// What a device observes at a time: daily curves by kind, weather, faults, silence, and now and
// then something that rings.
#ifndef TOOLS_DEVSIM_VALUES_H
#define TOOLS_DEVSIM_VALUES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum ds_kind {
    DS_WATER_LEVEL,
    DS_RAIN_GAUGE,
    DS_SMOKE_DETECTOR,
    DS_DOOR_SENSOR,
    DS_TEMPERATURE,
    DS_CAMERA_AI,
    DS_PUMP_CONTROLLER,
    DS_ELECTRICITY_METER,
    DS_AIR_QUALITY,
    DS_LIFT_MONITOR,
    DS_BIKE_CHARGER,
    DS_LIGHT,
    DS_OTHER
} ds_kind;

typedef struct ds_device {
    uint64_t entity; // hash of its id
    ds_kind kind;
    bool indoors;            // thermometers
    bool depth;              // water: above the ground or the pipe's bottom, not above a datum
    double yellow, red, low; // thresholds; NaN = none
    double interval_s;       // between reports
} ds_device;

typedef struct ds_place {
    uint64_t seed;
    double utc_offset_h;  // local time by the sun
    double extra_trouble; // values cross their thresholds 1 + this times as often; 0 = as in life
} ds_place;

typedef struct ds_value {
    bool silent; // says nothing at that time
    double value;
    int quality;  // 0 good, 2 bad
    int decimals; // worth writing
} ds_value;

ds_kind ds_kind_of(const char *name); // the catalogue's codes; DS_OTHER = none of them
ds_value ds_value_at(const ds_place *place, const ds_device *device, int64_t time_us);

// Devices speak at fixed times: phase + n * interval_s, the phase being their own, so that they do
// not all speak at once and a restart changes nothing. The latest such time not after time_us, and
// the next one.
int64_t ds_report_at(const ds_device *device, int64_t time_us);
int64_t ds_report_after(const ds_device *device, int64_t time_us);

#endif
