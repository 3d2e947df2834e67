// Names of reference systems as files of city models write them.
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "geo/crs.h"
#include "ingest/named_crs.h"

// The German surveys' names (GeoInfoDok 6 and 7) in the order of their codes.
static const struct {
    const char *name;
    int code;
} adv[] = {
    {"ETRS89_UTM31", 25831}, {"ETRS89_UTM32", 25832}, {"ETRS89_UTM33", 25833},
    {"DE_DHDN_3GK2", 31466}, {"DE_DHDN_3GK3", 31467}, {"DE_DHDN_3GK4", 31468},
    {"DE_DHDN_3GK5", 31469}, {"DE_DHHN92_NH", 5783},  {"DE_DHHN2016_NH", 7837},
    {"DE_DHHN85_NOH", 5784},
};

static int adv_code(const char *text, size_t length) {
    for (size_t i = 0; i < sizeof adv / sizeof *adv; i++)
        if (strlen(adv[i].name) == length && strncasecmp(adv[i].name, text, length) == 0)
            return adv[i].code;
    return 0;
}

static bool read_adv(ct_ingest__crs_name *out, const char *name) {
    const size_t first = strcspn(name, "*");
    const int code = adv_code(name, first);
    if (!code) return false;
    snprintf(out->code, sizeof out->code, "EPSG:%d", code);
    if (!name[first]) return true;
    const int heights = adv_code(name + first + 1, strlen(name + first + 1));
    if (heights) snprintf(out->heights, sizeof out->heights, "EPSG:%d", heights);
    return true;
}

// The digits that a piece ends with; false where it has none, or more than a code has.
static bool trailing_code(char out[CT_INGEST__CODE_BYTES], const char *piece, size_t length) {
    enum { MOST_DIGITS = 9 };
    size_t n = 0;
    while (n < length && isdigit((unsigned char)piece[length - 1 - n])) n++;
    if (n == 0 || n > MOST_DIGITS) return false;
    snprintf(out, CT_INGEST__CODE_BYTES, "EPSG:%.*s", (int)n, piece + length - n);
    return true;
}

static bool has_word(const char *text, const char *word) {
    const size_t n = strlen(word);
    for (; *text; text++)
        if (strncasecmp(text, word, n) == 0) return true;
    return false;
}

bool ct_ingest__crs_name_read(ct_ingest__crs_name *out, const char *text) {
    static const char adv_prefix[] = "urn:adv:crs:";
    ct_ingest__crs_name name = {0};
    text += strspn(text, " \t\r\n");
    if (strncasecmp(text, adv_prefix, sizeof adv_prefix - 1) == 0) {
        if (!read_adv(&name, text + sizeof adv_prefix - 1)) return false;
        *out = name;
        return true;
    }
    if (has_word(text, "CRS84")) {
        snprintf(name.code, sizeof name.code, "%s", CT_CRS_CRS84);
        *out = name;
        return true;
    }
    if (!has_word(text, "EPSG") && text[strspn(text, "0123456789")] != '\0') return false;
    // "urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783", "...crs-compound?1=...&2=...": the pieces
    // that end with a code, the plane one first.
    for (const char *piece = text; *piece;) {
        size_t length = strcspn(piece, ",&+ \t\r\n");
        const size_t step = length + (piece[length] != '\0');
        char *to = *name.code ? name.heights : name.code;
        if (!*name.heights && trailing_code(to, piece, length) == false && *name.code) return false;
        piece += step;
    }
    if (!*name.code) return false;
    *out = name;
    return true;
}
