// Lists and ranges of levels.
#include "ingest/osm_indoor/levels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAME 1e-6

bool ct_osm__levels_have(const ct_osm__levels *levels, double level) {
    for (size_t i = 0; i < levels->n; i++)
        if (fabs(levels->at[i] - level) < SAME) return true;
    return false;
}

bool ct_osm__levels_add(ct_osm__levels *levels, double level) {
    size_t i = levels->n;
    if (ct_osm__levels_have(levels, level)) return true;
    if (levels->n == CT_OSM__MOST_LEVELS) return false;
    for (; i && levels->at[i - 1] > level; i--) levels->at[i] = levels->at[i - 1];
    levels->at[i] = level;
    levels->n++;
    return true;
}

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t");
}

// A plain decimal number with an optional minus; NULL where there is none, or it is no level.
static const char *read_number(double *out, const char *at) {
    char digits[16], *end;
    const size_t sign = *at == '-' || *at == '+';
    const size_t n = sign + strspn(at + sign, "0123456789.");
    if (n == sign || n >= sizeof digits) return NULL;
    memcpy(digits, at, n);
    digits[n] = '\0';
    *out = strtod(digits, &end);
    if (*end || *out < CT_OSM__LOWEST || *out > CT_OSM__HIGHEST) return NULL;
    return skip_blanks(at + n);
}

static const char *read_item(ct_osm__levels *out, const char *at) {
    double from, to;
    at = read_number(&from, skip_blanks(at));
    if (!at) return NULL;
    to = from;
    if (*at == '-') at = read_number(&to, skip_blanks(at + 1));
    if (!at) return NULL;
    const double low = fmin(from, to), high = fmax(from, to);
    for (int i = 0; low + i <= high + SAME; i++)
        if (!ct_osm__levels_add(out, low + i)) return NULL;
    return at;
}

bool ct_osm__levels_read(ct_osm__levels *out, const char *text) {
    out->n = 0;
    for (const char *at = text; at;) {
        at = read_item(out, at);
        if (at && *skip_blanks(at) == '\0') return true;
        at = at && (*at == ';' || *at == ',') ? skip_blanks(at + 1) : NULL;
        if (at && *at == '\0') return true; // a list that ends with its mark
    }
    out->n = 0;
    return false;
}
