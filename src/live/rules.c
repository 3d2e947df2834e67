// Alarm rules: thresholds of the device's own attributes. Severities are those of Chinese warnings:
// 1 red, 2 orange, 3 yellow, 4 blue.
#include <math.h>
#include <string.h>

#include "live/live_private.h"

#define HYSTERESIS 0.02 // of the threshold

const char *ct_live__broken_rule(int *severity, const ct_device *d, double value) {
    if (!isnan(d->red) && value >= d->red) {
        *severity = 1;
        return "red";
    }
    if (!isnan(d->low) && value <= d->low) {
        *severity = 2;
        return "low";
    }
    if (!isnan(d->yellow) && value >= d->yellow) {
        *severity = 3;
        return "yellow";
    }
    return NULL;
}

bool ct_live__is_over(const ct_device *d, double value) {
    if (strcmp(d->alarm.rule, "low") == 0)
        return isnan(d->low) || value > d->low + HYSTERESIS * fabs(d->low);
    const double lowest = isnan(d->yellow) ? d->red : d->yellow;
    return isnan(lowest) || value < lowest - HYSTERESIS * fabs(lowest);
}
