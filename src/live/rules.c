// Alarm rules: thresholds of the device's own attributes. Severities are those of Chinese warnings:
// 1 red, 2 orange, 3 yellow, 4 blue.
#include <math.h>
#include <string.h>

#include "live/live_private.h"

#define HYSTERESIS 0.02 // of the threshold

static const char k_red[] = "red", k_low[] = "low", k_yellow[] = "yellow";

const char *ct_live__broken_rule(int *severity, const ct_device *d, double value) {
    if (!isnan(d->red) && value >= d->red) {
        *severity = 1;
        return k_red;
    }
    if (!isnan(d->low) && value <= d->low) {
        *severity = 2;
        return k_low;
    }
    if (!isnan(d->yellow) && value >= d->yellow) {
        *severity = 3;
        return k_yellow;
    }
    return NULL;
}

const char *ct_live__rule_text(const char *rule) {
    if (strcmp(rule, k_red) == 0) return k_red;
    return strcmp(rule, k_low) == 0 ? k_low : k_yellow;
}

// A red alarm is over below the yellow threshold, not below the red one: what was red stays red
// until all is well.
bool ct_live__is_over(const ct_device *d, double value) {
    if (strcmp(d->alarm.rule, k_low) == 0)
        return isnan(d->low) || value > d->low + HYSTERESIS * fabs(d->low);
    const double lowest = fmin(d->yellow, d->red); // of a number and a NaN the number
    return isnan(lowest) || value < lowest - HYSTERESIS * fabs(lowest);
}
