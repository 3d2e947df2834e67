// Clocks: the real one, and a virtual one that tests and replays turn by hand; RFC 3339 times in
// and out. No other file asks the operating system for the time.
#ifndef CT_BASE_CLOCK_H
#define CT_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

typedef struct ct_clock ct_clock; // opaque; thread-safe

ct_clock *ct_clock_real(void);                    // borrowed, lives for ever
ct_clock *ct_clock_virtual_new(int64_t start_us); // caller frees with ct_clock_free
void ct_clock_free(ct_clock *clock);

int64_t ct_clock_now_us(ct_clock *clock);  // microseconds since 1970-01-01T00:00:00Z
int64_t ct_clock_mono_us(ct_clock *clock); // never goes back; for durations
int64_t ct_clock_cpu_us(void); // CPU time of all threads of this process, user and system
void ct_clock_sleep_us(ct_clock *clock,
                       int64_t us); // a virtual clock sleeps until ct_clock_advance passes the time
void ct_clock_advance(ct_clock *clock, int64_t us); // virtual clocks only

// "2026-07-20T20:00:00Z", with up to 6 decimals of a second when they are not zero. `out` holds at
// least 32 bytes.
void ct_time_format(char *out, int64_t us);
// RFC 3339 instant (T or t or a blank, Z or an offset), or a date alone (its midnight UTC).
// CT_PARSE otherwise; CT_RANGE where the offset takes it out of the years 0000 to 9999 of UTC, for
// which ct_time_format has a text.
CT_CHECKED ct_err ct_time_parse(int64_t *us, const char *text);

#endif
