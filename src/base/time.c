// RFC 3339 times in and out, in the proleptic Gregorian calendar; no time zone files, no locale.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static const int64_t day_us = INT64_C(86400000000);

// Days since 1970-01-01. Counting years from March puts the leap day last, so a month's first day
// follows from (153 m + 2) / 5 alone; eras of 400 years have 146097 days.
static int64_t days_of_date(int64_t year, int month, int day) {
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static void date_of_days(int64_t days, int64_t *year, int *month, int *day) {
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097; // day of era
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153; // months since March
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = yoe + era * 400 + (*month <= 2);
}

void ct_time_format(char *out, int64_t us) {
    int64_t days = us / day_us, rest = us % day_us;
    if (rest < 0) {
        rest += day_us;
        days--;
    }
    int64_t year;
    int month, day;
    date_of_days(days, &year, &month, &day);
    int seconds = (int)(rest / 1000000), micros = (int)(rest % 1000000);
    int n = snprintf(out, 32, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)year, month, day,
                     seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (micros) {
        n += snprintf(out + n, 32 - (size_t)n, ".%06d", micros);
        while (out[n - 1] == '0') n--;
    }
    snprintf(out + n, 32 - (size_t)n, "Z");
}

// Exactly `count` digits from *text, which moves on; -1 if there are fewer.
static int digits(const char **text, int count) {
    int value = 0;
    for (int i = 0; i < count; i++, (*text)++) {
        if (!isdigit((unsigned char)**text)) return -1;
        value = value * 10 + (**text - '0');
    }
    return value;
}

static bool literal(const char **text, char c) {
    if (**text != c) return false;
    (*text)++;
    return true;
}

static int days_in_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool parse_date(int64_t *days, const char **p) {
    int year = digits(p, 4);
    if (year < 0 || !literal(p, '-')) return false;
    int month = digits(p, 2);
    if (month < 1 || month > 12 || !literal(p, '-')) return false;
    int day = digits(p, 2);
    if (day < 1 || day > days_in_month(year, month)) return false;
    *days = days_of_date(year, month, day);
    return true;
}

static bool parse_time(int64_t *us, const char **p) {
    int hour = digits(p, 2);
    if (hour < 0 || hour > 23 || !literal(p, ':')) return false;
    int minute = digits(p, 2);
    if (minute < 0 || minute > 59 || !literal(p, ':')) return false;
    int second = digits(p, 2);
    if (second < 0 || second > 60) return false; // 60: a leap second counts as the next minute's 00
    int64_t fraction = 0;
    if (literal(p, '.')) {
        if (!isdigit((unsigned char)**p)) return false;
        for (int64_t unit = 100000; isdigit((unsigned char)**p); (*p)++, unit /= 10)
            fraction += (**p - '0') * unit; // beyond microseconds: cut
    }
    *us = ((hour * INT64_C(60) + minute) * 60 + second) * 1000000 + fraction;
    return true;
}

static bool parse_offset(int64_t *us, const char **p) {
    if (literal(p, 'Z') || literal(p, 'z')) {
        *us = 0;
        return true;
    }
    int sign = **p == '-' ? -1 : 1;
    if (!literal(p, '+') && !literal(p, '-')) return false;
    int hour = digits(p, 2);
    if (hour < 0 || hour > 23 || !literal(p, ':')) return false;
    int minute = digits(p, 2);
    if (minute < 0 || minute > 59) return false;
    *us = sign * (hour * INT64_C(60) + minute) * 60000000;
    return true;
}

ct_err ct_time_parse(int64_t *us, const char *text) {
    const char *p = text;
    int64_t days, time = 0, offset = 0;
    bool ok = parse_date(&days, &p);
    if (ok && *p != '\0') {
        ok = literal(&p, 'T') || literal(&p, 't') || literal(&p, ' ');
        ok = ok && parse_time(&time, &p) && parse_offset(&offset, &p);
    }
    if (!ok || *p != '\0')
        return ct_fail(CT_PARSE, "\"%.64s\" is not an RFC 3339 time such as 2026-07-20T20:00:00Z",
                       text);
    int64_t instant = days * day_us + time - offset;
    // An offset may carry it over the ends of what four digits of a year can say.
    if (instant < days_of_date(0, 1, 1) * day_us || instant >= days_of_date(10000, 1, 1) * day_us)
        return ct_fail(CT_RANGE, "\"%.64s\" is outside the years 0000 to 9999 in UTC", text);
    *us = instant;
    return CT_OK;
}
