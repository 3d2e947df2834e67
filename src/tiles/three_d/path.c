// Reading paths.
#include "tiles/three_d/path.h"

#include <string.h>

bool ct_tiles__path_skip(const char **text, const char *literal) {
    const size_t n = strlen(literal);
    if (strncmp(*text, literal, n) != 0) return false;
    *text += n;
    return true;
}

bool ct_tiles__path_number(int64_t *out, const char **text) {
    const char *at = *text;
    int64_t value = 0;
    size_t n = 0;
    for (; n < 18 && at[n] >= '0' && at[n] <= '9'; n++) value = 10 * value + (at[n] - '0');
    if (n == 0 || (at[0] == '0' && n > 1)) return false;
    *text = at + n;
    *out = value;
    return true;
}

bool ct_tiles__path_tile(int64_t out[3], const char **text) {
    const char *at = *text;
    for (int i = 0; i < 3; i++) {
        if (i && !ct_tiles__path_skip(&at, "/")) return false;
        if (!ct_tiles__path_number(&out[i], &at) || out[i] > UINT32_MAX) return false;
    }
    *text = at;
    return true;
}
